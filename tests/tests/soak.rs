//! Many sockets, some that say nothing and some that talk, that leave in every way there is: nothing is left of them.
//!
//! The long form is `cargo run --release -p benches -- soak`.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{Settings, prelude::*};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Client, PATIENCE, Raw, Site, allow_many_files, eventually, frame, soon};

const IDLE: usize = 400;
const ROOMS: usize = 10;
const TALKERS: usize = 10;
const MESSAGES: usize = 20;

#[event("room.said")]
struct Said {
    text: String,
}

#[group("room_{room}", events(Said))]
struct Room {
    room: String,
}

#[consumer("/ws/room/{room}/", group = Room)]
struct Talker {
    room: String,
}

#[consumer]
impl Talker {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.group().send(Said { text }).await
    }

    #[event("room.said")]
    fn said(event: &Said) -> Value {
        json!(event.text)
    }
}

/// Says its part, hears everybody's, and leaves.
async fn talks(site: &Site, room: usize, number: usize, all_there: &tokio::sync::Barrier) {
    let mut client = site.client(&format!("/ws/room/r{room}/")).await;
    all_there.wait().await;
    for message in 0..MESSAGES {
        client.say(format!("{number} {message}")).await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut next = [0; TALKERS];
    for _ in 0..TALKERS * MESSAGES {
        let text = client.hear_json().await;
        let (who, message) = text.as_str().and_then(|text| text.split_once(' ')).expect("a number and a message");
        let next = &mut next[who.parse::<usize>().unwrap()];
        assert_eq!(message, next.to_string(), "of each in order, and nothing is lost");
        *next += 1;
    }
    match number % 3 {
        0 => drop(client.close(1000, "").await),
        1 => client.reset(),
        _ => drop(client),
    }
}

#[tokio::test]
async fn five_hundred_sockets_leave_nothing_behind() {
    allow_many_files();
    let settings = Settings { max_connections_per_ip: None, ..Settings::default() };
    let site = Site::new(Router::new().consumer::<Talker>().with_settings(settings)).await;
    let mut idle = Vec::new();
    for number in 0..IDLE {
        idle.push(Raw::open(site.address, &format!("/ws/room/idle{}/", number % 7)).await);
    }
    let barriers: Vec<_> = (0..ROOMS).map(|_| tokio::sync::Barrier::new(TALKERS)).collect();
    let talkers = (0..ROOMS * TALKERS)
        .map(|number| talks(&site, number / TALKERS, number % TALKERS, &barriers[number / TALKERS]));
    join_all(talkers).await;
    eventually("all talkers are gone", || site.channels.counts().ended as usize == ROOMS * TALKERS).await;
    for (number, mut raw) in idle.into_iter().enumerate() {
        match number % 4 {
            0 => raw.write(&frame(true, 8, &1000u16.to_be_bytes())).await,
            // In the middle of a frame.
            1 => raw.write(&frame(true, 1, b"hello")[..4]).await,
            2 => raw.reset(),
            _ => {}
        }
    }
    site.settled().await;
    let counts = site.channels.counts();
    assert_eq!((counts.accepted as usize, counts.panics), (IDLE + ROOMS * TALKERS, 0));
    for room in (0..ROOMS).map(|room| format!("r{room}")).chain((0..7).map(|room| format!("idle{room}"))) {
        Room { room }.send(&site.channels, Said { text: "to none".into() }).await.unwrap();
    }
    assert_eq!(site.channels.counts().delivered, counts.delivered, "nobody is left in a group");
    // Still served.
    Client::connect(site.address, "/ws/room/r0/").await.close(1000, "").await;
    let drain = site.channels.begin_drain(Duration::ZERO);
    soon("no task is left", drain.wait(PATIENCE)).await.unwrap();
    assert_eq!(drain.left(), 0);
}
