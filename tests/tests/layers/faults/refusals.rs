//! Redis servers that are there, and say no, or hang up.

use std::time::Duration;

use tests::{Wire, soon};

use super::rig::{Plan, Rig};

on_redis_with_django!(
    no_memory_is_left,
    the_disk_cannot_be_written,
    the_server_becomes_a_replica,
    the_server_loads_its_data,
    the_password_changes,
    a_password_is_asked_for,
    it_cuts_whoever_listens,
    it_cuts_whoever_asks,
);

/// Sends fail from both processes, with these words; nobody is closed, and who cannot join is told the same.
async fn sends_are_refused(rig: &mut Rig, words: &[&str]) {
    for error in [rig.send(0).await.unwrap_err(), rig.there.send(0).await.unwrap_err()] {
        for word in words {
            assert!(error.contains(word), "{word} in {error}");
        }
    }
    for reader in [0, 1] {
        let told = rig.tell(reader, "join a").await;
        assert!(told.starts_with("failed: ") && told.contains(words[0]), "{told}");
        rig.readers[reader].ping().await;
    }
}

async fn no_memory_is_left(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    assert_eq!(rig.server.say("CONFIG SET maxmemory 1").await, "+OK");
    match wire {
        // Which takes no memory.
        Wire::Published => rig.everybody_hears_everybody().await,
        Wire::Stored => {
            sends_are_refused(&mut rig, &["the channel layer refuses: `hosts[0]`: OOM", "`maxmemory`"]).await;
        }
    }
    assert_eq!(rig.server.say("CONFIG SET maxmemory 0").await, "+OK");
    // Nobody could fetch less for it.
    rig.no_other_outage().await;
    rig.ends_whole_and_django_untouched().await;
}

async fn the_disk_cannot_be_written(wire: Wire) {
    // Not even root writes there.
    let arguments = ["--dir", "/proc"].map(str::to_owned).to_vec();
    let mut rig = Rig::with(wire, Plan { arguments, ..Plan::default() }).await;
    assert_eq!(rig.server.say("CONFIG SET save \"3600 1\"").await, "+OK");
    rig.server.say("BGSAVE").await;
    let failed = async { while !rig.server.say("SET x y").await.starts_with("-MISCONF") {} };
    soon("a snapshot has failed", failed).await;
    match wire {
        Wire::Published => rig.everybody_hears_everybody().await,
        Wire::Stored => {
            sends_are_refused(&mut rig, &["MISCONF", "`stop-writes-on-bgsave-error`"]).await;
            // To fetch is to write, and who begins anew is refused.
            rig.proxy.cut().await;
            // The first may still find a connection whose end it has not read.
            let _ = (rig.send(0).await, rig.there.send(0).await);
            sends_are_refused(&mut rig, &["MISCONF", "`stop-writes-on-bgsave-error`"]).await;
        }
    }
    assert_eq!(rig.server.say("CONFIG SET stop-writes-on-bgsave-error no").await, "+OK");
    if wire == Wire::Stored {
        rig.restored().await;
    }
    rig.ends_whole().await;
}

async fn the_server_becomes_a_replica(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    assert_eq!(rig.server.say("REPLICAOF 127.0.0.1 1").await, "+OK");
    match wire {
        Wire::Published => rig.everybody_hears_everybody().await,
        Wire::Stored => sends_are_refused(&mut rig, &["READONLY", "name the primary in `hosts`"]).await,
    }
    assert_eq!(rig.server.say("REPLICAOF NO ONE").await, "+OK");
    if wire == Wire::Stored {
        rig.restored().await;
    }
    rig.ends_whole().await;
}

async fn the_server_loads_its_data(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { direct: true, ..Plan::default() }).await;
    let fill =
        "EVAL \"for i = 1, 1000 do redis.call('SET', i, string.rep(tostring(math.random()), 100)) end return 1\" 0";
    assert_eq!(rig.server.say(fill).await, ":1");
    assert_eq!(rig.server.say("SAVE").await, "+OK");
    rig.server.kill().await;
    // A thousandth of a second for each key, with a look at who asks after each.
    rig.server.start_again(&["--key-load-delay", "1000", "--loading-process-events-interval-bytes", "1024"]);
    let loading = async { while !rig.server.try_say("PING").await.starts_with("-LOADING") {} };
    soon("it loads", loading).await;
    if wire == Wire::Stored {
        let error = rig.send(0).await.unwrap_err();
        assert!(error.contains("the channel layer is away: `hosts[0]`, for "), "{error}");
    }
    rig.restored().await;
    // Django's entry was stored too.
    rig.ends_whole().await;
}

async fn a_password_is_asked_for(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { admin: true, ..Plan::default() }).await;
    assert_eq!(rig.server.say("CONFIG SET requirepass secret").await, "+OK");
    rig.server.say("CLIENT KILL USER default").await;
    // The first may still find a connection whose end it has not read.
    let _ = (rig.send(0).await, rig.there.send(0).await);
    for error in [rig.send(0).await.unwrap_err(), rig.there.send(0).await.unwrap_err()] {
        assert!(error.starts_with("the channel layer refuses: `hosts[0]`: NOAUTH"), "{error}");
        assert!(error.contains("give its password in `hosts`"), "{error}");
    }
    assert_eq!(rig.server.say("CONFIG SET requirepass \"\"").await, "+OK");
    rig.restored().await;
    rig.ends_whole_and_django_untouched().await;
}

async fn the_password_changes(wire: Wire) {
    let plan = Plan { user: "app:first@", before: &["ACL SETUSER app on >first ~* &* +@all"], ..Plan::default() };
    let mut rig = Rig::with(wire, plan).await;
    assert_eq!(rig.server.say("ACL SETUSER app resetpass >second").await, "+OK");
    // Who is in stays in.
    rig.everybody_hears_everybody().await;
    rig.server.say("CLIENT KILL USER app").await;
    for _ in 0..2 {
        // The first may still find a connection whose end it has not read.
        let _ = (rig.send(0).await, rig.there.send(0).await);
        for error in [rig.send(0).await.unwrap_err(), rig.there.send(0).await.unwrap_err()] {
            assert!(error.starts_with("the channel layer refuses: `hosts[0]`: "), "{error}");
            assert!(error.contains("WRONGPASS") && error.contains("the password in `hosts`"), "{error}");
            assert!(!error.contains("first"), "{error}");
        }
    }
    assert_eq!(rig.server.say("ACL SETUSER app >first").await, "+OK");
    rig.restored().await;
    rig.ends_whole_and_django_untouched().await;
}

/// For what nobody tells: that the end of a connection, which is there, has been read.
async fn let_it_be_read() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

async fn it_cuts_whoever_listens(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    rig.server.say("CLIENT KILL TYPE pubsub").await;
    match wire {
        Wire::Published => rig.restored().await,
        // Nobody listens there.
        Wire::Stored => rig.no_other_outage().await,
    }
    rig.ends_whole().await;
}

async fn it_cuts_whoever_asks(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    rig.server.say("CLIENT KILL TYPE normal").await;
    match wire {
        Wire::Published => let_it_be_read().await,
        Wire::Stored => rig.restored().await,
    }
    // Nobody's first try fails: a connection whose end has been read is not written to.
    rig.ends_whole().await;
}
