//! The page that shows what goes on: true numbers, one button, and nothing that a client could do with it.

use axum::Router;
use consumer_runtime::{Origins, Settings, inspector, prelude::*};
use serde_json::{Value, json};
use tests::{Client, Response, Site, ask, eventually};

#[event("hall.rung")]
struct Rung {
    secret: String,
}

#[group("hall_{hall}", events(Rung))]
struct Hall {
    hall: String,
}

#[consumer("/ws/hall/{hall}/", group = Hall, subprotocols("v1"))]
struct Guest {
    hall: String,
}

#[consumer]
impl Guest {
    #[connect]
    async fn connect(&mut self, scope: Scope, context: &mut Context<Self>) -> Result {
        match scope.subprotocols().iter().find(|name| name.contains('&')) {
            Some(odd) => context.select_subprotocol(odd),
            None => Ok(()),
        }
    }

    #[receive("ring")]
    async fn ring(&mut self, _: (), context: &mut Context<Self>) -> Result {
        context.group().send(Rung { secret: "hush".into() }).await
    }

    #[event("hall.rung")]
    fn rung(_: &Rung) -> &'static str {
        "rung"
    }
}

/// With the page at `/inspector`.
async fn site() -> Site {
    let channels = Channels::memory();
    let app = Router::new()
        .consumer::<Guest>()
        .with_settings(Settings { origins: Origins::Any, ..Settings::default() })
        .nest("/inspector", inspector(channels.clone()));
    Site::on(app, channels).await
}

async fn get(site: &Site, path: &str) -> Response {
    ask(site.address, &format!("GET {path} HTTP/1.1\r\nHost: testserver\r\n\r\n")).await
}

async fn state(site: &Site, search: &str) -> Value {
    let response = get(site, &format!("/inspector/state?search={search}")).await;
    assert_eq!((response.status, response.header("content-type")), (200, Some("application/json")));
    serde_json::from_str(&response.body).expect("JSON")
}

async fn disconnect(site: &Site, headers: &str, wish: &Value) -> Response {
    let body = wish.to_string();
    let length = body.len();
    let head = "POST /inspector/disconnect HTTP/1.1\r\nHost: testserver\r\nContent-Type: application/json\r\n";
    ask(site.address, &format!("{head}Content-Length: {length}\r\n{headers}\r\n{body}")).await
}

#[tokio::test]
async fn the_page_and_its_files_are_whole_and_load_nothing_from_elsewhere() {
    let site = site().await;
    for (path, mime, words) in [
        ("/inspector", "text/html; charset=utf-8", "src=\"inspector/script.js\""),
        ("/inspector/style.css", "text/css; charset=utf-8", "prefers-color-scheme"),
        ("/inspector/script.js", "text/javascript; charset=utf-8", "textContent"),
    ] {
        let response = get(&site, path).await;
        assert_eq!((response.status, response.header("content-type")), (200, Some(mime)), "{path}");
        assert!(response.body.contains(words), "{path}");
        let policy = response.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe") && !policy.contains('*'));
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("cache-control"), Some("no-store"));
        for markup in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "https://", "//cdn"] {
            assert!(!response.body.contains(markup), "{markup} in {path}");
        }
    }
}

#[tokio::test]
async fn it_shows_who_is_there_and_what_passes_but_no_payload() {
    let site = site().await;
    let first = state(&site, "").await;
    assert_eq!(first["connections"], json!({ "total": 0, "found": 0, "shown": [] }));
    let origin = "https://a.example";
    let mut ann = Client::try_connect(site.address, "/ws/hall/red/?token=hush", &[("origin", origin)]).await.unwrap();
    let mut ben = site.client("/ws/hall/red/").await;
    let _cleo = site.client("/ws/hall/blue/").await;
    ann.say_json(json!({ "type": "ring" })).await;
    for client in [&mut ann, &mut ben] {
        assert_eq!(client.hear_json().await, "rung");
    }
    let shown = state(&site, "").await;
    assert_eq!(shown["draining"], false);
    assert_eq!(shown["counts"]["accepted"], 3);
    assert_eq!((&shown["counts"]["frames_in"], &shown["counts"]["events"]), (&json!(1), &json!(2)));
    assert_eq!(
        shown["groups"]["shown"],
        json!([
            { "layer": "default", "name": "hall_red", "members": 2 },
            { "layer": "default", "name": "hall_blue", "members": 1 },
        ])
    );
    let consumer = &shown["consumers"][0];
    assert_eq!((&consumer["consumer"], &consumer["path"]), (&json!("Guest"), &json!("/ws/hall/{hall}/")));
    assert_eq!((&consumer["events"], &consumer["frames"]), (&json!(["hall.rung"]), &json!(["ring"])));
    assert_eq!((&consumer["groups"], &consumer["open"]), (&json!(["Hall"]), &json!(3)));
    let passed = &shown["tail"][0];
    assert_eq!((&passed["event"], &passed["group"]), (&json!("hall.rung"), &json!("hall_red")));
    assert_eq!(passed["members"], 2);
    assert!(!shown.to_string().contains("hush"), "{shown}");

    let found = state(&site, "A.EXAMPLE").await;
    assert_eq!((&found["connections"]["total"], &found["connections"]["found"]), (&json!(3), &json!(1)));
    let connection = &found["connections"]["shown"][0];
    assert_eq!((&connection["origin"], &connection["groups"]), (&json!(origin), &json!(["hall_red"])));
    assert!(connection["peer"].as_str().is_some_and(|peer| peer.starts_with("127.0.0.1:")), "{connection}");
    assert_eq!((&connection["waiting"], &connection["groups_total"]), (&json!(0), &json!(1)));
    assert_eq!(state(&site, "hall_blue").await["connections"]["found"], 1);
    assert_eq!(state(&site, "nobody%20there").await["connections"]["found"], 0);
}

