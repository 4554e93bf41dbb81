//! Routers whose state a consumer takes: given after, before, in parts, and by whoever calls.

use axum::{
    Router,
    extract::{FromRef, State},
};
use consumer_runtime::prelude::*;

#[derive(Clone)]
struct Db;

#[derive(Clone)]
struct App {
    db: Db,
}

impl FromRef<App> for Db {
    fn from_ref(app: &App) -> Self {
        app.db.clone()
    }
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, State(db): State<Db>) {
        let _ = db;
    }
}

#[consumer("/feed")]
struct Feed {
    #[extract]
    db: State<Db>,
}

#[consumer]
impl Feed {
    #[receive]
    async fn receive(&mut self, _: String) {
        let _ = &self.db;
    }
}

/// Knows nothing of the state but what the consumers take.
fn chats<S>(router: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Db: FromRef<S>,
{
    router.consumer::<Chat>().consumer::<Feed>()
}

fn serves(app: Router) -> Router {
    app
}

fn main() {
    let after = Router::new().consumer::<Chat>().consumer::<Feed>().with_state(Db);
    let _ = serves(after);
    let _: Router = Router::new().consumer::<Chat>().with_state(App { db: Db });
    let _: Router = chats(Router::new()).with_state(App { db: Db });
    let _: Router = Router::new().route("/elsewhere", Chat::route()).merge(Feed::router()).with_state(Db);
    let _: Router = Router::new().nest("/inner", Chat::router()).with_state::<()>(Db);
    let waiting: Router<Db> = Router::new().consumer::<Chat>();
    let _: Router = waiting.with_state(Db);
}
