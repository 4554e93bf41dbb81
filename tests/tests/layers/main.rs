//! Channel layers over real servers: several processes' channels in one test.

/// Each test on one wire, in a module of the wire's name; what it needs says which tests `tests/run` leaves out.
macro_rules! on_wire {
    ($module:ident, $wire:ident, $needs:literal, $($test:ident),+) => {
        mod $module {
            $(
                #[tokio::test]
                #[ignore = $needs]
                async fn $test() {
                    super::$test(tests::Wire::$wire).await;
                }
            )+
        }
    };
}

/// Each test on every wire: `a_test` runs as `published_over_redis::a_test` and so on.
macro_rules! on_every_wire {
    ($($test:ident),+ $(,)?) => {
        on_redis!($($test),+);
    };
}

/// Each test on every wire, beside a process of Django's where it speaks that wire.
macro_rules! on_every_wire_with_django {
    ($($test:ident),+ $(,)?) => {
        on_redis_with_django!($($test),+);
    };
}

/// Each test on both wires of Redis.
macro_rules! on_redis {
    ($($test:ident),+ $(,)?) => {
        on_wire!(published_over_redis, Published, "needs redis-server", $($test),+);
        on_wire!(stored_over_redis, Stored, "needs redis-server", $($test),+);
    };
}

/// Each test on both wires of Redis, beside a process of Django's.
macro_rules! on_redis_with_django {
    ($($test:ident),+ $(,)?) => {
        on_wire!(published_with_django, Published, "needs channels_redis", $($test),+);
        on_wire!(stored_with_django, Stored, "needs channels_redis", $($test),+);
    };
}

mod aliases;
mod capacity;
mod closing;
mod cluster;
mod conformance;
mod django;
mod faults;
mod hosts;
mod joining;
mod nats;
mod protocol;
mod restored;
mod sentinel;
mod sharing;
mod stored;

use consumer_runtime::{Channels, Format, RedisOptions};
use tests::{RedisServer, Wire};

/// For tests that go through them beside something else.
const WIRES: [Wire; 2] = [Wire::Published, Wire::Stored];

/// The channels of one more process.
async fn process(wire: Wire, options: &RedisOptions) -> Channels {
    wire.channels(options).await
}

fn options(servers: &[RedisServer], format: Format, secrets: &[&str]) -> RedisOptions {
    let mut options = RedisOptions::default();
    options.hosts = servers.iter().map(|server| server.url().into()).collect();
    options.serializer_format = format;
    options.symmetric_encryption_keys = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    options
}
