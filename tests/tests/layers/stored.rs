//! What Redis holds of processes: scripts, and members that have crashed.

use std::time::Duration;

use consumer_runtime::{Channels, Format, RedisOptions};
use serde_json::json;
use tests::{
    Client, RedisServer, django_config,
    python::{Django, pythons},
    soon,
};
use tokio::runtime::Runtime;

use super::{Wire, options, process, sharing::Chat};

async fn until(server: &RedisServer, command: &str, told: &str) {
    soon(&format!("{command} tells {told}"), async {
        while server.say(command).await != told {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn scripts_are_sent_once_and_again_to_a_server_that_forgot_them_over_redis() {
    let mut servers = [RedisServer::new().await];
    let options = options(&servers, Format::Msgpack, &[]);
    let channels = process(Wire::Stored, &options).await;
    let send = || channels.untyped().send("work", json!({"type": "job"}));
    let run = async |server: &RedisServer, command: &str| {
        let told = server.say_all("INFO commandstats").await;
        let line = told.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
        line.map_or(0, |line| line.split(',').next().unwrap().parse::<u32>().unwrap())
    };
    for _ in 0..10 {
        send().await.unwrap();
    }
    assert_eq!((run(&servers[0], "eval").await, run(&servers[0], "evalsha").await), (1, 10));
    assert_eq!(servers[0].say("SCRIPT FLUSH").await, "+OK");
    send().await.unwrap();
    send().await.unwrap();
    assert_eq!((run(&servers[0], "eval").await, run(&servers[0], "evalsha").await), (2, 12));
    assert_eq!(servers[0].say("ZCARD asgiwork").await, ":12");

    servers[0].kill().await;
    assert!(send().await.is_err());
    servers[0].restart().await;
    soon("it is sent", async { while send().await.is_err() {} }).await;
    assert!(servers[0].say("ZCARD asgiwork").await.starts_with(":1"));
}

/// The channels of a process of its own, which can be made to crash: all that it does ends, and it cleans nothing up.
fn mortal(options: &RedisOptions) -> (Runtime, Channels) {
    let runtime = Runtime::new().unwrap();
    let options = options.clone();
    let made = runtime.spawn(async move { process(Wire::Stored, &options).await });
    let channels = std::thread::scope(|scope| scope.spawn(|| runtime.block_on(made).unwrap()).join().unwrap());
    (runtime, channels)
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_process_that_crashed_is_removed_by_who_sends_over_redis() {
    let servers = [RedisServer::new().await, RedisServer::new().await];
    for hosts in [1, 2] {
        let group = format!("room{hosts}");
        let options = options(&servers[..hosts], Format::Msgpack, &[]).member_timeout(Duration::from_secs(1));
        let (here, there) = (process(Wire::Stored, &options).await, process(Wire::Stored, &options).await);
        let mut member = there.untyped().new_channel();
        member.group_add(&group).await.unwrap();
        let (runtime, crashing) = mortal(&options);
        let (name, of_crashing) = (group.clone(), crashing.clone());
        let joined = runtime.spawn(async move {
            let channel = of_crashing.untyped().new_channel();
            channel.group_add(&name).await.unwrap();
            channel
        });
        let leaked = joined.await.unwrap();
        let mut sizes = Vec::new();
        for server in &servers[..hosts] {
            sizes.push(server.say(&format!("ZCARD asgi:group:{group}")).await);
        }
        let at = sizes.iter().position(|size| size == ":2").expect("both are members");
        // Those that Django has added are nobody's to remove.
        let django = format!("ZADD asgi:group:{group} 9999999999 specific.abc!def");
        assert_eq!(servers[at].say(&django).await, ":1");

        runtime.shutdown_background();
        soon("the crash is noticed", async {
            while servers[at].say(&format!("ZCARD asgi:group:{group}")).await != ":2" {
                here.untyped().group_send(&group, json!({"type": "a"})).await.unwrap();
                soon("a message", member.receive()).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
        assert_eq!(here.counts().gone, 1, "the one message that found it gone");
        assert!(servers[at].say(&format!("ZSCORE asgi:group:{group} specific.abc!def")).await.starts_with('$'));
        here.untyped().group_send(&group, json!({"type": "a"})).await.unwrap();
        soon("a message", member.receive()).await;
        assert_eq!(here.counts().gone, 1);
        std::mem::forget((leaked, crashing));
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_process_that_was_taken_for_crashed_comes_back_over_redis() {
    let servers = [RedisServer::new().await];
    let options = options(&servers, Format::Msgpack, &[]).member_timeout(Duration::from_millis(600));
    let (here, there) = (process(Wire::Stored, &options).await, process(Wire::Stored, &options).await);
    let mut member = there.untyped().new_channel();
    member.group_add("room").await.unwrap();
    let alive = format!("asgi{}$alive", member.name().process_part());
    assert_eq!(servers[0].say(&format!("DEL {alive}")).await, ":1");
    // As it would be after a pause of the process, or a `flush` of Django's.
    here.untyped().group_send("room", json!({"type": "lost"})).await.unwrap();
    assert_eq!(here.counts().gone, 1);
    assert_eq!(servers[0].say("ZCARD asgi:group:room").await, ":0");
    until(&servers[0], "ZCARD asgi:group:room", ":1").await;
    here.untyped().group_send("room", json!({"type": "a"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "a");

    // A flush of our own takes nobody for crashed.
    here.untyped().flush().await.unwrap();
    here.untyped().group_send("room", json!({"type": "b"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "b");
    assert_eq!(here.counts().gone, 1);
}

#[tokio::test]
#[ignore = "needs channels_redis"]
async fn a_killed_process_is_removed_and_its_successor_does_so_with_django() {
    let server = RedisServer::new().await;
    let room = "asgi:group:chat_lobby";
    let options = RedisOptions::url(server.url());
    let mut django = Django::new(&pythons()[0], Wire::Stored.django(), django_config(&options)).await;
    django.call("group_add", json!(["chat_lobby", "<own>"])).await;
    for by_sending in [true, false] {
        let mut chat = Chat::new(&server.url()).await;
        let _client = Client::connect(chat.address, "/ws/chat/lobby/").await;
        until(&server, &format!("ZCARD {room}"), ":2").await;
        chat.kill().await;
        assert_eq!(server.say(&format!("ZCARD {room}")).await, ":2", "it had no time for anything");
        let alive = server.say_all("KEYS *$alive").await;
        let alive = alive.lines().find(|line| line.contains("$alive")).expect("it said that it ran").to_owned();
        // The time after which it is taken for crashed has passed.
        assert_eq!(server.say(&format!("DEL {alive}")).await, ":1");
        django.call("group_send", json!(["chat_lobby", {"type": "a"}])).await;
        assert_eq!(django.hear().await["type"], "a");
        assert_eq!(server.say(&format!("ZCARD {room}")).await, ":2", "Django removes nobody");
        let ours = process(Wire::Stored, &options).await;
        let mut member = ours.untyped().new_channel();
        if by_sending {
            ours.untyped().group_send("chat_lobby", json!({"type": "b"})).await.unwrap();
            assert_eq!(ours.counts().gone, 1);
        } else {
            member.group_add("chat_lobby").await.unwrap();
            until(&server, &format!("ZCARD {room}"), ":2").await;
            ours.untyped().group_send("chat_lobby", json!({"type": "b"})).await.unwrap();
            assert_eq!(soon("a message", member.receive()).await.name(), "b");
            assert_eq!(ours.counts().gone, 0);
        }
        assert_eq!(django.hear().await["type"], "b");
        drop((member, ours));
        until(&server, &format!("ZCARD {room}"), ":1").await;
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn who_leaves_while_memberships_are_said_again_has_left_over_redis() {
    let servers = [RedisServer::new().await];
    let options = options(&servers, Format::Msgpack, &[]).group_expiry(Duration::from_secs(6));
    let here = process(Wire::Stored, &options).await;
    let member = here.untyped().new_channel();
    let groups: Vec<_> = (0..500).map(|number| format!("room{number}")).collect();
    for group in &groups {
        member.group_add(group).await.unwrap();
    }
    // Later, so that its memberships are said again later, too; it keeps the groups from expiring.
    let there = process(Wire::Stored, &options).await;
    let other = there.untyped().new_channel();
    for group in &groups {
        other.group_add(group).await.unwrap();
    }
    let said = async || {
        let told = servers[0].say_all("INFO commandstats").await;
        let line = told.lines().find_map(|line| line.strip_prefix("cmdstat_zadd:calls=")).expect("they are members");
        line.split(',').next().unwrap().parse::<usize>().unwrap()
    };
    soon("they are said again", async { while said().await <= 2 * groups.len() {} }).await;
    for group in &groups {
        member.group_discard(group).await.unwrap();
    }
    for group in &groups {
        until(&servers[0], &format!("ZCARD asgi:group:{group}"), ":1").await;
    }
}

/// How often a command was called, by scripts too.
async fn calls(server: &RedisServer, command: &str) -> u64 {
    let told = server.say_all("INFO commandstats").await;
    let line = told.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
    line.and_then(|line| line.split(',').next()?.parse().ok()).unwrap_or_default()
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_send_to_a_group_that_is_as_it_was_is_one_step_over_redis() {
    let servers = [RedisServer::new().await];
    let options = options(&servers, Format::Msgpack, &[]);
    let (here, there) = (process(Wire::Stored, &options).await, process(Wire::Stored, &options).await);
    let mut members = vec![there.untyped().new_channel()];
    members[0].group_add("lobby").await.unwrap();
    let say = async |number: u32, members: &mut Vec<consumer_runtime::ReceivingChannel>| {
        here.untyped().group_send("lobby", json!({"type": "said", "number": number})).await.unwrap();
        for member in members {
            assert_eq!(soon("a message", member.receive()).await.to_value().unwrap()["number"], number);
        }
    };
    say(0, &mut members).await;
    // To ask who the members are takes a step of its own.
    let asked = calls(&servers[0], "zremrangebyscore").await - calls(&servers[0], "zcount").await;
    for number in 1..=5 {
        say(number, &mut members).await;
    }
    // Another process joins, and gets the next message; so it is when it has left.
    let third = process(Wire::Stored, &options).await;
    members.push(third.untyped().new_channel());
    members[1].group_add("lobby").await.unwrap();
    say(6, &mut members).await;
    members.pop();
    say(7, &mut members).await;
    // Each entry that is put is looked at by one `ZCOUNT`, and followed by one `ZREMRANGEBYSCORE`.
    assert_eq!(calls(&servers[0], "zremrangebyscore").await - calls(&servers[0], "zcount").await, asked);
    assert_eq!(asked, 1, "once, at first");
}
