//! Sessions of tower-sessions, which work in `#[connect]` as in any axum handler.
//!
//! Here, since this crate of theirs would change what the compiler says to the programs in `tests/ui`.

use std::time::Duration;

use axum::{Router, routing::post};
use consumer_runtime::{prelude::*, testing::Communicator};
use tower::ServiceExt;
use tower_sessions::{Expiry, MemoryStore, Session, SessionManagerLayer};

/// Stays as long as the session does, and counts what it is told in it.
#[consumer("/ws/session/")]
struct WithSession {
    session: Option<Session>,
}

fn broken(error: tower_sessions::session::Error) -> Error {
    Error::msg(error.to_string())
}

#[consumer]
impl WithSession {
    #[connect]
    async fn connect(session: Session, context: &mut Context<Self>) -> Result<Self, Refusal> {
        let Some(user) = session.get::<String>("user").await.map_err(broken)? else {
            return Err(Refusal::response(axum::http::StatusCode::UNAUTHORIZED));
        };
        context.log_in(&user).await?;
        context.stay_for(session.expiry_age().unsigned_abs());
        context.send_text(user).await?;
        Ok(Self { session: Some(session) })
    }

    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        let session = self.session.as_ref().ok_or_else(|| Error::msg("set in connect"))?;
        session.insert("last", &text).await.map_err(broken)?;
        // The response has long been sent: what changes now is saved by hand.
        session.save().await.map_err(broken)?;
        context.send_text("kept").await
    }
}

#[tokio::test]
async fn a_session_of_the_http_side_is_there() {
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        .with_secure(false)
        .with_expiry(Expiry::OnInactivity(Duration::from_secs(3600).try_into().unwrap()));
    let app = Router::new()
        .route("/login", post(async |session: Session| session.insert("user", "ann").await.unwrap()))
        .route("/last", post(async |session: Session| session.get::<String>("last").await.unwrap().unwrap()))
        .consumer::<WithSession>()
        .with_channels(Channels::memory())
        .layer(sessions);
    let ask = async |path: &str, cookie: &str| {
        let request = axum::http::Request::post(path).header("cookie", cookie).body(axum::body::Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap()
    };
    let login = ask("/login", "x=y").await;
    let cookie = login.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(Communicator::new(app.clone(), "/ws/session/").refused().await.unwrap().0, 401);
    let mut client = Communicator::new(app.clone(), "/ws/session/").header("cookie", &cookie);
    client.connect().await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "ann");
    client.send_text_to("seen").await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "kept");
    let last = axum::body::to_bytes(ask("/last", &cookie).await.into_body(), 100).await.unwrap();
    assert_eq!(&*last, b"seen", "what the consumer has put there");
}
