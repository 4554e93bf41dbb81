//! Whose a connection is, for how long, and who else may end it.

mod closing;
mod lifetime;
mod users;
