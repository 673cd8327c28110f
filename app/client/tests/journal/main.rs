//! The journal keeps what it was told to keep, whenever it is killed.

mod disk;
mod kill;
mod open;
mod story;
