//! `tests/test_generic_websocket.py`.

use super::*;

/// The generic consumer of most tests there, synchronous and asynchronous.
macro_rules! generic {
    ($name:ident, $path:literal, ($($blocking:ident)?), [$($async_:tt)*], [$($await_:tt)*], $context:ident) => {
        #[consumer($path, group = Chat, subprotocols("subprotocol2"))]
        struct $name {
            #[extract]
            results: Diary,
        }

        #[consumer$(($blocking))?]
        impl $name {
            #[connect]
            $($async_)* fn connect(&mut self, scope: Scope, context: &mut $context<Self>) -> Result<(), Refusal> {
                self.results.note(format!("connected, offered {:?}", scope.subprotocols()));
                context.accept_header(HeaderName::from_static("foo"), HeaderValue::from_static("bar"))?;
                Ok(())
            }

            #[receive(text)]
            $($async_)* fn text(&mut self, text: &str, context: &mut $context<Self>) -> Result {
                self.results.note(format!("received text {text}"));
                match text {
                    "close" => context.close(close_code!(4007), "test reason"),
                    _ => context.send_text(text)$($await_)*?,
                }
                Ok(())
            }

            #[receive(bytes)]
            $($async_)* fn bytes(&mut self, bytes: &[u8], context: &mut $context<Self>) -> Result {
                self.results.note(format!("received bytes {bytes:?}"));
                context.send_bytes(bytes)$($await_)*
            }

            #[event("chat.message")]
            $($async_)* fn message(&mut self, event: &ChatMessage, context: &mut $context<Self>) -> Result {
                context.send_text(&event.text)$($await_)*
            }

            #[disconnect]
            $($async_)* fn disconnect(&mut self, disconnect: Disconnect) {
                self.results.note(format!("disconnected {}", disconnect.code()));
            }
        }
    };
}

#[event("chat.message")]
struct ChatMessage {
    text: String,
}

#[group("chat", events(ChatMessage))]
struct Chat {}

generic!(Asynchronous, "/async/", (), [async], [.await], Context);
generic!(Synchronous, "/sync/", (blocking), [], [], BlockingContext);

struct Setup {
    app: Router,
    channels: Channels,
    results: Diary,
}

fn setup() -> Setup {
    let (channels, results) = (Channels::memory(), Diary::default());
    let app = Router::new()
        .consumer::<Asynchronous>()
        .consumer::<Synchronous>()
        .consumer::<Json>()
        .consumer::<BlockingJson>();
    let app = app.with_channels(channels.clone()).layer(axum::Extension(results.clone()));
    Setup { app, channels, results }
}

async fn consumer(path: &str) {
    let Setup { app, results, .. } = setup();
    let mut client = Communicator::new(app, path);
    client.connect().await.unwrap();
    client.send_text_to("hello").await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "hello");
    client.send_bytes_to(b"w\0\0\0").await.unwrap();
    assert_eq!(client.receive_bytes_from().await.unwrap(), b"w\0\0\0");
    client.disconnect().await;
    let life = ["connected, offered []", "received text hello", "received bytes [119, 0, 0, 0]", "disconnected 1000"];
    assert_eq!(results.entries(), life);
}

#[tokio::test]
async fn test_websocket_consumer() {
    consumer("/sync/").await;
}

#[tokio::test]
async fn test_async_websocket_consumer() {
    consumer("/async/").await;
}

/// Stands for a session: whatever an extractor makes of a request.
struct Session(String);

impl<S: Send + Sync> FromRequestParts<S> for Session {
    type Rejection = StatusCode;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let cookie = request.headers.get("cookie").and_then(|cookie| cookie.to_str().ok());
        cookie.map(|cookie| Self(cookie.to_owned())).ok_or(StatusCode::UNAUTHORIZED)
    }
}

#[consumer("/session/{number}/")]
struct WithSession {
    number: u8,
    #[extract]
    session: Session,
}

#[consumer]
impl WithSession {
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result {
        context.send_text(format!("{} {}", self.number, self.session.0)).await
    }
}

#[tokio::test]
async fn test_multiple_websocket_consumers_with_sessions() {
    let app = Router::new().consumer::<WithSession>();
    let mut one = Communicator::new(app.clone(), "/session/1/").header("cookie", "sessionid=a");
    let mut two = Communicator::new(app.clone(), "/session/2/").header("cookie", "sessionid=b");
    one.connect().await.unwrap();
    two.connect().await.unwrap();
    assert_eq!(two.receive_text_from().await.unwrap(), "2 sessionid=b");
    assert_eq!(one.receive_text_from().await.unwrap(), "1 sessionid=a");
    assert_eq!(refused(Communicator::new(app, "/session/3/")).await, 401);
}

