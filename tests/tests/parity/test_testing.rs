//! `tests/test_testing.py`.

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
