//! One more process with sockets, for the tests of layers: does what it is told on stdin, and tells on stdout what came of
//! it; JSON, line by line. Its arguments are a wire and the options of its layer.

use consumer_runtime::{Channels, RedisOptions, Server, prelude::*};
use serde_json::{Value, json};
use tests::{
    Wire, allow_many_files,
    news::{News, Readers, app},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(wire), Some(options)) = (arguments.next(), arguments.next()) else { panic!("a wire and options") };
    let wire = Wire::of_word(&wire).expect("a wire");
    let options: RedisOptions = serde_json::from_str(&options).expect("options");
    allow_many_files();
    let channels = wire.channels(&options).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!("{}", json!({ "address": listener.local_addr().expect("an address") }));
    let server = Server::new(app()).channels(channels.clone());
    tokio::spawn(server.run(listener, std::future::pending()));
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    // Whoever started it has ended when there is no more.
    while let Some(line) = lines.next_line().await.expect("a pipe") {
        let told: Value = serde_json::from_str(&line).expect("JSON");
        println!("{}", json!({ "done": answer(&channels, &told).await }));
    }
}

async fn answer(channels: &Channels, told: &Value) -> Value {
    if let Some(number) = told["send"].as_u64() {
        let sent = Readers {}.send(channels, News { number: u32::try_from(number).expect("a number") }).await;
        return sent.map_or_else(|error| json!({ "failed": error.to_string() }), |()| json!({}));
    }
    json!({ "counts": channels.counts() })
}
