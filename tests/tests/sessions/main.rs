//! Whose a connection is, for how long, and who else may end it.

mod closing;
mod cookies;
mod django;
mod lifetime;
mod tickets;
mod tokens;
mod users;
