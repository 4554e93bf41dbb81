//! What a refusal does besides the close frame, and what is no contract at all.

use axum::Extension;

use super::*;

#[tokio::test]
async fn what_cannot_be_read_is_a_400_that_says_why() {
    let site = site().await;
    let long = format!("contract 1\nframe {} any", "x".repeat(Contract::MAX_TEXT));
    for (path, header, why) in [
        (with_query("/ws/chat/", ""), String::new(), "line 1: a contract begins with the line `contract 1`"),
        (with_query("/ws/chat/", "contract 1\nfoo"), String::new(), "line 2: a line begins with"),
        ("/ws/chat/?_schema=%FF".to_owned(), String::new(), "it is not UTF-8"),
        (with_query("/ws/chat/", &long), String::new(), "it is longer than 16384 bytes"),
        ("/ws/chat/".to_owned(), "schema.!".to_owned(), "it is not base64url"),
        ("/ws/chat/".to_owned(), as_subprotocol("contract 2"), "line 1"),
    ] {
        let header = if header.is_empty() { header } else { format!("Sec-WebSocket-Protocol: {header}\r\n") };
        let response = ask(site.address, &handshake(&path, &header)).await;
        assert_eq!(response.status, 400, "{why}");
        let start = "the contract in `_schema` or the subprotocol `schema.` can't be read: ";
        assert!(response.body.starts_with(&format!("{start}{why}")), "{}", response.body);
    }
    assert_eq!(site.channels.counts().refused, 6);
    assert_eq!(site.channels.counts().accepted, 0);
}

#[tokio::test]
async fn a_refused_client_reaches_no_handler_is_counted_and_logged_once() {
    let log = Log::begin();
    let diary = Diary::default();
    let site = Site::new(Router::new().consumer::<Chat>().layer(Extension(diary.clone()))).await;
    for _ in 0..3 {
        let mut client = site.client(&with_query("/ws/chat/", "contract 1\nframe gone any")).await;
        assert_eq!(client.hear_close().await, (4409, "the server no longer takes the frame `gone`".to_owned()));
    }
    site.settled().await;
    assert_eq!(diary.entries(), Vec::<String>::new(), "`#[connect]` never ran");
    assert_eq!(site.channels.counts().refused, 3);
    assert_eq!(log.lines_with("refused a client that was built for another contract"), 1, "{}", log.text());
    assert_eq!(log.lines_with(" INFO "), 1, "{}", log.text());

    let mut client = site.client("/ws/chat/").await;
    assert_eq!(client.hear_json().await["type"], "chat.welcome");
    assert_eq!(diary.entries(), ["connect []"]);
}

#[tokio::test]
async fn a_long_reason_is_cut_at_a_character() {
    let site = site().await;
    let name = "\u{e9}".repeat(60);
    let contract = format!("contract 1\nsend {name:?} {{{name:?}:integer}}");
    let mut client = site.client(&with_query("/ws/chat/", &contract)).await;
    let (code, reason) = client.hear_close().await;
    assert_eq!(code, 4409);
    assert!(reason.starts_with("the server no longer sends the message `éé") && reason.len() <= 123, "{reason}");
}
