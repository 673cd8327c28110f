//! Every instruction on the real program file in a real SVM: its happy path, and every error that it can give.

mod abort_session;
mod access;
mod acts;
mod close_session;
mod consumption;
mod deadlines;
mod events;
mod expire_session;
mod forged_accounts;
mod functions;
mod lifecycle_table;
mod measured_units;
mod membership;
mod open_session;
mod pause_clock;
mod reclaim_children;
mod reclaim_session;
mod request_session;
mod sealevel_attacks;
mod update_session;
mod vault;
