//! Clients that read slowly or not at all, and rooms full of them.

use allocation_counter::measure;
use tokio::runtime::Builder;

use super::*;

#[tokio::test]
async fn a_slow_reader_delays_neither_others_nor_the_sender() {
    let mut party = Party::new().await;
    let slow = party.raw().await;
    let text = "x".repeat(64 * 1024);
    let mut index = 0;
    // Until its kernel's buffers and its queue are full, and then some.
    while party.diary.count("1013 Overflow") == 0 {
        assert!(index < 1000, "64 MiB are more than any buffer");
        party.tell(&format!("{index} {text}")).await;
        assert!(party.honest.hear().await.starts_with(&format!("\"{index} ")), "in order, and nothing is lost");
        index += 1;
    }
    for index in 0..20 {
        party.tell(&index.to_string()).await;
        assert_eq!(party.honest.hear().await, format!("\"{index}\""));
    }
    drop(slow);
    assert!(party.site.channels.counts().outgoing_dropped > 0, "what it did not get is counted");
    party.ends_unharmed().await;
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_lost_after_a_while() {
    let settings =
        Settings { send_timeout: Duration::from_millis(200), max_outgoing: usize::MAX, ..Settings::default() };
    let mut party = Party::with(settings).await;
    let slow = party.raw().await;
    for _ in 0..200 {
        party.tell(&"x".repeat(64 * 1024)).await;
        party.honest.hear().await;
    }
    party.diary.says("1006 Timeout").await;
    drop(slow);
    party.ends_unharmed().await;
}

#[tokio::test]
async fn a_thousand_in_one_room_get_every_message_in_order() {
    const MESSAGES: usize = 20;
    let party = Party::with(Settings::unlimited()).await;
    let mut clients = Vec::new();
    for _ in 0..10 {
        clients.extend(join_all((0..100).map(|_| party.site.client("/ws/room/"))).await);
    }
    let readers = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            for index in 0..MESSAGES {
                assert_eq!(client.hear().await, format!("\"{index}\""));
            }
            client.close(1000, "").await;
        })
    });
    let readers: Vec<_> = readers.collect();
    for index in 0..MESSAGES {
        party.tell(&index.to_string()).await;
        tokio::task::yield_now().await;
    }
    for reader in readers {
        soon("all hear everything", reader).await.unwrap();
    }
    let Party { site, diary, mut honest } = party;
    for index in 0..MESSAGES {
        assert_eq!(honest.hear().await, format!("\"{index}\""));
    }
    Party { site, diary, honest }.ends_unharmed().await;
}

#[test]
fn a_slow_reader_costs_no_more_than_its_queue() {
    const MESSAGE: usize = 64 * 1024;
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut party = runtime.block_on(Party::new());
    let slow = runtime.block_on(party.raw());
    let mut told = 0;
    let info = measure(|| {
        runtime.block_on(async {
            while party.diary.count("1013 Overflow") == 0 {
                assert!(told < 1000, "64 MiB are more than any buffer");
                party.tell(&"x".repeat(MESSAGE)).await;
                party.honest.hear().await;
                told += 1;
            }
        });
    });
    // The queue, whose frames may have as much room again as they are long, since they grew while they were written; and
    // a message in each of the places that it passes on its way to the honest client.
    let most = 2 * Settings::default().max_outgoing + 16 * MESSAGE;
    assert!(info.bytes_max < most as u64, "{} bytes for {told} messages", info.bytes_max);
    drop(slow);
    runtime.block_on(party.ends_unharmed());
}
