//! The load client: one thread, edge-triggered epoll, frames parsed by hand, one `recv` a readable socket.

mod act;
mod crowd;
mod echo;
mod fanout;
mod frame;
mod handshake;
mod idle;
mod join;
mod meter;
mod process;
mod sips;
mod slow;
mod socket;
mod speech;
mod storm;

pub(crate) use act::{Load, play};
pub(crate) use frame::{Frame, Frames, Kind, write_frame};
pub(crate) use handshake::{Response, request, response};
pub(crate) use meter::{cpu_of, machine_cpu};
pub(crate) use process::Process;
pub(crate) use speech::Speech;
