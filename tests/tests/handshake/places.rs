//! Limits on the number of connections.

use super::*;

#[tokio::test]
async fn a_full_server_answers_503_until_a_place_is_given_back() {
    let site = site_with(Settings { max_connections: Some(2), ..Settings::default() }).await;
    let (one, _other) = (site.client(ROOM).await, site.client(ROOM).await);
    let full = ask(site.address, &handshake(ROOM, "")).await;
    assert_eq!((full.status, full.header("retry-after").is_some()), (503, true));
    one.close(1000, "").await;
    eventually("a place is free", || site.channels.counts().ended == 1).await;
    let _third = next_place(&site).await;
}

#[tokio::test]
async fn too_many_from_one_address_are_a_429_until_a_place_is_given_back() {
    let site = site_with(Settings { max_connections_per_ip: Some(2), ..Settings::default() }).await;
    let (one, _other) = (site.client(ROOM).await, site.client(ROOM).await);
    let full = ask(site.address, &handshake(ROOM, "")).await;
    assert_eq!((full.status, full.header("retry-after").is_some()), (429, true));
    drop(one);
    eventually("a place is free", || site.channels.counts().ended == 1).await;
    let _third = next_place(&site).await;
}

/// The place is given back by the connection's task, a moment after it is counted as ended.
async fn next_place(site: &Site) -> Client {
    soon("a place", async {
        loop {
            match Client::try_connect(site.address, ROOM, &[]).await {
                Ok(client) => return client,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    })
    .await
}

#[tokio::test]
async fn who_is_refused_takes_no_place() {
    let site = site_with(Settings { max_connections: Some(1), ..Settings::default() }).await;
    for _ in 0..3 {
        assert_eq!(ask(site.address, &handshake("/ws/item/x/", "")).await.status, 400);
        assert_eq!(ask(site.address, &format!("GET {ROOM} HTTP/1.1\r\nHost: x\r\n\r\n")).await.status, 426);
    }
    let _client = next_place(&site).await;
}
