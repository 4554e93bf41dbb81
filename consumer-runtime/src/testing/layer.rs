//! What every [`ChannelLayer`](crate::ChannelLayer) has to do, as tests that a layer of one's own can run.
//!
//! Say how a process comes to channels on the layer ([`LayerUnderTest`]), and [`layer_tests!`](crate::layer_tests) makes a
//! test of each rule. The rules are those of the ASGI channel layer specification (delivery at most once, in order, names,
//! capacity, expiry, groups, flush) and of this crate's trait: who is told to be a member is one, who has left hears nothing
//! more, and a server that goes away costs no membership.
//!
//! ```
//! use std::time::Duration;
//!
//! use consumer_runtime::{
//!     Channels, ChannelsBuilder, MemoryLayer,
//!     testing::layer::{LayerUnderTest, StoringLayer},
//! };
//!
//! struct Memory(MemoryLayer);
//!
//! impl LayerUnderTest for Memory {
//!     async fn new() -> Self {
//!         Self(MemoryLayer::with(1000, Duration::from_secs(1), []))
//!     }
//!
//!     async fn process(&self, channels: ChannelsBuilder) -> Channels {
//!         channels.layer(self.0.clone()).build()
//!     }
//! }
//!
//! impl StoringLayer for Memory {
//!     fn capacity(&self) -> usize {
//!         1000
//!     }
//!
//!     fn expiry(&self) -> Duration {
//!         Duration::from_secs(1)
//!     }
//! }
//!
//! consumer_runtime::layer_tests! {
//!     mod memory = Memory: one_receives, ordered, stores;
//! }
//! # fn main() {}
//! ```

mod direct;
mod general;
mod groups;
mod limits;
mod messages;
mod names;
mod order;
mod outages;

use std::{fmt::Debug, future::Future, time::Duration};

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    channels::{Channels, ChannelsBuilder, ReceivingChannel},
    error::Result,
    message::Message,
};

#[doc(hidden)]
pub use {
    direct::{a_channel_that_is_gone_harms_nobody, a_direct_send_reaches_its_channel_alone},
    general::{
        general_channels_give_each_message_to_one_receiver, general_channels_keep_the_order_of_a_sender,
        general_channels_keep_what_receivers_give_up, general_channels_keep_what_waits_and_flush_drops_it,
        general_channels_reach_who_receives,
    },
    groups::{
        a_group_reaches_each_member_of_each_process_once, a_process_that_ends_leaves_the_others_in_peace,
        many_groups_do_not_mix, members_join_and_leave_while_others_send, who_has_left_hears_nothing_more,
        who_is_left_out_hears_nothing,
    },
    limits::{
        a_full_channel_loses_the_newest_and_counts_it, a_message_expires, a_queue_that_is_full_refuses_its_sender,
    },
    messages::{
        large_messages_arrive_whole, messages_arrive_as_they_were_sent, who_waits_for_an_answer_is_told_to_members,
    },
    names::{every_allowed_name_works, names_that_are_alike_do_not_mix},
    order::{direct_sends_stay_in_order, group_sends_stay_in_order},
    outages::{a_server_that_comes_back_finds_its_members, sends_and_joins_fail_while_the_server_is_away},
};

/// How long anything may take that has to happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A channel layer, as the tests need it: one value is one world, with nothing in it.
pub trait LayerUnderTest: Sized {
    /// A world of its own: its own server, or a prefix that nobody else has.
    fn new() -> impl Future<Output = Self>;

    /// The channels of one more process of this world, built of what it is given and the layer.
    ///
    /// The layer's own capacity must be at least 1 000; that of the channels is set by the test.
    fn process(&self, channels: ChannelsBuilder) -> impl Future<Output = Channels>;
}

/// A layer whose general channels keep messages until somebody receives: what it promises under `stores`.
pub trait StoringLayer: LayerUnderTest {
    /// How many messages a general channel holds; a send beyond that is refused. 10 000 at most.
    fn capacity(&self) -> usize;

    /// How long they wait for a receiver, 5 seconds at most. When one that is too old is dropped is up to the layer, as long as
    /// it makes room for a new one a second later.
    fn expiry(&self) -> Duration;
}

/// A layer with servers that can go away: what it promises under `servers`.
pub trait LayerOnServers: LayerUnderTest {
    /// How many servers go away together, each of which is told by a process that misses it.
    fn servers(&self) -> usize;

    /// Takes the servers away, as a crash would; all of them.
    fn take_away(&mut self) -> impl Future<Output = ()>;

    /// Brings the servers back, with or without what was in them.
    fn bring_back(&mut self) -> impl Future<Output = ()>;
}

