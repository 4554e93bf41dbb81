//! Lines to a NATS server that are cut, refused, stalled, slow or forgotten.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{NatsOptions, prelude::*};
use tests::{
    Client, Line, NatsServer, Proxy, Site, eventually,
    news::{News, Reader, Readers},
    soon,
};

use super::process;

/// Two processes behind one proxy, and a socket on each.
struct World {
    proxy: Proxy,
    channels: [Channels; 2],
    clients: Vec<Client>,
    number: u32,
    _sites: Vec<Site>,
    _server: NatsServer,
}

impl World {
    async fn new(timeout: Duration) -> Self {
        let server = NatsServer::new().await;
        let proxy = Proxy::new(server.port()).await;
        let mut options = NatsOptions::url(format!("nats://127.0.0.1:{}", proxy.port()));
        (options.timeout, options.ping_interval) = (timeout, timeout);
        let channels = [process(&options).await, process(&options).await];
        let (mut sites, mut clients) = (Vec::new(), Vec::new());
        for channels in &channels {
            let site = Site::on(Router::new().consumer::<Reader>(), channels.clone()).await;
            clients.push(site.client("/ws/news/").await);
            sites.push(site);
        }
        Self { proxy, channels, clients, number: 0, _sites: sites, _server: server }
    }

    /// Each process sends, as soon as it can, and the sockets of both hear of it.
    async fn talk(&mut self) {
        for channels in &self.channels {
            self.number += 1;
            let number = self.number;
            soon("it is sent", async { while (Readers {}).send(channels, News { number }).await.is_err() {} }).await;
            for client in &mut self.clients {
                while client.hear().await != number.to_string() {}
            }
        }
    }

    async fn sends_fail(&self) {
        for channels in &self.channels {
            let failed = async { while (Readers {}).send(channels, News { number: 0 }).await.is_ok() {} };
            soon("a send fails", failed).await;
        }
    }

    async fn outages(&self, count: u64) {
        let told = || self.channels.iter().all(|channels| channels.counts().layer_outages == count);
        eventually("both have noticed", told).await;
    }

    /// No socket was closed, and nothing else was missed.
    fn ends_whole(&self, outages: u64) {
        for counts in self.channels.iter().map(Channels::counts) {
            assert_eq!((counts.ended, counts.layer_outages, counts.unreadable), (0, outages, 0), "{counts:?}");
        }
    }
}

const SHORT: Duration = Duration::from_millis(400);

#[tokio::test]
#[ignore = "needs nats-server"]
async fn connections_that_are_cut_come_back_over_nats() {
    let mut world = World::new(SHORT).await;
    for outages in 1..=2 {
        world.talk().await;
        world.proxy.cut().await;
        world.outages(outages).await;
        world.talk().await;
    }
    world.ends_whole(2);
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn connections_that_are_refused_or_dropped_for_a_while_come_back_over_nats() {
    for (outages, line) in [(1, Line::Refusing), (1, Line::Dropping)] {
        let mut world = World::new(SHORT).await;
        world.talk().await;
        world.proxy.set(line).await;
        world.proxy.cut().await;
        world.sends_fail().await;
        world.proxy.set(Line::Whole).await;
        world.outages(outages).await;
        world.talk().await;
        world.ends_whole(outages);
    }
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_line_that_stalls_for_a_moment_costs_nothing_over_nats() {
    let mut world = World::new(Duration::from_secs(10)).await;
    world.talk().await;
    world.proxy.set(Line::Stalled).await;
    let sending = Readers {}.send(&world.channels[0], News { number: 77 });
    let moment = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        world.proxy.set(Line::Whole).await;
    };
    let (sent, ()) = tokio::join!(sending, moment);
    sent.unwrap();
    for client in &mut world.clients {
        assert_eq!(client.hear().await, "77");
    }
    world.talk().await;
    world.ends_whole(0);
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_line_that_stalls_for_long_and_one_that_a_router_has_forgotten_are_replaced_over_nats() {
    let mut world = World::new(SHORT).await;
    world.talk().await;
    world.proxy.set(Line::Stalled).await;
    world.sends_fail().await;
    world.proxy.set(Line::Whole).await;
    world.outages(1).await;
    world.talk().await;
    world.proxy.forget();
    world.outages(2).await;
    world.talk().await;
    world.ends_whole(2);
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_slow_line_is_a_line_over_nats() {
    let mut world = World::new(Duration::from_secs(10)).await;
    world.proxy.set(Line::Slow(Duration::from_millis(100))).await;
    world.talk().await;
    let member = world.channels[0].untyped().new_channel();
    member.group_add("another").await.unwrap();
    world.talk().await;
    world.ends_whole(0);
}
