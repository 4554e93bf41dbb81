//! What every fault happens to: a server, two processes of ours with sockets, and one of Django's.

use std::{collections::BTreeSet, time::Duration};

use consumer_runtime::{Counts, RedisOptions, prelude::*};
use serde_json::{Value, json};
use tests::{
    Client, Process, Proxy, RedisServer, Site, Wire, allow_many_files, django_config, eventually,
    news::{News, Readers, app},
    python::{Django, pythons},
    soon,
};

/// What differs from one test to the other.
#[derive(Debug)]
pub(super) struct Plan {
    /// How many sockets of readers each process has.
    pub(super) readers: usize,
    /// Whether our processes go to the server itself, not through the proxy, as Django's always does.
    pub(super) direct: bool,
    /// `RedisOptions::timeout`; long, so that a busy machine is not taken for a fault.
    pub(super) timeout: Duration,
    /// User and password of our processes, with the `@`.
    pub(super) user: &'static str,
    /// Whether Django's process, and the test, have a user of their own, who is always let in.
    pub(super) admin: bool,
    /// More arguments of the server.
    pub(super) arguments: Vec<String>,
    /// Said to the server before anybody connects.
    pub(super) before: &'static [&'static str],
}

/// A timeout to wait for.
pub(super) const SHORT: Duration = Duration::from_millis(500);

impl Default for Plan {
    fn default() -> Self {
        Self {
            readers: 5,
            direct: false,
            timeout: Duration::from_secs(5),
            user: "",
            admin: false,
            arguments: Vec::new(),
            before: &[],
        }
    }
}

pub(super) struct Rig {
    pub(super) wire: Wire,
    pub(super) server: RedisServer,
    /// Between our processes and the server.
    pub(super) proxy: Proxy,
    /// A process of ours: this one.
    pub(super) here: Channels,
    /// Another one.
    pub(super) there: Process,
    /// Of both.
    pub(super) readers: Vec<Client>,
    deaf: Vec<Client>,
    pub(super) django: Django,
    number: u32,
    outages: u64,
    _site: Site,
}

/// What one socket was sent.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) numbers: BTreeSet<u32>,
    pub(super) restored: usize,
}

impl Rig {
    pub(super) async fn new(wire: Wire) -> Self {
        Self::with(wire, Plan::default()).await
    }

    /// Everybody is connected, and has heard from everybody.
    pub(super) async fn with(wire: Wire, plan: Plan) -> Self {
        allow_many_files();
        let arguments: Vec<_> = plan.arguments.iter().map(String::as_str).collect();
        let mut server = RedisServer::with(&arguments).await;
        for line in plan.before {
            assert_eq!(server.say(line).await, "+OK", "{line}");
        }
        if plan.admin {
            server.add_admin().await;
        }
        let proxy = Proxy::new(server.port()).await;
        let port = if plan.direct { server.port() } else { proxy.port() };
        let mut options = RedisOptions::url(format!("redis://{}127.0.0.1:{port}", plan.user));
        options.timeout = plan.timeout;
        // What is lost here is lost by faults, not since a queue was full.
        options.capacity = 1_000;
        let (here, there) =
            (wire.channels(&options).await, Process::new(env!("CARGO_BIN_EXE_process"), wire, &options).await);
        let site = Site::on(app(), here.clone()).await;
        let mut readers = Vec::new();
        for _ in 0..plan.readers {
            readers.push(site.client("/ws/news/").await);
            readers.push(there.client("/ws/news/").await);
        }
        let deaf = vec![site.client("/ws/deaf/").await, there.client("/ws/deaf/").await];
        let config = django_config(&RedisOptions::url(server.url()));
        let mut django = Django::new(&pythons()[0], wire.django(), config).await;
        django.call("group_add", json!(["readers", "<own>"])).await;
        let mut rig =
            Self { wire, server, proxy, here, there, readers, deaf, django, number: 0, outages: 0, _site: site };
        rig.everybody_hears_everybody().await;
        rig
    }

    /// The number of the next piece of news.
    pub(super) fn next(&mut self) -> u32 {
        self.number += 1;
        self.number
    }

    /// Sends from this process, once.
    pub(super) async fn send(&self, number: u32) -> Result<(), String> {
        let sent = soon("it is sent, or not", Readers {}.send(&self.here, News { number }).into_future()).await;
        sent.map_err(|error| error.to_string())
    }

    /// Sends from Django's process, once.
    pub(super) async fn send_by_django(&mut self, number: u32) -> Result<(), String> {
        self.django.try_call("group_send", json!(["readers", {"type": "news", "number": number}])).await
    }

