//! A listener whose backlog has room for a storm.

use std::{io, net::SocketAddr};

use tokio::net::{TcpListener, TcpSocket, ToSocketAddrs, lookup_host};

/// How many connections the kernel may keep that nobody has accepted yet; Linux takes as many as `net.core.somaxconn` at
/// most, which is 4 096 unless it was changed.
///
/// A client that finds it full tries again after a whole second, so a storm after a restart should fit in.
const BACKLOG: u32 = 16_384;

/// Listens on the first of these addresses that can be had, as [`serve`](crate::serve()) does.
///
/// As [`TcpListener::bind`], with a backlog as large as the system allows instead of 1 024: thousands of clients that
/// connect at once after a restart wait there, instead of trying again after a second.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let listener = consumer_runtime::listen("127.0.0.1:0").await?;
/// assert_ne!(listener.local_addr()?.port(), 0);
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
///
/// # Errors
/// When none of the addresses can be listened on, or there is none of this name; it is that of the last one.
pub async fn listen(address: impl ToSocketAddrs) -> io::Result<TcpListener> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "this name has no address to listen on");
    for address in lookup_host(address).await? {
        match listen_on(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn listen_on(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A new process takes the port over while connections of the old one are still closing; elsewhere than on Unix the
    // option would let two processes listen at once.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
