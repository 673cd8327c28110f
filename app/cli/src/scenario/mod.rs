//! The scenario engine: from a file's text to what happened.
//!
//! | module | job |
//! |---|---|
//! | [`document`] | YAML as a tree of nodes that know their lines |
//! | [`values`], [`names`] | what a value's text means; the nearest of the valid names |
//! | [`fields`] | reading mappings, noting every problem with its line |
//! | [`amounts`], [`programs`] | SOL and tokens in their units; programs by their names |
//! | [`arena`] | a game that uses a session |
//! | [`config`] | what a session is asked to be, with its defaults |
//! | [`act`] | an instruction with its arguments, and how it comes about |
//! | [`instructions`] | THE table of instructions |
//! | [`checks`], [`found`] | what a check compares, and how values are written |
//! | [`expect`] | the errors that can be expected |
//! | [`actors`] | key pairs from names |
//! | [`ahead`] | what all steps together name, before they are read one by one |
//! | [`plan`] | everything resolved and built, or every problem at once |
//! | [`mod@run`], [`transaction`] | a plan on a ledger, step by step; one transaction and what each of its steps did |
//! | [`record`], [`why`] | what happened, for the reports; why something did not |

pub mod act;
pub mod actors;
pub mod ahead;
pub mod amounts;
pub mod arena;
pub mod checks;
pub mod config;
pub mod document;
pub mod expect;
pub mod fields;
pub mod found;
pub mod instructions;
pub mod names;
pub mod plan;
pub mod programs;
pub mod record;
pub mod run;
pub mod transaction;
pub mod values;
pub mod why;

pub use {
    plan::Plan,
    record::{Record, Summary},
    run::{embedded, run},
};
