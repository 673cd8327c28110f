//! The game against the committed program files, in a real SVM.

mod boards;
mod moves;
mod readme;
mod support;
mod vault;
