//! The floor under every server: one thread, epoll, one `send` of a ready frame to each member, and nothing else. No
//! runtime, no JSON, no queues but for what a socket does not take.
//!
//! With `joined` as second argument, the frames found in one read leave in one `send` to each member.

use std::{collections::HashMap, io};

use mio::{Events, Interest, Poll, Token, net::TcpListener};

use crate::connection::{Connection, Input};

#[path = "floor/connection.rs"]
mod connection;

const LISTENER: Token = Token(usize::MAX);

/// All connections, and who is in which room.
struct Floor {
    connections: Vec<Connection>,
    rooms: HashMap<String, Vec<usize>>,
    joined: bool,
}

fn main() -> io::Result<()> {
    let joined = std::env::args().nth(2).is_some_and(|argument| argument == "joined");
    let address = rivals::address().parse().map_err(io::Error::other)?;
    let (mut poll, mut events) = (Poll::new()?, Events::with_capacity(1024));
    let mut listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut floor = Floor { connections: Vec::new(), rooms: HashMap::new(), joined };
    let mut buffer = vec![0; 64 * 1024];
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                floor.accept(&listener, &poll)?;
                continue;
            }
            let Token(number) = event.token();
            if event.is_writable() {
                floor.connections[number].flush();
            }
            if event.is_readable() {
                floor.read(number, &mut buffer);
            }
        }
    }
}

impl Floor {
    fn accept(&mut self, listener: &TcpListener, poll: &Poll) -> io::Result<()> {
        loop {
            let mut stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                // The client of a connection that failed meanwhile shows it itself.
                Err(_) => continue,
            };
            stream.set_nodelay(true)?;
            let token = Token(self.connections.len());
            poll.registry().register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
            self.connections.push(Connection::new(stream));
        }
    }

    fn read(&mut self, number: usize, buffer: &mut [u8]) {
        let mut frames = Vec::new();
        match self.connections[number].read(buffer, &mut frames) {
            Input::Frames => self.send(number, &frames),
            Input::Joined(room) => self.rooms.entry(room).or_default().push(number),
            Input::Ended => self.leave(number),
        }
    }

    /// Sends frames to the room of who sent them, or back when it is in none.
    fn send(&mut self, number: usize, frames: &[Vec<u8>]) {
        let joined = self.joined.then(|| frames.concat());
        let frames: Vec<&[u8]> = match &joined {
            Some(joined) => vec![joined],
            None => frames.iter().map(Vec::as_slice).collect(),
        };
        let room = self.connections[number].room.as_ref().and_then(|room| self.rooms.get(room));
        for frame in frames {
            match room {
                Some(members) => members.iter().for_each(|&member| self.connections[member].write(frame)),
                None => self.connections[number].write(frame),
            }
        }
    }

    fn leave(&mut self, number: usize) {
        if let Some(members) = self.connections[number].room.take().and_then(|room| self.rooms.get_mut(&room)) {
            members.retain(|&member| member != number);
        }
    }
}
