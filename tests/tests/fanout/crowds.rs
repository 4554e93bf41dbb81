//! A group of several slices: every member gets everything, once and in order.

use super::*;

/// The numbers that one sender's messages have, in the order in which they came.
fn numbers(heard: &[String], sender: &str) -> Vec<usize> {
    heard.iter().filter_map(|text| text.trim_matches('"').strip_prefix(sender)?.parse().ok()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_gets_what_two_send_in_their_order_while_others_come_and_go() {
    const MESSAGES: usize = 150;
    let site = Arc::new(Site::new(app()).await);
    let members = members(&site, LARGE).await;
    let reading: Vec<_> = members
        .into_iter()
        .map(|mut client| {
            tokio::spawn(async move {
                let mut heard = Vec::new();
                while heard.len() < 2 * MESSAGES {
                    heard.push(client.hear().await);
                }
                (client, heard)
            })
        })
        .collect();
    let passing: Vec<_> = (0..10)
        .map(|_| {
            let site = Arc::clone(&site);
            tokio::spawn(async move {
                let mut client = site.client("/ws/walker/").await;
                let mut heard = Vec::new();
                for order in ["join a", "leave a"].repeat(10) {
                    client.say(order).await;
                    loop {
                        match client.hear().await {
                            done if done == "done" => break,
                            text => heard.push(text),
                        }
                    }
                }
                heard
            })
        })
        .collect();
    let sending = ["x", "y"].map(|sender| {
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            for number in 0..MESSAGES {
                tell(&site, format!("{sender}{number}")).await;
            }
        })
    });
    for sending in sending {
        sending.await.unwrap();
    }
    let all: Vec<_> = (0..MESSAGES).collect();
    for (mut client, heard) in join_all(reading).await.into_iter().map(Result::unwrap) {
        assert_eq!((numbers(&heard, "x"), numbers(&heard, "y")), (all.clone(), all.clone()));
        client.ping().await;
    }
    for heard in join_all(passing).await {
        let heard = heard.unwrap();
        for sender in ["x", "y"] {
            let numbers = numbers(&heard, sender);
            assert!(numbers.is_sorted_by(|one, other| one < other), "once and in order: {numbers:?}");
        }
    }
}

#[tokio::test]
async fn both_kinds_of_handlers_keep_one_order() {
    let site = Site::new(app()).await;
    let mut members = members(&site, LARGE).await;
    for number in 0..20 {
        tell(&site, number.to_string()).await;
        square("a").send(&site.channels, asked(number.to_string())).await.unwrap();
        tell(&site, format!("then {number}")).await;
    }
    for client in &mut members {
        for number in 0..20 {
            assert_eq!(client.hear().await, line(&number.to_string()));
            assert_eq!(client.hear().await, format!("asked {number}"));
            assert_eq!(client.hear().await, line(&format!("then {number}")));
        }
    }
}

#[tokio::test]
async fn what_is_sent_to_one_follows_what_was_sent_to_all() {
    let site = Site::new(app()).await;
    let mut members = members(&site, LARGE).await;
    let mut last = members.pop().unwrap();
    let name = name(&mut last).await;
    for number in 0..50 {
        tell(&site, number.to_string()).await;
        site.channels.channel(&name).unwrap().send(told(format!("to you {number}"))).await.unwrap();
    }
    for number in 0..50 {
        assert_eq!(last.hear().await, line(&number.to_string()));
        assert_eq!(last.hear().await, line(&format!("to you {number}")));
    }
    last.say("tell a").await;
    assert_eq!(last.hear().await, line("from me"), "what a handler sends to its group is not overtaken either");
    assert_eq!(last.hear().await, "after it");
}

#[tokio::test]
async fn who_is_left_out_hears_nothing_and_who_is_asked_answers_once() {
    let site = Site::new(app()).await;
    let mut members = members(&site, LARGE).await;
    let mut left_out = Vec::new();
    for index in [0, 130, 299] {
        left_out.push(ChannelName::new(name(&mut members[index]).await).unwrap());
    }
    tell(&site, "all").await;
    square("a").send_except(&site.channels, told("most"), &left_out).await.unwrap();
    let answers = square("a").ask(&site.channels, Who {}, tests::PATIENCE).await.unwrap();
    assert_eq!((answers.len(), answers.missing()), (LARGE, Some(0)));
    let names: std::collections::HashSet<_> = answers.values().collect();
    assert_eq!(names.len(), LARGE);
    tell(&site, "last").await;
    for (index, client) in members.iter_mut().enumerate() {
        assert_eq!(client.hear().await, line("all"));
        if ![0, 130, 299].contains(&index) {
            assert_eq!(client.hear().await, line("most"));
        }
        assert_eq!(client.hear().await, line("last"));
    }
}

#[tokio::test]
async fn who_leaves_has_got_what_was_sent_before_and_who_comes_gets_what_is_sent_after() {
    let site = Site::new(app()).await;
    let mut members = members(&site, LARGE).await;
    let mut late = site.client("/ws/walker/").await;
    for number in 0..20 {
        tell(&site, format!("before {number}")).await;
    }
    order(&mut late, "join a").await;
    let mut leaving = members.pop().unwrap();
    leaving.say("leave a").await;
    for number in 0..20 {
        assert_eq!(leaving.hear().await, line(&format!("before {number}")));
    }
    assert_eq!(leaving.hear().await, "done");
    tell(&site, "after").await;
    assert_eq!(late.hear().await, line("after"));
    leaving.ping().await;
}

#[tokio::test]
async fn a_second_type_of_members_comes_goes_and_comes_again() {
    let site = Site::new(app()).await;
    let mut members = members(&site, LARGE).await;
    let mut guest = site.client("/ws/guest/").await;
    for round in ["first", "second"] {
        order(&mut guest, "join").await;
        tell(&site, round).await;
        square("a").send(&site.channels, asked(round)).await.unwrap();
        let answers = square("a").ask(&site.channels, Who {}, tests::PATIENCE).await.unwrap();
        assert_eq!((answers.len(), answers.missing()), (LARGE + 1, Some(0)));
        assert_eq!(guest.hear().await, line(&format!("a guest hears {round}")));
        assert_eq!(guest.hear().await, line(&format!("a guest is asked {round}")));
        order(&mut guest, "leave").await;
        tell(&site, "without guests").await;
    }
    for client in &mut members {
        for round in ["first", "second"] {
            assert_eq!(client.hear().await, line(round));
            assert_eq!(client.hear().await, format!("asked {round}"));
            assert_eq!(client.hear().await, line("without guests"));
        }
    }
    guest.ping().await;
}
