//! What an orchestrator is told: alive, ready, draining, or without its layer.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{NatsLayer, NatsOptions, RedisClusterLayer, RedisOptions, health, prelude::*};
use serde_json::{Value, json};
use tests::{Gate, Line, NatsServer, Proxy, RedisCluster, RedisServer, Response, Site, Wire, ask, soon};

/// Takes its time to leave.
#[consumer("/ws/guest/")]
struct Guest {
    #[extract]
    gate: Gate,
}

#[consumer]
impl Guest {
    #[disconnect]
    async fn disconnect(&mut self) {
        self.gate.pass().await;
    }
}

async fn get(site: &Site, path: &str) -> Response {
    ask(site.address, &format!("GET {path} HTTP/1.1\r\nHost: testserver\r\n\r\n")).await
}

async fn readiness(site: &Site) -> (u16, Value) {
    let response = get(site, "/readyz").await;
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    (response.status, serde_json::from_str(&response.body).expect("JSON"))
}

/// Probes on a listener of their own, which a drain does not close.
async fn probes(channels: &Channels) -> Site {
    Site::new(health(channels.clone())).await
}

async fn until(site: &Site, status: u16) -> Value {
    soon(&format!("/readyz says {status}"), async {
        loop {
            match readiness(site).await {
                (known, body) if known == status => return body,
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    })
    .await
}

/// Ready, away with a reason that holds no secret, and ready again.
async fn follows(channels: Channels, goes: impl AsyncFnOnce(), comes: impl AsyncFnOnce()) {
    let site = probes(&channels).await;
    assert_eq!(readiness(&site).await, (200, json!({ "status": "ready" })));
    goes().await;
    let body = until(&site, 503).await;
    assert_eq!(body["status"], "away");
    let servers = body["away"].as_array().expect("a list");
    assert_eq!(servers.len(), 1, "{body}");
    assert_eq!(servers[0]["layer"], "default");
    assert!(servers[0]["seconds"].as_f64().is_some_and(|seconds| seconds >= 0.0), "{body}");
    assert!(servers[0]["reason"].as_str().is_some_and(|reason| reason.len() > 10), "{body}");
    assert!(!body.to_string().contains("hush"), "{body}");
    assert_eq!(get(&site, "/healthz").await.status, 200, "an outage is no reason to start anew");
    comes().await;
    assert_eq!(until(&site, 200).await, json!({ "status": "ready" }));
    assert_eq!(channels.counts().layer_outages, 1);
}

#[tokio::test]
async fn memory_is_always_ready() {
    let channels = Channels::memory();
    // Beside consumers, in the same router.
    let site = Site::on(Router::new().consumer::<Guest>().merge(health(channels.clone())), channels).await;
    let alive = get(&site, "/healthz").await;
    assert_eq!((alive.status, &*alive.body), (200, r#"{"status":"alive"}"#));
    assert_eq!(readiness(&site).await, (200, json!({ "status": "ready" })));
    let post = ask(site.address, "POST /readyz HTTP/1.1\r\nHost: testserver\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(post.status, 405);
}

#[tokio::test]
async fn who_drains_is_not_ready_and_alive() {
    let gate = Gate::default();
    let mut site = Site::new(Router::new().consumer::<Guest>().layer(axum::Extension(gate.clone()))).await;
    let probes = probes(&site.channels).await;
    let mut client = site.client("/ws/guest/").await;
    site.stop();
    assert_eq!(client.hear_close().await.0, 1012);
    assert_eq!(readiness(&probes).await, (503, json!({ "status": "draining" })));
    assert_eq!(get(&probes, "/healthz").await.status, 200);
    gate.open();
    site.ended().await;
    assert_eq!(readiness(&probes).await.0, 503, "it comes to its end");
}

#[tokio::test]
async fn the_channels_of_an_alias_count_too() {
    let (alerts, other) = (Channels::memory(), Channels::memory());
    let channels = Channels::builder().alias("alerts", alerts.clone()).alias("other", other).build();
    let site = probes(&channels).await;
    assert_eq!(readiness(&site).await.0, 200);
    alerts.drain(Duration::ZERO, Duration::from_secs(1)).await;
    assert_eq!(readiness(&site).await, (503, json!({ "status": "draining" })));
}

async fn follows_redis(wire: Wire) {
    let server = RedisServer::with(&["--requirepass", "hush"]).await;
    let url = server.url().replace("redis://", "redis://:hush@");
    let channels = wire.channels(&RedisOptions::url(url)).await;
    let server = tokio::sync::Mutex::new(server);
    follows(channels, async || server.lock().await.kill().await, async || server.lock().await.restart().await).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn readiness_follows_who_publishes_over_redis() {
    follows_redis(Wire::Published).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn readiness_follows_who_stores_over_redis() {
    follows_redis(Wire::Stored).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn readiness_follows_a_node_of_a_cluster_over_redis() {
    let mut cluster = RedisCluster::new().await;
    let layer = RedisClusterLayer::connect(&RedisOptions::url(cluster.nodes[0].url())).await.expect("a cluster");
    let channels = Channels::builder().layer(layer).build();
    // A group on each node, so that whichever goes is missed.
    let member = channels.untyped().new_channel();
    for group in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        member.group_add(group).await.expect("a member");
    }
    let node = tokio::sync::Mutex::new(&mut cluster.nodes[1]);
    follows(channels, async || node.lock().await.kill().await, async || node.lock().await.restart().await).await;
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn readiness_follows_over_nats() {
    let server = NatsServer::new().await;
    let layer = NatsLayer::connect(&NatsOptions::url(server.url())).await.expect("a server");
    let channels = Channels::builder().layer(layer).build();
    let server = tokio::sync::Mutex::new(server);
    follows(channels, async || server.lock().await.kill().await, async || server.lock().await.restart().await).await;
}

/// A message goes by the server and back, so a slow line shows.
async fn lags_behind_a_slow_line(wire: Wire) {
    let server = RedisServer::new().await;
    let proxy = Proxy::new(server.port()).await;
    let mut options = RedisOptions::url(format!("redis://127.0.0.1:{}", proxy.port()));
    options.timeout = Duration::from_secs(60);
    let channels = wire.channels(&options).await;
    channels.measure_layer().await.expect("the line is whole");
    proxy.set(Line::Slow(Duration::from_millis(40))).await;
    let lag = channels.measure_layer().await.expect("slow, and no slower");
    // There, and back: the clock of the one who measures is the proxy's.
    assert!(lag >= Duration::from_millis(80), "{lag:?}");
    proxy.set(Line::Stalled).await;
    let error = channels.measure_layer().await.expect_err("nothing passes").to_string();
    assert!(error.contains("5s"), "{error}");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn the_lag_over_redis_is_that_of_the_line() {
    lags_behind_a_slow_line(Wire::Stored).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn the_lag_of_what_is_published_over_redis_is_that_of_the_line() {
    lags_behind_a_slow_line(Wire::Published).await;
}
