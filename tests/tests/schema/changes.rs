//! What changed between the server that a client was built for and the one that it meets.

use super::*;

/// The client was built for [`CHAT`] with `new` in the place of `old`.
async fn told_after(site: &Site, old: &str, new: &str) -> Option<String> {
    assert!(CHAT.contains(old), "{old}");
    told(site, "/ws/chat/", &CHAT.replace(old, new)).await
}

#[tokio::test]
async fn the_contract_is_that_of_the_declarations() {
    assert_eq!(Contract::of::<Chat>().to_string(), CHAT);
    assert_eq!(told(&site().await, "/ws/chat/", CHAT).await, None);
}

#[tokio::test]
async fn what_a_client_sends_must_be_taken() {
    let site = site().await;
    for (old, new, expected) in [
        (",limit:integer", "", "the frame `chat.history` needs a field `limit` that this client does not send"),
        (
            "limit:integer",
            "limit?:integer",
            "the frame `chat.history` needs the field `limit`, which this client may leave out",
        ),
        (
            "limit:integer",
            "limit:string",
            "the field `limit` of the frame `chat.history` must be an integer, but this client sends a string",
        ),
        ("frame chat.ping any", "frame chat.leave any", "the server no longer takes the frame `chat.leave`"),
        ("frame chat.ping any", "text", "the server no longer takes plain text frames"),
    ] {
        assert_eq!(told_after(&site, old, new).await.as_deref(), Some(expected));
    }
    for (old, new) in [
        ("before?:integer|null,", ""),
        ("before?:integer|null", "before:integer"),
        ("limit:integer", "limit:integer,order:string"),
        ("frame chat.ping any\n", ""),
        ("frame chat.ping any", "frame chat_ping {x:integer}"),
    ] {
        assert_eq!(told_after(&site, old, new).await, None, "{old} -> {new}");
    }
}

#[tokio::test]
async fn what_the_server_sends_must_be_known() {
    let site = site().await;
    for (old, new, expected) in [
        (
            "message:string",
            "message:string,room:string",
            "the message `chat.message` has no field `room`, which this client needs",
        ),
        (
            "message:string",
            "message:integer",
            "the field `message` of the message `chat.message` is a string, but this client expects an integer",
        ),
        (
            "\"blue\"|\"red\"",
            "\"red\"",
            "the field `colour` of the message `chat.message` may be \"blue\", which this client does not know",
        ),
        ("send chat.welcome", "send chat.bye", "the server no longer sends the message `chat.bye`"),
        (
            "more:bool",
            "more:bool,total:integer",
            "the reply to the frame `chat.history` has no field `total`, which this client needs",
        ),
        (
            "frame chat.ping any",
            "frame chat.ping any -> integer",
            "the reply to the frame `chat.ping` is null, but this client expects an integer",
        ),
    ] {
        assert_eq!(told_after(&site, old, new).await.as_deref(), Some(expected));
    }
    for (old, new) in [
        (",message:string", ""),
        ("message:string", "message?:string|null"),
        ("\"blue\"|\"red\"", "\"blue\"|\"green\"|\"red\""),
        (",more:bool", ""),
        (" -> {messages:[string],more:bool}", ""),
        ("\nsend chat.welcome {name:string,type:\"chat.welcome\"}", ""),
        ("Colour", "Renamed"),
    ] {
        assert_eq!(told_after(&site, old, new).await, None, "{old} -> {new}");
    }
}

#[tokio::test]
async fn generic_and_blocking_consumers_have_contracts() {
    let site = site().await;
    assert_eq!(
        Contract::of::<Generic<u8>>().to_string(),
        "contract 1\n\
         frame generic.ask {before?:integer|null,limit:integer} -> any\n\
         send chat.welcome {name:string,type:\"chat.welcome\"}"
    );
    let refused = told(&site, "/ws/generic/", "contract 1\nframe generic.ask {}").await;
    assert_eq!(
        refused.as_deref(),
        Some("the frame `generic.ask` needs a field `limit` that this client does not send")
    );
    let mut client = site.client(&with_query("/ws/generic/", "contract 1\nframe generic.ask {limit:integer}")).await;
    client.say_json(json!({"type": "generic.ask", "limit": 3, "id": 1})).await;
    assert_eq!(client.hear_json().await, json!({"type": "chat.welcome", "name": "3"}));
    assert_eq!(client.hear_json().await, json!({"type": "reply", "id": 1, "ok": 0}));

    let refused = told(&site, "/ws/blocking/", "contract 1\nframe chat.leave any").await;
    assert_eq!(refused.as_deref(), Some("the server no longer takes the frame `chat.leave`"));
    assert_eq!(told(&site, "/ws/blocking/", &Contract::of::<Blocking>().to_string()).await, None);
}

#[test]
fn the_examples_of_the_protocol_are_contracts() {
    let protocol = include_str!("../../../docs/protocol.md");
    let examples: Vec<_> =
        protocol.split("```text\n").skip(1).filter(|block| block.starts_with("contract 1\n")).collect();
    assert_eq!(examples.len(), 1);
    let (example, _) = examples[0].split_once("\n```").expect("an end");
    assert_eq!(Contract::parse(example).expect("a contract").to_string(), example);
}
