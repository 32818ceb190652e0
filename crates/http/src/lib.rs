//! The zone's service over HTTP: what `/openapi.json` describes. Solving is [`tiaoji_core::solve`], reading, writing and
//! messages are [`tiaoji_formats`]; here stand the conventions of the wire and the limits that keep the service up.

pub mod app;
pub mod args;
mod body;
mod docs;
mod guard;
mod health;
mod language;
mod matching;
mod observe;
mod openapi;
mod parameters;
mod problem;
mod random;
pub mod routes;
pub mod serve;
mod solving;