async fn subprotocol(path: &str) {
    let Setup { app, results, .. } = setup();
    let mut client = Communicator::new(app, path).subprotocols(&["subprotocol1", "subprotocol2"]);
    assert_eq!(client.connect().await.unwrap().subprotocol.as_deref(), Some("subprotocol2"));
    assert_eq!(results.entries(), [r#"connected, offered ["subprotocol1", "subprotocol2"]"#]);
}

#[tokio::test]
async fn test_websocket_consumer_subprotocol() {
    subprotocol("/sync/").await;
}

#[tokio::test]
async fn test_async_websocket_consumer_subprotocol() {
    subprotocol("/async/").await;
}

async fn groups(path: &str) {
    let Setup { app, channels, .. } = setup();
    let mut client = Communicator::new(app, path);
    client.connect().await.unwrap();
    channels.untyped().group_send("chat", json!({"type": "chat.message", "text": "hello"})).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "hello");
    client.disconnect().await;
    let delivered = channels.counts().delivered;
    Chat {}.send(&channels, ChatMessage { text: "gone".into() }).await.unwrap();
    assert_eq!(channels.counts().delivered, delivered, "the group is left with the connection");
}

#[tokio::test]
async fn test_websocket_consumer_groups() {
    groups("/sync/").await;
}

#[tokio::test]
async fn test_async_websocket_consumer_groups() {
    groups("/async/").await;
}

#[tokio::test]
async fn test_async_websocket_consumer_specific_channel_layer() {
    let (default, other) = (Channels::memory(), Channels::memory());
    let app = Router::new()
        .consumer::<Asynchronous>()
        .with_channels(other.clone())
        .merge(Router::new().consumer::<Synchronous>().with_channels(default.clone()));
    let (mut on_other, mut on_default) = (Communicator::new(app.clone(), "/async/"), Communicator::new(app, "/sync/"));
    on_other.connect().await.unwrap();
    on_default.connect().await.unwrap();
    Chat {}.send(&other, ChatMessage { text: "hello".into() }).await.unwrap();
    assert_eq!(on_other.receive_text_from().await.unwrap(), "hello");
    assert!(on_default.receive_nothing().await);
}

#[consumer("/async-json/")]
struct Json {}

#[consumer]
impl Json {
    #[receive]
    async fn receive_json(&mut self, data: Value, context: &mut Context<Self>) -> Result {
        context.send_json(&data).await
    }
}

#[consumer("/json/")]
struct BlockingJson {}

#[consumer(blocking)]
impl BlockingJson {
    #[receive]
    fn receive_json(&mut self, data: Value, context: &mut BlockingContext<Self>) -> Result {
        context.send_json(&data)
    }
}

async fn json_round_trip(path: &str) {
    let mut client = Communicator::new(setup().app, path);
    client.connect().await.unwrap();
    client.send_json_to(&json!({"hello": "world"})).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({"hello": "world"}));
    // A `ValueError` that ends the consumer there; an error frame that ends nothing here.
    client.send_bytes_to(b"w\0\0\0").await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["code"], "unexpected");
    client.send_json_to(&json!({"still": "here"})).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({"still": "here"}));
    client.disconnect().await;
}

#[tokio::test]
async fn test_json_websocket_consumer() {
    json_round_trip("/json/").await;
}

#[tokio::test]
async fn test_async_json_websocket_consumer() {
    json_round_trip("/async-json/").await;
}

/// Has a method that no frame and no event may reach.
#[consumer("/private/")]
struct Private {}

#[consumer]
impl Private {
    #[receive("my.handler")]
    async fn my_handler(&mut self, _: Value) -> &'static str {
        self._my_private_handler()
    }

    fn _my_private_handler(&self) -> &'static str {
        "private"
    }
}

async fn is_blocked(name: &str) {
    let channels = Channels::memory();
    let mut client =
        Communicator::new(Router::new().consumer::<Private>().with_channels(channels.clone()), "/private/");
    client.connect().await.unwrap();
    client.send_json_to(&json!({ "type": name })).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["code"], "unknown_type");
    let error = channels.untyped().group_send("chat", json!({ "type": name })).await.unwrap_err();
    assert!(error.to_string().contains("begins with `_` or `.`"), "{error}");
    client.send_json_to(&json!({"type": "my.handler"})).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["ok"], "private");
}

#[tokio::test]
async fn test_block_underscored_type_function_call() {
    is_blocked("_my_private_handler").await;
}

#[tokio::test]
async fn test_block_leading_dot_type_function_call() {
    is_blocked(".my_private_handler").await;
}

#[tokio::test]
async fn test_accept_headers() {
    for path in ["/sync/", "/async/"] {
        let mut client = Communicator::new(setup().app, path);
        assert_eq!(client.connect().await.unwrap().headers["foo"], "bar");
    }
}

#[tokio::test]
async fn test_close_reason() {
    for path in ["/sync/", "/async/"] {
        let mut client = Communicator::new(setup().app, path);
        client.connect().await.unwrap();
        client.send_text_to("close").await.unwrap();
        assert_eq!(client.receive_close().await.unwrap(), (4007, "test reason".into()));
    }
}
