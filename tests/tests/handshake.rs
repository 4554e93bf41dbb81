//! The opening handshake: who gets in, and what everybody else is told.

use std::{future::poll_fn, time::Duration};

use axum::{
    Extension, Router,
    extract::{Path, Query, Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use consumer_runtime::{Origins, Settings, prelude::*};
use serde::Deserialize;
use serde_json::{Value, json};
use tests::{Client, Diary, Log, Raw, Site, ask, eventually, frame, handshake, soon};
use tokio::{io::AsyncReadExt, net::TcpListener};

#[event("door.knock")]
struct Knock {}

/// In a group that is named by its path.
#[consumer("/ws/room/{room}/", group = "room_{room}")]
struct Room {
    room: String,
}

#[consumer]
impl Room {
    #[receive]
    async fn receive(&mut self, _: Value) -> String {
        self.room.clone()
    }

    #[event("door.knock")]
    async fn knock(&mut self, _: &Knock) {}
}

/// Has a path value that is not just text.
#[consumer("/ws/item/{item}/")]
struct Item {
    item: u32,
}

#[consumer]
impl Item {
    #[receive]
    async fn receive(&mut self, _: Value) -> u32 {
        self.item
    }
}

/// Tells everything about its scope.
#[consumer("/ws/scope/{a}/{b}/")]
struct Mirror {
    a: String,
    b: String,
}

#[consumer]
impl Mirror {
    #[connect]
    async fn connect(&mut self, scope: Scope, context: &mut Context<Self>) -> Result {
        context
            .send_json(&json!({
                "path": scope.path(),
                "raw_path": scope.raw_path(),
                "query": scope.query(),
                "header": scope.header("x-test"),
                "client": scope.client().map(|client| client.ip().to_string()),
                "server": scope.server(),
                "subprotocols": scope.subprotocols(),
                "kwargs": scope.kwargs().map(|(name, value)| [name, value]).collect::<Vec<_>>(),
                "fields": [self.a, self.b],
                "extension": scope.extensions().get::<Diary>().map(|diary| diary.entries()),
            }))
            .await?;
        assert_eq!(scope.kwarg("a"), Some(&*self.a));
        Ok(())
    }
}

/// Speaks several versions.
#[consumer("/ws/versions/", subprotocols("v2.chat", "v1.chat"))]
struct Versions {}

#[consumer]
impl Versions {
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result {
        context.send_json(&context.subprotocol()).await
    }
}

/// Chooses what the client's own header says.
#[consumer("/ws/chooser/")]
struct Chooser {}

#[consumer]
impl Chooser {
    #[connect]
    async fn connect(&mut self, scope: Scope, context: &mut Context<Self>) -> Result {
        context.select_subprotocol(scope.header("x-choose").unwrap_or_default())?;
        context.accept_header(HeaderName::from_static("x-hello"), HeaderValue::from_static("one"))?;
        context.accept_header(HeaderName::from_static("x-hello"), HeaderValue::from_static("two"))?;
        let own = context.accept_header(HeaderName::from_static("upgrade"), HeaderValue::from_static("h2c"));
        assert!(own.is_err(), "the handshake's own headers are not for sale");
        Ok(())
    }

    #[receive]
    async fn receive(&mut self, _: Value, context: &mut Context<Self>) -> Result<Value> {
        let header = context.accept_header(HeaderName::from_static("x-late"), HeaderValue::from_static("x"));
        Ok(json!({"header": header.is_err(), "subprotocol": context.select_subprotocol("late").is_err()}))
    }
}

fn app() -> Router {
    Router::new()
        .consumer::<Room>()
        .consumer::<Item>()
        .consumer::<Mirror>()
        .consumer::<Versions>()
        .consumer::<Chooser>()
}

async fn site() -> Site {
    Site::new(app()).await
}

async fn site_with(settings: Settings) -> Site {
    Site::new(app().with_settings(settings)).await
}

const ROOM: &str = "/ws/room/lobby/";

mod requests {
    use super::*;

    #[tokio::test]
    async fn the_key_is_answered_as_the_rfc_says() {
        let site = site().await;
        let response = ask(site.address, &handshake(ROOM, "")).await;
        assert_eq!(response.status, 101);
        assert_eq!(response.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assert_eq!(response.header("sec-websocket-extensions"), None);
    }

    #[tokio::test]
    async fn tokens_are_compared_without_case_and_in_lists() {
        let site = site().await;
        let request = handshake(ROOM, "")
            .replace("Connection: Upgrade", "Connection: keep-alive, uPGRADE")
            .replace("Upgrade: websocket", "Upgrade: h2c, WebSocket");
        assert_eq!(ask(site.address, &request).await.status, 101);
    }

    #[tokio::test]
    async fn what_is_no_websocket_request_is_told_so() {
        let site = site().await;
        let plain = ask(site.address, &format!("GET {ROOM} HTTP/1.1\r\nHost: x\r\n\r\n")).await;
        assert_eq!((plain.status, plain.header("upgrade")), (426, Some("websocket")));
        assert!(plain.body.contains("WebSocket endpoint"), "{}", plain.body);

        let posted = ask(site.address, &handshake(ROOM, "").replace("GET", "POST")).await;
        assert_eq!((posted.status, posted.header("allow")), (405, Some("GET")));
        assert!(posted.body.contains("GET"), "{}", posted.body);

        for key in ["", "short", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZSBpcyBsb25n"] {
            let wrong = ask(site.address, &handshake(ROOM, "").replace("dGhlIHNhbXBsZSBub25jZQ==", key)).await;
            assert_eq!(wrong.status, 400, "{key}");
            assert!(wrong.body.contains("`Sec-WebSocket-Key`"), "{}", wrong.body);
        }
        let counts = site.channels.counts();
        assert_eq!(counts.accepted, 0);
    }

    #[tokio::test]
    async fn another_version_is_told_which_one_to_speak() {
        let site = site().await;
        for version in ["8", "14", "x", ""] {
            let request = handshake(ROOM, "").replace("Version: 13", &format!("Version: {version}"));
            let response = ask(site.address, &request).await;
            assert_eq!((response.status, response.header("sec-websocket-version")), (426, Some("13")), "{version}");
        }
        let request = handshake(ROOM, "").replace("Sec-WebSocket-Version: 13\r\n", "");
        assert_eq!(ask(site.address, &request).await.status, 426);
    }

    #[tokio::test]
    async fn the_whole_scope_is_there_during_connect() {
        let site = Site::new(app().layer(Extension(Diary::default()))).await;
        let headers = [("x-test", "yes"), ("sec-websocket-protocol", "b, a")];
        let path = "/ws/scope/r%C3%A9%20sum%C3%A9/two%2Fthree/?q=1&r=%20";
        // No subprotocol is declared, so none is agreed on; tungstenite asks that one is, so the request is our own.
        let mut raw = Raw::connect(site.address).await;
        let extra: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        raw.write(handshake(path, &extra).as_bytes()).await;
        let response = raw.response().await;
        assert_eq!((response.status, response.header("sec-websocket-protocol")), (101, None));
        let (_, told) = raw.frame().await.unwrap();
        let told: Value = serde_json::from_slice(&told).unwrap();
        let expected = json!({
            "path": "/ws/scope/ré sumé/two/three/",
            "raw_path": "/ws/scope/r%C3%A9%20sum%C3%A9/two%2Fthree/",
            "query": "q=1&r=%20",
            "header": "yes",
            "client": "127.0.0.1",
            "server": "testserver",
            "subprotocols": ["b", "a"],
            "kwargs": [["a", "ré sumé"], ["b", "two/three"]],
            "fields": ["ré sumé", "two/three"],
            "extension": [],
        });
        assert_eq!(told, expected);
    }
}

mod values {
    use super::*;

    #[tokio::test]
    async fn a_group_name_that_breaks_the_rule_is_a_400_that_quotes_it() {
        let site = site().await;
        let long = "x".repeat(95);
        for (path, quoted) in [
            ("/ws/room/%EB%B0%A9/", "방"),
            ("/ws/room/two%20words/", "two words"),
            (&format!("/ws/room/{long}/"), "100 bytes long"),
        ] {
            let response = ask(site.address, &handshake(path, "")).await;
            assert_eq!(response.status, 400, "{path}");
            assert!(response.body.contains(quoted), "{}", response.body);
            assert!(response.body.contains("a name has 1 to 99 characters out of ASCII letters"), "{}", response.body);
        }
        assert_eq!(ask(site.address, &handshake(&format!("/ws/room/{}/", &long[1..]), "")).await.status, 101);
    }

    #[tokio::test]
    async fn a_path_value_that_does_not_parse_is_a_400_that_names_it() {
        let site = site().await;
        for value in ["x", "-1", "4294967296", "1.5"] {
            let response = ask(site.address, &handshake(&format!("/ws/item/{value}/"), "")).await;
            assert_eq!(response.status, 400, "{value}");
            assert!(response.body.contains("`item`"), "{}", response.body);
        }
        let mut client = site.client("/ws/item/42/").await;
        client.say("{}").await;
        assert_eq!(client.hear_json().await, json!({"type": "reply", "ok": 42}));
    }

    #[tokio::test]
    async fn a_path_value_that_is_not_utf8_is_a_400() {
        let site = site().await;
        assert_eq!(ask(site.address, &handshake("/ws/room/%FF/", "")).await.status, 400);
    }

    #[tokio::test]
    async fn a_path_that_nobody_serves_is_a_404() {
        let site = site().await;
        assert_eq!(ask(site.address, &handshake("/ws/nowhere/", "")).await.status, 404);
        assert_eq!(ask(site.address, &handshake("/ws/room/lobby", "")).await.status, 404);
    }
}

mod origins {
    use super::*;

    async fn status(site: &Site, host: &str, origin: &str) -> u16 {
        let request = handshake(ROOM, &format!("Origin: {origin}\r\n")).replace("testserver", host);
        ask(site.address, &request).await.status
    }

    #[tokio::test]
    async fn pages_of_the_same_origin_get_in_and_others_are_a_403() {
        let site = site().await;
        for (host, origin) in [
            ("example.com", "https://example.com"),
            ("example.com:8000", "http://example.com:8000"),
            ("EXAMPLE.com", "http://example.COM"),
        ] {
            assert_eq!(status(&site, host, origin).await, 101, "{origin}");
        }
        for origin in
            ["https://evil.example", "https://example.com.evil.example", "http://example.com:1", "null", "x", ""]
        {
            assert_eq!(status(&site, "example.com", origin).await, 403, "{origin}");
        }
        let two = "https://example.com\r\nOrigin: https://example.com";
        assert_eq!(status(&site, "example.com", two).await, 403, "a browser sends one");
        assert_eq!(site.channels.counts().refused, 7);
    }

    #[tokio::test]
    async fn clients_without_an_origin_get_in() {
        assert_eq!(ask(site().await.address, &handshake(ROOM, "")).await.status, 101);
    }

    #[tokio::test]
    async fn a_list_replaces_the_default() {
        let origins = Origins::only(["https://example.com", "https://*.example.org:8443"]).unwrap();
        let site = site_with(Settings { origins, ..Settings::default() }).await;
        assert_eq!(status(&site, "server", "https://example.com").await, 101);
        assert_eq!(status(&site, "server", "https://a.example.org:8443").await, 101);
        for origin in ["https://server", "http://example.com", "https://example.org:8443", "https://a.example.org"] {
            assert_eq!(status(&site, "server", origin).await, 403, "{origin}");
        }
    }

    #[tokio::test]
    async fn any_lets_everybody_in() {
        let site = site_with(Settings { origins: Origins::Any, ..Settings::default() }).await;
        for origin in ["https://evil.example", "null", ""] {
            assert_eq!(status(&site, "server", origin).await, 101, "{origin}");
        }
    }
}

mod subprotocols {
    use super::*;

    async fn agreed(site: &Site, offered: &str) -> (Option<String>, Value) {
        let mut raw = Raw::connect(site.address).await;
        raw.write(handshake("/ws/versions/", offered).as_bytes()).await;
        let response = raw.response().await;
        assert_eq!(response.status, 101);
        let (_, told) = raw.frame().await.unwrap();
        let header = response.header("sec-websocket-protocol").map(str::to_owned);
        (header, serde_json::from_slice(&told).unwrap())
    }

    #[tokio::test]
    async fn the_first_of_the_declared_ones_that_is_offered_is_agreed_on() {
        let site = site().await;
        for (offered, expected) in [
            ("Sec-WebSocket-Protocol: v1.chat, v2.chat\r\n", Some("v2.chat")),
            ("Sec-WebSocket-Protocol: v0.chat\r\nSec-WebSocket-Protocol: v1.chat\r\n", Some("v1.chat")),
            ("Sec-WebSocket-Protocol: V2.CHAT\r\n", None),
            ("Sec-WebSocket-Protocol: v0.chat\r\n", None),
            ("", None),
        ] {
            let (header, told) = agreed(&site, offered).await;
            assert_eq!(header.as_deref(), expected, "{offered}");
            assert_eq!(told, json!(expected), "the consumer knows it: {offered}");
        }
    }

    #[tokio::test]
    async fn connect_may_choose_and_add_headers() {
        let site = site().await;
        let headers = [("sec-websocket-protocol", "a, b"), ("x-choose", "b")];
        let mut client = Client::try_connect(site.address, "/ws/chooser/", &headers).await.unwrap();
        assert_eq!(client.headers["sec-websocket-protocol"], "b");
        assert_eq!(client.headers.get_all("x-hello").iter().collect::<Vec<_>>(), ["one", "two"]);
        client.say("{}").await;
        let late = client.hear_json().await;
        assert_eq!(late["ok"], json!({"header": true, "subprotocol": true}), "after the accept it is too late");
    }

    #[tokio::test]
    async fn choosing_what_is_not_offered_is_an_error() {
        let site = site().await;
        let headers = [("sec-websocket-protocol", "a, b"), ("x-choose", "c")];
        assert_eq!(Client::try_connect(site.address, "/ws/chooser/", &headers).await.unwrap_err().0, 500);
    }
}

mod places {
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
}

mod routers {
    use super::*;

    async fn serve_by_axum(app: Router) -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    async fn answers(client: &mut Client, room: &str) {
        client.say("{}").await;
        assert_eq!(client.hear_json().await, json!({"type": "reply", "ok": room}));
    }

    #[tokio::test]
    async fn under_axums_own_server_a_router_without_channels_is_a_500_and_the_log_says_what_to_add() {
        let log = Log::begin();
        let address = serve_by_axum(app()).await;
        assert_eq!(ask(address, &handshake(ROOM, "")).await.status, 500);
        assert_eq!(log.lines_with(".with_channels(Channels::memory())"), 1, "{}", log.text());
    }

    #[tokio::test]
    async fn axums_own_server_serves_a_router_with_channels() {
        let address = serve_by_axum(app().with_channels(Channels::memory())).await;
        let mut client = Client::connect(address, ROOM).await;
        answers(&mut client, "lobby").await;
    }

    #[tokio::test]
    async fn a_routers_own_channels_beat_the_servers() {
        let channels = Channels::memory();
        let site = Site::new(app().with_channels(channels.clone())).await;
        let _client = site.client(ROOM).await;
        assert_eq!((channels.counts().accepted, site.channels.counts().accepted), (1, 0));
    }

    #[tokio::test]
    async fn a_consumer_is_mounted_nested_merged_and_by_its_route() {
        let nested = Router::new().nest("/api/{version}", Router::new().consumer::<Room>());
        let app = nested.merge(Room::router()).route("/elsewhere/{room}", Room::route());
        let site = Site::new(app).await;
        for path in ["/api/v1/ws/room/a/", "/ws/room/a/", "/elsewhere/a"] {
            let mut client = site.client(path).await;
            answers(&mut client, "a").await;
        }
    }

    #[tokio::test]
    async fn a_consumer_on_a_path_without_its_parameter_is_a_500_that_says_so_in_the_log() {
        let log = Log::begin();
        let site = Site::new(Router::new().route("/nameless", Room::route())).await;
        assert_eq!(ask(site.address, &handshake("/nameless", "")).await.status, 500);
        assert_eq!(log.lines_with("mounted on a path without `{room}`"), 1, "{}", log.text());
    }

    /// What a router's state holds.
    #[derive(Clone)]
    struct Greeting(&'static str);

    #[derive(Deserialize)]
    struct Named {
        name: String,
    }

    /// Made of a state, extractors and its path.
    #[consumer("/ws/greeter/{room}/")]
    struct Greeter {
        room: String,
        greeting: String,
    }

    #[consumer]
    impl Greeter {
        #[connect]
        async fn connect(
            State(Greeting(greeting)): State<Greeting>,
            Path(room): Path<String>,
            Query(named): Query<Named>,
        ) -> Self {
            Self { room, greeting: format!("{greeting} {}", named.name) }
        }

        #[receive]
        async fn receive(&mut self, _: Value) -> String {
            format!("{} in {}", self.greeting, self.room)
        }
    }

    #[tokio::test]
    async fn connect_takes_the_routers_state_and_any_extractor() {
        let app = Router::new()
            .route("/", get(|State(Greeting(greeting)): State<Greeting>| async move { greeting }))
            .consumer::<Greeter>()
            .with_state(Greeting("hello"));
        let site = Site::new(app).await;
        let mut client = site.client("/ws/greeter/lobby/?name=you").await;
        answers(&mut client, "hello you in lobby").await;
        let refused = ask(site.address, &handshake("/ws/greeter/lobby/", "")).await;
        assert_eq!(refused.status, 400, "an extractor's rejection is its own response");
        assert!(refused.body.contains("name"), "{}", refused.body);
    }

    #[tokio::test]
    async fn layers_see_the_request_and_the_response() {
        async fn guard(request: Request, next: Next) -> Response {
            if request.uri().query() == Some("let me in") || request.uri().query() == Some("let+me+in") {
                let mut response = next.run(request).await;
                response.headers_mut().insert("x-guard", HeaderValue::from_static("passed"));
                response
            } else {
                Response::builder().status(StatusCode::UNAUTHORIZED).body("who are you?".into()).unwrap()
            }
        }
        let guarded = app().route_layer(middleware::from_fn(guard));
        let layered = app().layer(middleware::from_fn(guard));
        for app in [guarded, layered] {
            let site = Site::new(app).await;
            assert_eq!(ask(site.address, &handshake(ROOM, "")).await.status, 401);
            let mut client = site.client("/ws/room/lobby/?let+me+in").await;
            assert_eq!(client.headers["x-guard"], "passed");
            answers(&mut client, "lobby").await;
        }
    }
}

mod slow_heads {
    use super::*;

    /// Sees that the server hangs up on a client that sends `beginning` and nothing more.
    async fn is_dropped(beginning: &str) {
        let site = Site::with(app(), |server| server.head_timeout(Duration::from_millis(200))).await;
        let mut raw = Raw::connect(site.address).await;
        raw.write(beginning.as_bytes()).await;
        let mut rest = Vec::new();
        // A reset is as good an end as any other.
        let _ = soon("the server hangs up", raw.stream.read_to_end(&mut rest)).await;
        assert!(!String::from_utf8_lossy(&rest).contains("101"));
    }

    #[tokio::test]
    async fn a_head_that_does_not_end_is_dropped() {
        let head = handshake(ROOM, "");
        is_dropped(&head[..head.len() - 2]).await;
        is_dropped(&head[..30]).await;
    }

    #[tokio::test]
    async fn a_client_that_says_nothing_is_dropped() {
        is_dropped("").await;
    }

    #[tokio::test]
    async fn a_client_that_may_be_about_to_speak_http2_is_dropped() {
        is_dropped("P").await;
        is_dropped("PRI * HTTP/2.0\r\n\r\nSM\r\n\r").await;
    }

    #[tokio::test]
    async fn a_websocket_stays_for_as_long_as_it_likes() {
        let site = Site::with(app(), |server| server.head_timeout(Duration::from_millis(50))).await;
        let mut client = site.client(ROOM).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        client.ping().await;
        client.say("{}").await;
        assert_eq!(client.hear_json().await["ok"], "lobby");
    }
}

mod http2 {
    use super::*;

    async fn connect(site: &Site) -> h2::client::SendRequest<bytes::Bytes> {
        let stream = tokio::net::TcpStream::connect(site.address).await.unwrap();
        let (sender, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        let sender = sender.ready().await.unwrap();
        eventually("the server allows extended CONNECT", || sender.is_extended_connect_protocol_enabled()).await;
        sender
    }

    fn request(path: &str, method: http::Method, protocol: Option<&'static str>) -> http::Request<()> {
        let uri = format!("http://testserver{path}");
        let mut request = http::Request::builder().method(method).uri(uri).version(http::Version::HTTP_2);
        request = request.header("sec-websocket-version", "13");
        let mut request = request.body(()).unwrap();
        if let Some(protocol) = protocol {
            request.extensions_mut().insert(h2::ext::Protocol::from_static(protocol));
        }
        request
    }

    #[tokio::test]
    async fn a_websocket_over_http2_is_like_any_other() {
        let site = site().await;
        let mut sender = connect(&site).await;
        let mut opening = request(ROOM, http::Method::CONNECT, Some("websocket"));
        opening.headers_mut().insert("origin", HeaderValue::from_static("http://testserver"));
        let (response, mut body) = sender.send_request(opening, false).unwrap();
        let response = soon("a response", response).await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(!response.headers().contains_key("sec-websocket-accept"));
        body.send_data(frame(true, 1, b"{}").into(), false).unwrap();
        let mut incoming = response.into_body();
        let answer = soon("an answer", incoming.data()).await.unwrap().unwrap();
        assert_eq!(&answer[2..], br#"{"type":"reply","ok":"lobby"}"#);
        body.send_data(frame(true, 8, &1000_u16.to_be_bytes()).into(), false).unwrap();
        let close = soon("a close frame", incoming.data()).await.unwrap().unwrap();
        assert_eq!(close[..], [0x88, 2, 3, 232]);
        site.settled().await;
        assert_eq!(site.channels.counts().accepted, 1);
    }

    #[tokio::test]
    async fn two_websockets_share_one_connection() {
        let site = site().await;
        let mut sender = connect(&site).await;
        let mut open = Vec::new();
        for room in ["a", "b"] {
            let opening = request(&format!("/ws/room/{room}/"), http::Method::CONNECT, Some("websocket"));
            let (response, body) = sender.send_request(opening, false).unwrap();
            open.push((room, soon("a response", response).await.unwrap().into_body(), body));
            poll_fn(|context| sender.poll_ready(context)).await.unwrap();
        }
        for (room, incoming, body) in &mut open {
            body.send_data(frame(true, 1, b"{}").into(), false).unwrap();
            let answer = soon("an answer", incoming.data()).await.unwrap().unwrap();
            assert_eq!(answer[2..], *format!(r#"{{"type":"reply","ok":"{room}"}}"#).as_bytes());
        }
        // A stream that is reset is a line that is cut.
        let (_, _, mut body) = open.pop().unwrap();
        body.send_reset(h2::Reason::CANCEL);
        eventually("one has ended", || site.channels.counts().ended == 1).await;
    }

    #[tokio::test]
    async fn what_is_no_websocket_request_is_told_so() {
        let site = site().await;
        let mut sender = connect(&site).await;
        for (request, status) in [
            (request(ROOM, http::Method::GET, None), 400),
            (request(ROOM, http::Method::POST, None), 405),
            (request(ROOM, http::Method::CONNECT, Some("connect-udp")), 405),
        ] {
            let (response, _) = sender.send_request(request, true).unwrap();
            let response = soon("a response", response).await.unwrap();
            assert_eq!(response.status(), status);
            let text = soon("a text", response.into_body().data()).await.unwrap().unwrap();
            assert!(String::from_utf8_lossy(&text).contains("extended CONNECT"));
            poll_fn(|context| sender.poll_ready(context)).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_foreign_origin_is_a_403() {
        let site = site().await;
        let mut sender = connect(&site).await;
        let mut opening = request(ROOM, http::Method::CONNECT, Some("websocket"));
        opening.headers_mut().insert("origin", HeaderValue::from_static("http://evil.example"));
        let (response, _) = sender.send_request(opening, false).unwrap();
        assert_eq!(soon("a response", response).await.unwrap().status(), 403);
    }
}
