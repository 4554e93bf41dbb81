//! A server in a process of its own, for the tests of its end: it serves until it is told to stop by a signal, and its exit
//! code says how that went. Its arguments are an address and the seconds of its drain's patience.

use std::{future::Future, time::Duration};

use axum::Router;
use consumer_runtime::{Server, Settings, listen, prelude::*, shutdown_signal};
use tests::allow_many_files;

#[consumer("/ws/echo/")]
struct Echo {}

#[consumer]
impl Echo {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }
}

/// Never says goodbye.
#[consumer("/ws/stuck/")]
struct Stuck {}

#[consumer]
impl Stuck {
    #[receive(text)]
    async fn receive(&mut self, _: String) {}

    #[disconnect]
    async fn disconnect(&mut self) {
        std::future::pending().await
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(patience)) = (arguments.next(), arguments.next()) else {
        panic!("an address and seconds")
    };
    let patience = Duration::from_secs(patience.parse().expect("seconds"));
    allow_many_files();
    let settings = Settings { max_connections_per_ip: None, ..Settings::default() };
    let app = Router::new().consumer::<Echo>().consumer::<Stuck>().with_settings(settings);
    let listener = listen(&*address).await?;
    // The signals are listened for before anybody knows the address.
    let mut stopped = std::pin::pin!(shutdown_signal());
    std::future::poll_fn(|context| {
        let _ = stopped.as_mut().poll(context);
        std::task::Poll::Ready(())
    })
    .await;
    println!("{}", listener.local_addr()?);
    Server::new(app).drain(Duration::from_millis(500), patience).run(listener, stopped).await
}
