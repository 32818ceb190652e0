//! The zone's service over HTTP: what `/openapi.json` describes. Solving is [`tiaoji_core::solve`], reading, writing and
//! messages are [`tiaoji_formats`]; here stand the conventions of the wire and the limits that keep the service up.

pub mod app;
pub mod args;
mod body;
mod change;
pub mod config;
pub mod demo;
mod docs;
mod events;
mod fields;
mod guard;
mod health;
mod imports;
mod language;
mod lists;
mod matching;
mod observe;
mod openapi;
mod options;
mod parameters;
mod people;
mod plans;
pub mod practice;
mod problem;
pub mod proof;
mod random;
mod register;
pub mod routes;
pub mod runs;
pub mod secrets;
pub mod serve;
mod session;
mod solving;
mod throttle;
mod trail;
mod web;
mod who;
mod zone;

pub use register::follow_ups::watch as watch_follow_ups;
pub use zone::document::zone as zone_document;
