//! How a contract travels, and what else is in the same header.

use super::*;

async fn offering(site: &Site, path: &str, offered: &str) -> (Option<String>, Client) {
    let client = Client::try_connect(site.address, path, &[("sec-websocket-protocol", offered)]).await;
    let client = client.unwrap_or_else(|(status, body)| panic!("refused with {status}: {body}"));
    let chosen = client.headers.get("sec-websocket-protocol").map(|name| name.to_str().expect("text").to_owned());
    (chosen, client)
}

#[tokio::test]
async fn a_client_that_shows_nothing_is_let_in() {
    let site = site().await;
    let mut client = site.client("/ws/chat/?schema=x&x_schema=y").await;
    assert_eq!(client.hear_json().await["type"], "chat.welcome");
}

#[tokio::test]
async fn the_hash_of_the_same_contract_is_enough() {
    let site = site().await;
    let hash = Contract::of::<Chat>().hash();
    for shown in [hash.clone(), hash.to_uppercase()] {
        let mut client = site.client(&format!("/ws/chat/?_schema={shown}")).await;
        assert_eq!(client.hear_json().await["type"], "chat.welcome");
        let (chosen, mut client) = offering(&site, "/ws/chat/", &format!("schema.{shown}")).await;
        assert_eq!(chosen, Some(format!("schema.{shown}")));
        assert_eq!(client.hear_json().await, json!({"type": "chat.welcome", "name": ""}), "the consumer chose none");
    }
}

#[tokio::test]
async fn another_hash_is_refused_since_nobody_knows_what_differs() {
    let site = site().await;
    let hash = Contract::of::<Versions>().hash();
    let expected = "this client was built for another contract; its whole text could tell whether that matters";
    let mut by_query = site.client(&format!("/ws/chat/?_schema={hash}")).await;
    assert_eq!(by_query.hear_close().await, (4409, expected.to_owned()));
    let (chosen, mut by_subprotocol) = offering(&site, "/ws/chat/", &format!("schema.{hash}")).await;
    assert_eq!(chosen, Some(format!("schema.{hash}")));
    assert_eq!(by_subprotocol.hear_close().await, (4409, expected.to_owned()));
}

#[tokio::test]
async fn the_consumers_own_choice_wins_and_never_sees_the_contract() {
    let site = site().await;
    let good = as_subprotocol(&Contract::of::<Versions>().to_string());
    let (chosen, mut client) = offering(&site, "/ws/versions/", &format!("{good}, v1.chat, v2.chat")).await;
    assert_eq!(chosen.as_deref(), Some("v2.chat"));
    assert_eq!(client.hear_json().await, json!(["v2.chat", ["v1.chat", "v2.chat"]]));

    let header = format!("Sec-WebSocket-Protocol: v0.chat, {good}\r\n");
    let response = ask(site.address, &handshake("/ws/versions/", &header)).await;
    assert_eq!(response.status, 101);
    let chosen = response.header("sec-websocket-protocol");
    assert_eq!(chosen, None, "none of the client's versions is spoken here, and it should hear that");

    let bad = as_subprotocol("contract 1\nframe gone any");
    for (offered, expected) in [(format!("{bad}, v1.chat"), "v1.chat"), (format!("v0.chat, {bad}"), &*bad)] {
        let (chosen, mut client) = offering(&site, "/ws/versions/", &offered).await;
        assert_eq!(chosen.as_deref(), Some(expected), "a browser must get as far as the close frame");
        assert_eq!(client.hear_close().await.0, 4409);
    }
}

#[tokio::test]
async fn the_query_counts_before_the_subprotocol() {
    let site = site().await;
    let path = with_query("/ws/chat/", CHAT);
    let (_, mut client) = offering(&site, &path, &as_subprotocol("contract 1\nframe gone any")).await;
    assert_eq!(client.hear_json().await["type"], "chat.welcome");
}

#[tokio::test]
async fn blanks_may_travel_as_in_a_form() {
    let site = site().await;
    let mut client = site.client("/ws/chat/?_schema=contract+1%0Aframe+chat.ping+any").await;
    assert_eq!(client.hear_json().await["type"], "chat.welcome");
}
