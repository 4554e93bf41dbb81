//! Consumers in nested, layered and stateful routers.

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
    let answer = ask(site.address, &handshake("/nameless", "")).await;
    assert_eq!(answer.status, 500);
    assert!(!answer.body.contains("room"), "how it is made is nobody's business: {}", answer.body);
    let text = log.text();
    let line = text.lines().find(|line| line.contains("mounted on a path without `{room}`")).expect(&text);
    for told in ["ERROR", "consumer=\"Room\"", "field=\"room\"", "declared=\"/ws/room/{room}/\"", "routes!"] {
        assert!(line.contains(told), "{told}: {line}");
    }
}

#[tokio::test]
async fn a_list_of_routes_serves_all_of_them_beside_other_routes() {
    let app = Router::new().route("/plain", get(|| async { "plain" })).merge(routes![Room, Item, Versions]);
    let site = Site::new(app).await;
    answers(&mut site.client(ROOM).await, "lobby").await;
    let mut item = site.client("/ws/item/7/").await;
    item.say("{}").await;
    assert_eq!(item.hear_json().await, json!({"type": "reply", "ok": 7}));
    assert_eq!(ask(site.address, "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n").await.body, "plain");
}

/// A second consumer, in the way of [`Room`].
#[consumer("/ws/room/{other}/")]
struct InTheWay {
    other: String,
}

#[consumer]
impl InTheWay {
    #[receive]
    async fn receive(&mut self, _: Value) -> String {
        self.other.clone()
    }
}

/// Lists that are merged are no longer one list, so axum finds it when the app starts.
#[test]
fn a_path_that_is_taken_is_a_panic_and_the_log_names_the_consumer() {
    let log = Log::begin();
    let apps: [fn() -> Router; 2] = [|| routes![Room].consumer::<InTheWay>(), || routes![Room].consumer::<Room>()];
    let named = [("InTheWay", "/ws/room/{other}/"), ("Room", "/ws/room/{room}/")];
    for (app, (consumer, path)) in apps.into_iter().zip(named) {
        std::panic::catch_unwind(app).expect_err("the path is taken");
        let told = format!("consumer=\"{consumer}\" path=\"{path}\"");
        assert_eq!(log.lines_with(&told), 1, "{}", log.text());
    }
    let _: Router = routes![Room].merge(routes![Item]);
    assert_eq!(log.lines_with("ERROR"), 2, "who is mounted is not told of: {}", log.text());
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