#[tokio::test]
async fn what_clients_say_of_themselves_stays_a_text() {
    let site = site().await;
    let odd = "https://a.example/<script>alert(1)</script>";
    let headers = [("origin", odd), ("sec-websocket-protocol", "v1, a&b")];
    let client = Client::try_connect(site.address, "/ws/hall/red/", &headers).await.unwrap();
    let shown = state(&site, "").await;
    let connection = &shown["connections"]["shown"][0];
    assert_eq!((&connection["origin"], &connection["subprotocol"]), (&json!(odd), &json!("a&b")));
    // The page itself never holds it, and JSON that is opened by itself is not sniffed.
    assert!(!get(&site, "/inspector").await.body.contains("alert(1)"));
    assert_eq!(get(&site, "/inspector/state").await.header("x-content-type-options"), Some("nosniff"));
    drop(client);
}

#[tokio::test]
async fn lists_are_cut_and_say_how_long_they_are() {
    let site = site().await;
    let mut members = Vec::new();
    for number in 0..205 {
        let channel = site.channels.untyped().new_channel();
        channel.group_add(&format!("group-{number}")).await.unwrap();
        members.push(channel);
    }
    let shown = state(&site, "").await;
    assert_eq!((&shown["groups"]["total"], &shown["groups"]["found"]), (&json!(205), &json!(205)));
    assert_eq!(shown["groups"]["shown"].as_array().map(Vec::len), Some(200));
    let found = state(&site, "group-204").await;
    assert_eq!((&found["groups"]["total"], &found["groups"]["found"]), (&json!(205), &json!(1)));
}

#[tokio::test]
async fn one_connection_is_disconnected_by_the_page_alone() {
    let site = site().await;
    let (mut ann, mut ben) = (site.client("/ws/hall/red/").await, site.client("/ws/hall/red/").await);
    ann.say_json(json!({ "type": "ring" })).await;
    assert_eq!((ann.hear_json().await, ben.hear_json().await), (json!("rung"), json!("rung")));
    let all = state(&site, "").await;
    let channel = all["connections"]["shown"][0]["channel"].as_str().expect("a channel").to_owned();
    let wish = json!({ "layer": "default", "channel": channel });
    for headers in [
        "",
        "X-Inspector: disconnect\r\n",
        "Origin: http://testserver\r\n",
        "Origin: http://evil.example\r\nX-Inspector: disconnect\r\n",
        "Origin: null\r\nX-Inspector: disconnect\r\n",
        "Origin: http://testserver\r\nX-Inspector: something\r\n",
        "Origin: http://testserver\r\nX-Forwarded-Host: evil.example\r\nX-Inspector: other\r\n",
    ] {
        let refused = disconnect(&site, headers, &wish).await;
        assert_eq!(refused.status, 403, "{headers}");
    }
    assert_eq!(get(&site, "/inspector/disconnect").await.status, 405);
    assert_eq!(state(&site, "").await["connections"]["total"], 2, "nobody was disconnected");

    let own = "Origin: http://testserver\r\nX-Inspector: disconnect\r\n";
    assert_eq!(disconnect(&site, own, &json!({ "channel": 7 })).await.status, 400);
    assert_eq!(disconnect(&site, own, &json!({ "layer": "other", "channel": channel })).await.status, 404);
    assert_eq!(disconnect(&site, own, &json!({ "layer": "default", "channel": "x".repeat(2000) })).await.status, 413);
    assert_eq!(disconnect(&site, own, &wish).await.status, 204);
    // The newest is shown first.
    assert_eq!(ben.hear_close().await, (1008, "disconnected by an operator".to_owned()));
    eventually("it has ended", || site.channels.counts().ended == 1).await;
    assert_eq!(disconnect(&site, own, &wish).await.status, 404, "it is gone");
    ann.say_json(json!({ "type": "ring" })).await;
    assert_eq!(ann.hear_json().await, "rung", "the other is still there");
}
