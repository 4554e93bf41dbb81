//! A server that ends by a signal while clients are connected, and another one in its place.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tests::{Attempts, Client, Returning, ServerProcess, allow_many_files, eventually, soon};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_restarting");
const CLIENTS: usize = 500;

async fn start(patience: u32) -> ServerProcess {
    ServerProcess::start(PROGRAM, SocketAddr::from(([127, 0, 0, 1], 0)), patience).await
}

/// One client: connected, sent away by the first server, connected to the second until all is over.
async fn comes_back(
    address: SocketAddr,
    number: usize,
    here: [Arc<AtomicUsize>; 2],
    mut over: watch::Receiver<bool>,
) -> Attempts {
    let (mut attempts, text) = (Attempts::default(), format!("hello from {number}"));
    let mut client = Returning::connect(address, "/ws/echo/", &mut attempts).await;
    assert_eq!(client.echo(&text).await.unwrap(), text);
    here[0].fetch_add(1, SeqCst);
    let end = client.end().await;
    assert_eq!(end.code, 1012, "told, and not cut off");
    sleep(end.hint.expect("told when to come back")).await;
    let mut client = Returning::connect(address, "/ws/echo/", &mut attempts).await;
    assert_eq!(client.echo(&text).await.unwrap(), text);
    here[1].fetch_add(1, SeqCst);
    over.wait_for(|over| *over).await.unwrap();
    client.close().await;
    attempts
}

#[tokio::test]
async fn everybody_comes_back_after_a_restart() {
    allow_many_files();
    let old = start(20).await;
    let address = old.address;
    let here = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
    let (end, over) = watch::channel(false);
    let clients: Vec<_> =
        (0..CLIENTS).map(|number| tokio::spawn(comes_back(address, number, here.clone(), over.clone()))).collect();
    eventually("all are connected", || here[0].load(SeqCst) == CLIENTS).await;
    old.terminate();
    let new = ServerProcess::start(PROGRAM, address, 20).await;
    assert!(old.ended().await.success(), "the drain was not cut short");
    eventually("all are back", || here[1].load(SeqCst) == CLIENTS).await;
    end.send(true).unwrap();
    for client in clients {
        soon("a client is done", client).await.unwrap();
    }
    new.terminate();
    assert!(new.ended().await.success());
}

#[tokio::test]
async fn a_second_signal_ends_the_process_at_once_and_not_well() {
    let server = start(3600).await;
    let mut client = Client::connect(server.address, "/ws/stuck/").await;
    server.terminate();
    assert_eq!(client.hear_close().await.0, 1012, "the first one drains");
    server.terminate();
    let status = server.ended().await;
    assert_eq!(status.code(), Some(1), "an error of `main`, not the signal itself: {status}");
}

#[tokio::test]
async fn a_drain_that_was_cut_short_is_seen_in_the_exit_code() {
    let (began, server) = (Instant::now(), start(1).await);
    let mut client = Client::connect(server.address, "/ws/stuck/").await;
    server.terminate();
    assert_eq!(client.hear_close().await.0, 1012);
    assert_eq!(server.ended().await.code(), Some(1));
    assert!(began.elapsed() >= Duration::from_secs(1), "it was patient");
}
