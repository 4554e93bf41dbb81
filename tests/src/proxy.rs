//! A line to a server that can be disturbed.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep_until},
};

use crate::soon;

/// What becomes of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// All is passed on at once.
    Whole,
    /// All is passed on, so much later in each direction.
    Slow(Duration),
    /// Nothing is passed on before that changes; nothing is lost.
    Stalled,
    /// New connections are accepted, and closed at once.
    Dropping,
    /// New connections are refused.
    Refusing,
}

/// A TCP proxy before a server of this machine; it ends with the test.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    running: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    target: u16,
    line: watch::Sender<Line>,
    /// Raised to close every connection that is open.
    cut: watch::Sender<u64>,
    /// The numbers of those that are.
    open: watch::Sender<BTreeSet<u64>>,
    /// Connections with a lower number pass nothing on any more, as when a router has forgotten them.
    dead_below: watch::Sender<u64>,
    /// How many were accepted.
    accepted: AtomicU64,
    /// Whether nothing listens just now.
    refusing: watch::Sender<bool>,
    /// A reply that holds these bytes is cut off in the middle of them, once.
    cut_within: Mutex<Option<Vec<u8>>>,
}

impl Proxy {
    /// One before the server on `port`.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn new(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            target: port,
            line: watch::Sender::new(Line::Whole),
            cut: watch::Sender::new(0),
            open: watch::Sender::default(),
            dead_below: watch::Sender::new(0),
            accepted: AtomicU64::new(0),
            refusing: watch::Sender::new(false),
            cut_within: Mutex::new(None),
        });
        let running = tokio::spawn(run(listener, address, Arc::clone(&shared)));
        Self { address, shared, running }
    }

    /// Where it is.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections it has accepted.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.shared.accepted.load(Ordering::Relaxed)
    }

    /// Says what becomes of connections from now on.
    pub async fn set(&self, line: Line) {
        self.shared.line.send_replace(line);
        let mut refusing = self.shared.refusing.subscribe();
        let told = refusing.wait_for(|refusing| *refusing == (line == Line::Refusing));
        soon("the proxy does as it is told", told).await.expect("it runs");
    }

    /// Closes every connection that is open, and waits until they are closed.
    ///
    /// # Panics
    /// When they are not in time.
    pub async fn cut(&self) {
        let below = self.accepted();
        self.shared.cut.send_modify(|cut| *cut += 1);
        let mut open = self.shared.open.subscribe();
        let closed = open.wait_for(|open| open.iter().all(|number| *number >= below));
        soon("the proxy closes connections", closed).await.expect("it runs");
    }

    /// Passes nothing on over the connections that are open, ever; new ones are whole.
    pub fn forget(&self) {
        self.shared.dead_below.send_replace(self.accepted());
    }

    /// Closes the connection whose next reply holds `bytes`, after it has passed on half of them.
    pub fn cut_within(&self, bytes: &str) {
        *self.shared.cut_within.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes.into());
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.running.abort();
        self.shared.cut.send_modify(|cut| *cut += 1);
    }
}

async fn run(listener: TcpListener, address: SocketAddr, shared: Arc<Shared>) {
    let mut line = shared.line.subscribe();
    let mut listener = Some(listener);
    loop {
        let refusing = *line.borrow_and_update() == Line::Refusing;
        if refusing {
            listener = None;
        } else if listener.is_none() {
            listener = Some(again(address).await);
        }
        shared.refusing.send_replace(refusing);
        let Some(open) = &listener else {
            if line.changed().await.is_err() {
                return;
            }
            continue;
        };
        tokio::select! {
            accepted = open.accept() => {
                let Ok((client, _)) = accepted else { continue };
                let number = shared.accepted.fetch_add(1, Ordering::Relaxed);
                if *line.borrow() != Line::Dropping {
                    shared.open.send_modify(|open| open.extend([number]));
                    let (shared, cut) = (Arc::clone(&shared), shared.cut.subscribe());
                    tokio::spawn(async move {
                        serve(client, number, &shared, cut).await;
                        shared.open.send_modify(|open| open.retain(|other| *other != number));
                    });
                }
            }
            changed = line.changed() => if changed.is_err() { return },
        }
    }
}

/// The same place again; somebody else may have it for a moment.
async fn again(address: SocketAddr) -> TcpListener {
    let bound = async {
        loop {
            match TcpListener::bind(address).await {
                Ok(listener) => return listener,
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        }
    };
    soon("the proxy's port is free again", bound).await
}

async fn serve(client: TcpStream, number: u64, shared: &Shared, mut cut: watch::Receiver<u64>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", shared.target)).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = pass(from_client, to_server, number, shared, false) => {}
        () = pass(from_server, to_client, number, shared, true) => {}
        _ = cut.changed() => {}
    }
}

/// Passes on what comes, in one direction, until it ends.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, number: u64, shared: &Shared, replies: bool) {
    // Read ahead, so that what is late is late by no more than it should be.
    let (read, mut waiting) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let reading = async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(len @ 1..) = from.read(&mut buffer).await {
            if read.send((Instant::now(), buffer[..len].to_vec())).is_err() {
                return;
            }
        }
    };
    let writing = async {
        let (mut line, mut dead_below) = (shared.line.subscribe(), shared.dead_below.subscribe());
        while let Some((came, bytes)) = waiting.recv().await {
            if let Ok(Line::Slow(by)) = line.wait_for(|line| *line != Line::Stalled).await.map(|line| *line) {
                sleep_until(came + by).await;
            }
            if *dead_below.borrow_and_update() > number {
                std::future::pending::<()>().await;
            }
            if replies && let Some(at) = shared.to_cut(&bytes) {
                let _ = to.write_all(&bytes[..at]).await;
                return;
            }
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = writing => {}
        // What was read is written, even if nothing comes any more.
        () = async {
            reading.await;
            std::future::pending().await
        } => {}
    }
}

impl Shared {
    /// Where these bytes are to be cut off.
    fn to_cut(&self, bytes: &[u8]) -> Option<usize> {
        let mut within = self.cut_within.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = within.as_ref()?;
        let at = bytes.windows(wanted.len()).position(|some| some == wanted)? + wanted.len() / 2;
        *within = None;
        Some(at)
    }
}
