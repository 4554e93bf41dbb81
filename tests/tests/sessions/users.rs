//! All connections of a user, over processes.

use axum::{
    Router,
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use consumer_runtime::{
    Connecting, MemoryLayer, RedisLayer, RedisOptions, Settings, prelude::*, testing::Communicator,
};
use tests::RedisServer;

#[event("user.notice")]
struct Notice {
    text: String,
}

/// Says who it is by a frame.
#[consumer("/ws/one/")]
struct One;

#[consumer]
impl One {
    #[receive(text)]
    async fn receive(&mut self, user: String, context: &mut Context<Self>) -> Result {
        match &*user {
            "" => context.log_out().await?,
            user => context.log_in(user).await?,
        }
        context.send_text(context.user_id().unwrap_or_else(|| "nobody".into())).await
    }

    #[event("user.notice")]
    fn notice(notice: &Notice) -> String {
        notice.text.clone()
    }
}

/// Says it by a header, and knows nothing of notices.
struct Known(String);

impl<S: Send + Sync> FromRequestParts<S> for Known {
    type Rejection = StatusCode;

    async fn from_request_parts(request: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let connecting = Connecting::from_request_parts(request, state).await.map_err(|(status, _)| status)?;
        let user = request.headers.get("x-user").and_then(|user| user.to_str().ok()).ok_or(StatusCode::UNAUTHORIZED)?;
        connecting.log_in(user).await.map_err(|_| StatusCode::BAD_REQUEST)?;
        Ok(Self(user.to_owned()))
    }
}

#[consumer("/ws/other/")]
struct Other;

#[consumer]
impl Other {
    #[connect]
    async fn connect(&mut self, known: Known, context: &mut Context<Self>) -> Result<(), Refusal> {
        Ok(context.send_text(known.0).await?)
    }
}

fn app(channels: &Channels) -> Router {
    Router::new().consumer::<One>().consumer::<Other>().with_channels(channels.clone())
}

async fn one(channels: &Channels, user: &str) -> Communicator {
    let mut client = Communicator::new(app(channels), "/ws/one/");
    client.connect().await.unwrap();
    become_user(&mut client, user).await;
    client
}

async fn become_user(client: &mut Communicator, user: &str) {
    client.send_text_to(user).await.unwrap();
    let told = client.receive_text_from().await.unwrap();
    assert_eq!(told, if user.is_empty() { "nobody" } else { user });
}

async fn other(channels: &Channels, user: &str) -> Communicator {
    let mut client = Communicator::new(app(channels), "/ws/other/").header("x-user", user);
    client.connect().await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), user);
    client
}

fn notice(text: &str) -> Notice {
    Notice { text: text.into() }
}

fn banned() -> Close {
    Close::new(close_code!(4403), "banned")
}

async fn all_connections_of_a_user(here: &Channels, there: &Channels) {
    // An address, which no group's name could hold.
    let (mut one, mut two) = (one(here, "ann@example.com").await, one(there, "ann@example.com").await);
    let mut other = other(there, "ann@example.com").await;
    let mut bob = self::one(there, "bob").await;
    here.user("ann@example.com").send(notice("for Ann")).await.unwrap();
    for client in [&mut one, &mut two] {
        assert_eq!(client.receive_text_from().await.unwrap(), r#""for Ann""#);
    }
    there.user("ann@example.com").disconnect(banned()).await.unwrap();
    for client in [&mut one, &mut two, &mut other] {
        assert_eq!(client.receive_close().await.unwrap(), (4403, "banned".to_owned()));
    }
    assert_eq!(there.counts().unhandled, 1, "the other consumer has no handler for it");
    here.user("bob").send(notice("for Bob")).await.unwrap();
    assert_eq!(bob.receive_text_from().await.unwrap(), r#""for Bob""#);
}

#[tokio::test]
async fn all_connections_of_a_user_on_two_processes() {
    let layer = MemoryLayer::new();
    let process = || Channels::builder().layer(layer.clone()).build();
    all_connections_of_a_user(&process(), &process()).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn all_connections_of_a_user_over_redis() {
    let server = RedisServer::new().await;
    let process = async || {
        let layer = RedisLayer::connect(&RedisOptions::url(server.url())).await.unwrap();
        Channels::builder().layer(layer).build()
    };
    all_connections_of_a_user(&process().await, &process().await).await;
}

#[tokio::test]
async fn a_connection_is_one_users_at_a_time() {
    let channels = Channels::memory();
    let mut client = one(&channels, "ann").await;
    become_user(&mut client, "bob").await;
    channels.user("ann").send(notice("for Ann")).await.unwrap();
    channels.user("bob").send(notice("for Bob")).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), r#""for Bob""#);
    become_user(&mut client, "").await;
    channels.user("bob").disconnect(banned()).await.unwrap();
    become_user(&mut client, "").await;
}

#[tokio::test]
async fn django_reaches_a_user_by_the_groups_name() {
    let channels = Channels::memory();
    let mut client = one(&channels, "42").await;
    let message = serde_json::json!({"type": "user.notice", "text": "from Django"});
    channels.untyped().group_send("consumer.user.42", message).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), r#""from Django""#);
}

#[tokio::test]
async fn a_name_that_cannot_be_is_an_error_and_refuses() {
    let channels = Channels::memory();
    let long = "x".repeat(100);
    let error = channels.user(&long).send(notice("x")).await.unwrap_err().to_string();
    assert!(error.contains("bytes long"), "{error}");
    let mut client = Communicator::new(app(&channels), "/ws/other/").header("x-user", &long);
    assert_eq!(client.refused().await.unwrap().0, StatusCode::BAD_REQUEST);
    let mut client = Communicator::new(app(&channels), "/ws/other/");
    assert_eq!(client.refused().await.unwrap().0, StatusCode::UNAUTHORIZED);
    // It counts among the groups of a connection.
    let app = app(&channels).with_settings(Settings { max_groups: 0, ..Settings::default() });
    let mut client = Communicator::new(app, "/ws/other/").header("x-user", "ann");
    assert_eq!(client.refused().await.unwrap().0, StatusCode::BAD_REQUEST);
}

/// The names of users are their own: no group of an application can be one.
#[tokio::test]
async fn a_group_that_could_be_a_users_is_refused() {
    #[group("consumer.{rest}", events(Notice))]
    struct Sneaky {
        rest: String,
    }
    let channels = Channels::memory();
    channels.user("42").send(notice("x")).await.unwrap();
    let error = Sneaky { rest: "user.42".into() }.send(&channels, notice("x")).await.unwrap_err().to_string();
    assert!(error.contains("consumer.user.{id}"), "{error}");
}
