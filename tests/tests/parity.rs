//! Django Channels' own tests as behaviours, by their names; `docs/parity.md` says for each what became of it.

use std::time::Duration;

use axum::{
    Router,
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, StatusCode, request::Parts},
    routing::get,
};
use consumer_runtime::{
    prelude::*,
    testing::{Communicator, TestError},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tests::Diary;

async fn refused(mut client: Communicator) -> StatusCode {
    match client.connect().await {
        Err(TestError::Refused { status, .. }) => status,
        other => panic!("not refused: {other:?}"),
    }
}

mod test_generic_websocket {
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
        let life =
            ["connected, offered []", "received text hello", "received bytes [119, 0, 0, 0]", "disconnected 1000"];
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
        let (mut on_other, mut on_default) =
            (Communicator::new(app.clone(), "/async/"), Communicator::new(app, "/sync/"));
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
}

mod test_inmemorychannel {
    use super::*;

    fn message(text: &str) -> Value {
        json!({"type": "test.message", "text": text})
    }

    fn small() -> Channels {
        let layer = consumer_runtime::MemoryLayer::with(3, Duration::from_secs(60), []);
        Channels::builder().layer(layer).capacity(3).build()
    }

    async fn receive(channels: &Channels, name: &str) -> Value {
        channels.untyped().receive(name).await.unwrap().to_value().unwrap()
    }

    async fn is_silent(channel: &mut consumer_runtime::ReceivingChannel) -> bool {
        tokio::time::timeout(Duration::from_millis(100), channel.receive()).await.is_err()
    }

    async fn hears(channel: &mut consumer_runtime::ReceivingChannel, text: &str) {
        let heard = tests::soon("a message", channel.receive()).await;
        assert_eq!(heard.to_value().unwrap(), message(text));
    }

    #[tokio::test]
    async fn test_send_receive() {
        let channels = small();
        channels.untyped().send("test-channel-1", message("Ahoy-hoy!")).await.unwrap();
        assert_eq!(receive(&channels, "test-channel-1").await, message("Ahoy-hoy!"));
    }

    #[tokio::test]
    async fn test_race_empty() {
        let channels = small();
        let waiting = tokio::spawn({
            let channels = channels.clone();
            async move { receive(&channels, "test-channel-1").await }
        });
        tokio::task::yield_now().await;
        // A receiver that gives up between the send and its turn takes no message with it.
        let given_up = tokio::time::timeout(Duration::ZERO, channels.untyped().receive("test-channel-1")).await;
        assert!(given_up.is_err());
        channels.untyped().send("test-channel-1", message("Ahoy-hoy!")).await.unwrap();
        assert_eq!(tests::soon("a message", waiting).await.unwrap(), message("Ahoy-hoy!"));
    }

    #[tokio::test]
    async fn test_send_capacity() {
        let channels = small();
        for _ in 0..3 {
            channels.untyped().send("test-channel-1", message("hey")).await.unwrap();
        }
        let error = channels.untyped().send("test-channel-1", message("hey")).await.unwrap_err();
        assert!(error.to_string().contains("is full"), "{error}");
    }

    #[tokio::test]
    async fn test_process_local_send_receive() {
        let channels = small();
        let mut channel = channels.untyped().new_channel();
        channels.untyped().send(channel.name().as_str(), message("Local only please")).await.unwrap();
        hears(&mut channel, "Local only please").await;
    }

    #[tokio::test]
    async fn test_multi_send_receive() {
        let channels = small();
        for text in ["message #1", "message #2", "message #3"] {
            channels.untyped().send("test-channel", message(text)).await.unwrap();
        }
        for text in ["message #1", "message #2", "message #3"] {
            assert_eq!(receive(&channels, "test-channel").await, message(text));
        }
    }

    #[tokio::test]
    async fn test_groups_basic() {
        let channels = small();
        let mut members = [(); 3].map(|()| channels.untyped().new_channel());
        for member in &members {
            member.group_add("test-group").await.unwrap();
        }
        members[1].group_discard("test-group").await.unwrap();
        channels.untyped().group_send("test-group", message("hello")).await.unwrap();
        hears(&mut members[0], "hello").await;
        hears(&mut members[2], "hello").await;
        assert!(is_silent(&mut members[1]).await);
    }

    #[tokio::test]
    async fn test_groups_channel_full() {
        let channels = small();
        let mut full = channels.untyped().new_channel();
        full.group_add("test-group").await.unwrap();
        for text in ["1", "2", "3", "4", "5"] {
            channels.untyped().group_send("test-group", message(text)).await.expect("never an error");
        }
        assert_eq!(channels.counts().channel_full, 2);
        for text in ["1", "2", "3"] {
            hears(&mut full, text).await;
        }
        assert!(is_silent(&mut full).await);
    }

    #[tokio::test(start_paused = true)]
    async fn test_expiry_single() {
        let channels = Channels::memory();
        let mut channel = channels.untyped().new_channel();
        channels.untyped().send(channel.name().as_str(), message("old")).await.unwrap();
        channels.untyped().send("test-channel", message("old")).await.unwrap();
        tokio::time::sleep(Duration::from_secs(59)).await;
        channels.untyped().send(channel.name().as_str(), message("new")).await.unwrap();
        channels.untyped().send("test-channel", message("new")).await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        hears(&mut channel, "new").await;
        assert_eq!(receive(&channels, "test-channel").await, message("new"));
        assert_eq!(channels.counts().expired, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn test_expiry_unread() {
        let channels = Channels::memory();
        let mut member = channels.untyped().new_channel();
        member.group_add("test-group").await.unwrap();
        channels.untyped().group_send("test-group", message("old")).await.unwrap();
        tokio::time::sleep(Duration::from_secs(61)).await;
        assert!(is_silent(&mut member).await);
        // There an unread message throws its channel out of all groups; here it stays a member.
        channels.untyped().group_send("test-group", message("new")).await.unwrap();
        hears(&mut member, "new").await;
    }

    #[tokio::test(start_paused = true)]
    async fn test_expiry_multi() {
        let channels = Channels::builder().expiry(Duration::from_secs(5)).build();
        let mut channel = channels.untyped().new_channel();
        let name = channel.name().clone();
        for text in ["message #1", "message #2", "message #3"] {
            channels.untyped().send(name.as_str(), message(text)).await.unwrap();
        }
        hears(&mut channel, "message #1").await;
        tokio::time::sleep(Duration::from_secs(6)).await;
        channels.untyped().send(name.as_str(), message("message #4")).await.unwrap();
        hears(&mut channel, "message #4").await;
        assert!(is_silent(&mut channel).await);
        assert_eq!(channels.counts().expired, 2);
    }
}

mod test_routing {
    use super::*;

    /// Says by which route it was reached.
    macro_rules! reached {
        ($name:ident, $path:literal { $($field:ident: $type:ty),* }) => {
            #[consumer($path)]
            struct $name { $($field: $type),* }

            #[consumer]
            impl $name {
                #[connect]
                async fn connect(&mut self, context: &mut Context<Self>) -> Result {
                    context.send_json(&json!({"consumer": stringify!($name), $(stringify!($field): self.$field),*})).await
                }
            }
        };
    }

    reached!(Literal, "/" {});
    reached!(Foo, "/foo/" {});
    reached!(Number, "/number/{number}/" { number: u32 });
    reached!(Name, "/name/{name}/" { name: String });
    reached!(NumberAndName, "/number/{number}/name/{name}/" { number: u32, name: String });
    reached!(Rest, "/rest/{*rest}" { rest: String });

    fn routes() -> Router {
        Router::new()
            .consumer::<Literal>()
            .consumer::<Foo>()
            .consumer::<Number>()
            .consumer::<Name>()
            .consumer::<NumberAndName>()
            .consumer::<Rest>()
    }

    async fn at(app: Router, path: &str) -> Value {
        let mut client = Communicator::new(app, path);
        client.connect().await.unwrap();
        client.receive_json_from().await.unwrap()
    }

    #[tokio::test]
    async fn test_protocol_type_router() {
        let app = Router::new().route("/page/", get(|| async { "a page" })).consumer::<Foo>();
        assert_eq!(at(app.clone(), "/foo/").await, json!({"consumer": "Foo"}));
        let site = tests::Site::new(app).await;
        let page = tests::ask(site.address, "GET /page/ HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert_eq!((page.status, &*page.body), (200, "a page"));
        let socket = tests::ask(site.address, "GET /foo/ HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert_eq!(socket.status, 426, "another protocol than the route's");
    }

    #[tokio::test]
    async fn test_url_router() {
        assert_eq!(at(routes(), "/").await, json!({"consumer": "Literal"}));
        assert_eq!(at(routes(), "/foo/").await, json!({"consumer": "Foo"}));
        assert_eq!(at(routes(), "/name/Django/").await, json!({"consumer": "Name", "name": "Django"}));
        assert_eq!(at(routes(), "/name/r%C3%A9/?a=b").await, json!({"consumer": "Name", "name": "ré"}));
        assert_eq!(refused(Communicator::new(routes(), "/nonexistent/")).await, 404);
        assert_eq!(refused(Communicator::new(routes(), "/foo")).await, 404);
    }

    #[tokio::test]
    async fn test_url_router_nesting() {
        let app = Router::new().nest("/universe/{universe}", routes());
        assert_eq!(at(app.clone(), "/universe/42/foo/").await, json!({"consumer": "Foo"}));
        assert_eq!(at(app.clone(), "/universe/42/name/a/").await, json!({"consumer": "Name", "name": "a"}));
        assert_eq!(refused(Communicator::new(app, "/universe/42/nonexistent/")).await, 404);
    }

    #[tokio::test]
    async fn test_url_router_nesting_path() {
        let inner = routes().layer(axum::Extension("a layer around the inner router"));
        let app = Router::new().nest("/universe/{universe}", Router::new().nest("/test", inner));
        let expected = json!({"consumer": "NumberAndName", "number": 7, "name": "a"});
        assert_eq!(at(app, "/universe/42/test/number/7/name/a/").await, expected);
    }

    #[tokio::test]
    async fn test_url_router_path() {
        assert_eq!(at(routes(), "/number/42/").await, json!({"consumer": "Number", "number": 42}));
        let expected = json!({"consumer": "NumberAndName", "number": 42, "name": "jane"});
        assert_eq!(at(routes(), "/number/42/name/jane/").await, expected);
        assert_eq!(refused(Communicator::new(routes(), "/number/fortytwo/")).await, 400);
    }

    #[tokio::test]
    async fn test_path_remaining() {
        assert_eq!(at(routes(), "/rest/any/depth/").await, json!({"consumer": "Rest", "rest": "any/depth/"}));
    }

    #[test]
    fn test_invalid_routes() {
        let twice = std::panic::catch_unwind(|| Router::<()>::new().consumer::<Foo>().consumer::<Foo>());
        assert!(twice.is_err(), "two consumers on one path are refused when the app starts");
    }
}

mod test_testing {
    use super::*;

    #[derive(Deserialize)]
    struct Query {
        foo: Option<String>,
    }

    #[consumer("/testws/{name}/")]
    struct Simple {
        name: String,
        foo: Option<String>,
    }

    #[consumer]
    impl Simple {
        #[connect]
        async fn connect(
            axum::extract::Path(name): axum::extract::Path<String>,
            axum::extract::Query(query): axum::extract::Query<Query>,
            scope: Scope,
            context: &mut Context<Self>,
        ) -> Result<Self, Refusal> {
            if let Some(name) = scope.subprotocols().first() {
                context.select_subprotocol(name)?;
            }
            Ok(Self { name, foo: query.foo })
        }

        #[receive(text)]
        async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
            match text.as_str() {
                "who" => context.send_json(&json!({"name": self.name, "foo": self.foo})).await,
                "silence" => Ok(()),
                _ => context.send_text(text).await,
            }
        }
    }

    fn client(path: &str) -> Communicator {
        Communicator::new(Router::new().consumer::<Simple>(), path)
    }

    #[tokio::test]
    async fn test_websocket_communicator() {
        let mut client = client("/testws/a/").subprotocols(&["test"]);
        assert_eq!(client.connect().await.unwrap().subprotocol.as_deref(), Some("test"));
        client.send_text_to("hello").await.unwrap();
        assert_eq!(client.receive_text_from().await.unwrap(), "hello");
        client.send_json_to(&json!({"hello": "world"})).await.unwrap();
        assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({"hello": "world"}));
        assert!(client.receive_nothing().await);
        client.disconnect().await;
    }

    #[tokio::test]
    async fn test_websocket_incorrect_read_json() {
        let mut client = client("/testws/a/");
        client.connect().await.unwrap();
        client.send_text_to("this is not json").await.unwrap();
        assert!(matches!(client.receive_json_from::<Value>().await, Err(TestError::Json(_))));
        client.send_text_to("text").await.unwrap();
        assert!(matches!(client.receive_bytes_from().await, Err(TestError::Unexpected { .. })));
    }

    #[tokio::test]
    async fn test_websocket_application() {
        let app = Router::new().nest("/outer", Router::new().consumer::<Simple>());
        let mut client = Communicator::new(app, "/outer/testws/a/");
        client.connect().await.unwrap();
        client.send_text_to("who").await.unwrap();
        assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({"name": "a", "foo": null}));
    }

    #[tokio::test(start_paused = true)]
    async fn test_timeout_disconnect() {
        let mut client = client("/testws/a/");
        client.connect().await.unwrap();
        client.send_text_to("silence").await.unwrap();
        assert_eq!(client.receive_text_from().await, Err(TestError::Silent(Duration::from_secs(1))));
        client.disconnect().await;
        assert_eq!(client.send_text_to("hello").await, Err(TestError::NotConnected));
    }

    #[tokio::test]
    async fn test_connection_scope() {
        for (path, name, foo) in [
            ("/testws/test/", "test", None),
            ("/testws/t%C3%A9st/", "tést", None),
            ("/testws/a%20b/?foo=bar", "a b", Some("bar")),
            ("/testws/a/?foo=%25%20%C3%A9", "a", Some("% é")),
        ] {
            let mut client = client(path);
            client.connect().await.unwrap();
            client.send_text_to("who").await.unwrap();
            assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({"name": name, "foo": foo}), "{path}");
        }
    }
}
