//! Many members who come and go, and many groups.

use super::*;

/// A member in memory.
async fn member(channels: &Channels) -> Communicator {
    let mut client = Communicator::new(app().with_channels(channels.clone()), "/ws/walker/");
    client.connect().await.unwrap();
    client
}

async fn order(client: &mut Communicator, text: &str) {
    client.send_text_to(text).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "done", "{text}");
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_joins_and_leaves_leave_a_group_as_it_should_be() {
    const ROUNDS: usize = 34;
    let channels = Channels::memory();
    let mut clients = Vec::new();
    for _ in 0..LARGE {
        clients.push(member(&channels).await);
    }
    for round in 0..ROUNDS {
        // Each time others are in: whose number has a bit in common with the round's.
        let is_in = |index: usize, round: usize| (index + 1) & round != 0;
        for (index, client) in clients.iter_mut().enumerate() {
            match (round > 0 && is_in(index, round - 1), is_in(index, round)) {
                (false, true) => order(client, "join a").await,
                (true, false) => order(client, "leave a").await,
                // Again, which changes nothing.
                (true, true) => order(client, "join a").await,
                (false, false) => order(client, "leave a").await,
            }
        }
        square("a").send(&channels, told(round.to_string())).await.unwrap();
        for (index, client) in clients.iter_mut().enumerate() {
            if is_in(index, round) {
                assert_eq!(client.receive_text_from().await.unwrap(), line(&round.to_string()));
            }
        }
    }
    let answers = square("a").ask(&channels, Who {}, tests::PATIENCE).await.unwrap();
    let in_it = (0..LARGE).filter(|index| (index + 1) & (ROUNDS - 1) != 0).count();
    assert_eq!((answers.len(), answers.missing()), (in_it, Some(0)));
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_groups_of_one_are_joined_and_left() {
    const EACH: usize = 1_000;
    let channels = Channels::memory();
    let mut clients = Vec::new();
    for _ in 0..100 {
        clients.push(member(&channels).await);
    }
    for (index, client) in clients.iter_mut().enumerate() {
        order(client, &format!("join-all {}..{}", index * EACH, (index + 1) * EACH)).await;
    }
    for (index, client) in clients.iter_mut().enumerate() {
        for name in [index * EACH, (index + 1) * EACH - 1] {
            square(&name.to_string()).send(&channels, told(name.to_string())).await.unwrap();
            assert_eq!(client.receive_text_from().await.unwrap(), line(&name.to_string()));
        }
    }
    for (index, client) in clients.iter_mut().enumerate() {
        order(client, &format!("leave-all {}..{}", index * EACH, (index + 1) * EACH)).await;
        square(&(index * EACH).to_string()).send(&channels, told("nobody")).await.unwrap();
        assert!(client.receive_nothing().await);
    }
}