    /// The server knows of all three processes; Django's may come back later than ours.
    pub(super) async fn everybody_is_there(&self) {
        if self.wire == Wire::Published {
            let there = async {
                while self.server.number("PUBSUB NUMSUB asgi__group__readers").await < 3 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            soon("all three listen", there).await;
        }
    }

    /// Each process sends at its first try, and each socket and Django hear each, and nothing else.
    pub(super) async fn everybody_hears_everybody(&mut self) {
        let numbers = [self.next(), self.next(), self.next()];
        self.send(numbers[0]).await.expect("this process sends");
        self.there.send(numbers[1]).await.expect("the other process sends");
        self.send_by_django(numbers[2]).await.expect("Django's process sends");
        for number in numbers {
            self.sockets_hear(number).await;
            self.django_hears(number).await;
        }
    }

    pub(super) async fn django_hears(&mut self, number: u32) {
        assert_eq!(self.django.hear().await, json!({"type": "news", "number": number}));
    }

    /// What every socket hears next.
    pub(super) async fn sockets_hear(&mut self, number: u32) {
        for client in &mut self.readers {
            assert_eq!(client.hear().await, number.to_string());
        }
        self.deaf_hear(number).await;
    }

    /// What those hear next who do not want to know of outages.
    pub(super) async fn deaf_hear(&mut self, number: u32) {
        for client in &mut self.deaf {
            assert_eq!(client.hear().await, number.to_string());
        }
    }

    /// What each socket has heard when it hears this number, that of the deaf at the end.
    pub(super) async fn heard_up_to(&mut self, number: u32) -> Vec<Heard> {
        let mut all = Vec::new();
        for client in self.readers.iter_mut().chain(&mut self.deaf) {
            let mut heard = Heard::default();
            while !heard.numbers.contains(&number) {
                match client.hear().await.as_str() {
                    "restored" => heard.restored += 1,
                    text => drop(heard.numbers.insert(text.parse().expect("a number"))),
                }
            }
            all.push(heard);
        }
        all
    }

    /// Both processes have noticed one more outage, and each reader is told of it next; the deaf are not.
    pub(super) async fn restored(&mut self) {
        self.others_restored(0).await;
    }

    /// The same, where so many readers have heard it before.
    pub(super) async fn others_restored(&mut self, except: usize) {
        for client in &mut self.readers[except..] {
            assert_eq!(client.hear().await, "restored");
        }
        self.counted_outages().await;
    }

    /// Both processes have counted one more outage.
    pub(super) async fn counted_outages(&mut self) {
        self.outages += 1;
        let wanted = self.outages;
        eventually("this process notices it", || self.here.counts().layer_outages >= wanted).await;
        let noticed = async {
            while self.there.count("layer_outages").await < wanted {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        soon("the other process notices it", noticed).await;
        self.no_other_outage().await;
    }

    pub(super) async fn no_other_outage(&mut self) {
        let outages = (self.here.counts().layer_outages, self.there.count("layer_outages").await);
        assert_eq!(outages, (self.outages, self.outages));
    }

    /// No socket was closed, nobody has got what it cannot read, and all is as before.
    pub(super) async fn ends_whole(mut self) {
        self.everybody_is_there().await;
        self.everybody_hears_everybody().await;
        self.no_other_outage().await;
        for client in self.readers.iter_mut().chain(&mut self.deaf) {
            client.ping().await;
        }
        let Counts { accepted, ended, unreadable, channel_full, .. } = self.here.counts();
        assert_eq!((accepted, ended, unreadable, channel_full), (self.readers.len() as u64 / 2 + 1, 0, 0, 0));
        for count in ["ended", "unreadable", "channel_full"] {
            assert_eq!(self.there.count(count).await, 0, "{count}");
        }
    }

    /// The same where Django's own connection was never touched.
    pub(super) async fn ends_whole_and_django_untouched(mut self) {
        assert_eq!(self.django.failures().await, 0);
        self.ends_whole().await;
    }

    /// Tells one reader where to go, and gives what becomes of it.
    pub(super) async fn tell(&mut self, reader: usize, order: &str) -> String {
        self.readers[reader].say(order).await;
        self.readers[reader].hear().await
    }
}

/// Whatever Django hears next, until it is this.
pub(super) async fn django_hears_in_the_end(django: &mut Django, wanted: &Value) {
    while django.hear().await != *wanted {}
}
