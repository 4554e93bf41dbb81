//! Servers and connections that fail, each with two processes of ours that serve sockets, and one of Django's.

mod cuts;
mod fetches;
mod kills;
mod losses;
mod refusals;
mod rig;
mod slow;
mod unreadable;
