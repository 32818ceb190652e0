//! What `tiaoji-flow` promises, checked through its public door.

mod convex;
mod degenerate;
mod fixtures;
mod generate;
mod house;
mod limits;
mod random;
mod reference;
mod text;
mod warm;