/// The rules of one kind, behind whatever stands before them in a call of another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __layer_rules {
    (every_layer [$($callback:tt)+] $($before:tt)*) => {
        $($callback)+! { $($before)*
            names_that_are_alike_do_not_mix
            every_allowed_name_works
            messages_arrive_as_they_were_sent
            large_messages_arrive_whole
            who_waits_for_an_answer_is_told_to_members
            a_group_reaches_each_member_of_each_process_once
            who_has_left_hears_nothing_more
            who_is_left_out_hears_nothing
            many_groups_do_not_mix
            members_join_and_leave_while_others_send
            a_process_that_ends_leaves_the_others_in_peace
            a_direct_send_reaches_its_channel_alone
            a_channel_that_is_gone_harms_nobody
            group_sends_stay_in_order
            direct_sends_stay_in_order
            a_full_channel_loses_the_newest_and_counts_it
            a_message_expires
            general_channels_reach_who_receives
        }
    };
    (one_receives [$($callback:tt)+] $($before:tt)*) => {
        $($callback)+! { $($before)* general_channels_give_each_message_to_one_receiver }
    };
    (ordered [$($callback:tt)+] $($before:tt)*) => {
        $($callback)+! { $($before)* general_channels_keep_the_order_of_a_sender }
    };
    (stores [$($callback:tt)+] $($before:tt)*) => {
        $($callback)+! { $($before)*
            a_queue_that_is_full_refuses_its_sender
            general_channels_keep_what_receivers_give_up
            general_channels_keep_what_waits_and_flush_drops_it
        }
    };
    (servers [$($callback:tt)+] $($before:tt)*) => {
        $($callback)+! { $($before)*
            sends_and_joins_fail_while_the_server_is_away
            a_server_that_comes_back_finds_its_members
        }
    };
}

/// Makes a test of each rule of channel layers, in a module of the given name; see [`testing::layer`](crate::testing::layer).
///
/// Behind the type stands what it promises beyond what every layer does: `one_receives` (of several receivers of a general
/// channel one gets each message), `ordered` (the only receiver of one gets a sender's messages in their order), `stores` ([`StoringLayer`](crate::testing::layer::StoringLayer)), and `servers`
/// ([`LayerOnServers`](crate::testing::layer::LayerOnServers)).
///
/// Attributes of the module go to each test, as in `#[ignore = "needs redis-server"] mod redis = Redis: servers;`.
#[macro_export]
macro_rules! layer_tests {
    ($(#[$attribute:meta])* mod $name:ident = $layer:ty $(: $($kind:ident),+)?;) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $crate::layer_tests! { @kinds [$(#[$attribute])*] [$layer] every_layer $($($kind)+)? }
        }
    };
    (@kinds $attributes:tt $layer:tt $($kind:ident)+) => {
        $($crate::__layer_rules! { $kind [$crate::layer_tests] @rules $attributes $layer })+
    };
    (@rules $attributes:tt $layer:tt $($rule:ident)+) => {
        $($crate::layer_tests! { @one $attributes $layer $rule })+
    };
    (@one [$(#[$attribute:meta])*] [$layer:ty] $rule:ident) => {
        #[test]
        $(#[$attribute])*
        fn $rule() {
            $crate::testing::layer::run::<$layer>(async |layer| {
                $crate::testing::layer::$rule(layer).await;
            });
        }
    };
}

/// Runs the rules of every layer on one value, for worlds that are dear to make; `next` makes a new world of it after each.
pub async fn every_rule<L: LayerUnderTest>(layer: &mut L, mut next: impl FnMut(&mut L)) {
    macro_rules! all {
        ($($rule:ident)+) => { $( $rule(layer).await; next(layer); )+ };
    }
    crate::__layer_rules! { every_layer [all] }
}

/// Runs one rule in a runtime of its own.
#[doc(hidden)]
pub fn run<L: LayerUnderTest>(rule: impl AsyncFnOnce(&mut L)) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut layer = L::new().await;
        rule(&mut layer).await;
    });
}

/// Channels that hold as much as a test sends.
async fn process<L: LayerUnderTest>(layer: &L) -> Channels {
    layer.process(Channels::builder().capacity(10_000)).await
}

/// A new member of a group.
async fn member(channels: &Channels, group: &str) -> ReceivingChannel {
    let member = channels.untyped().new_channel();
    member.group_add(group).await.expect("a layer that is there lets join");
    member
}

/// Waits for what must happen.
async fn soon<F: Future>(what: impl Debug, future: F) -> F::Output {
    match timeout(PATIENCE, future).await {
        Ok(output) => output,
        Err(_) => panic!("not within {PATIENCE:?}: {what:?}"),
    }
}

/// Waits for a condition that somebody else fulfils.
async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    soon(what, async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// A message that is told from others by a number.
fn numbered(number: usize) -> Value {
    json!({"type": "test.message", "number": number})
}

/// The number of the next message.
async fn next_number(member: &mut ReceivingChannel) -> usize {
    number(&soon("a message", member.receive()).await)
}

fn number(message: &Message) -> usize {
    let value = message.to_value().expect("what arrived can be read");
    let number = value["number"].as_u64().unwrap_or_else(|| panic!("not a message of this test: {value}"));
    usize::try_from(number).expect("small")
}

/// Sends, and is told that it is sent.
async fn sent<F: Future<Output = Result>>(what: &str, sending: F) {
    if let Err(error) = soon(what, sending).await {
        panic!("{what}: {error}");
    }
}
