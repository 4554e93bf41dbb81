//! Who is logged in with a real Django project is logged in here.

use axum::{Router, extract::FromRef, http::StatusCode, routing::get};
use consumer_runtime::{
    django::{DjangoAuth, DjangoPostgres, DjangoSession, DjangoSqlite, DjangoUser},
    prelude::*,
    testing::Communicator,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::Accounts;

#[derive(Clone)]
struct Project {
    auth: DjangoAuth,
}

impl FromRef<Project> for DjangoAuth {
    fn from_ref(project: &Project) -> Self {
        project.auth.clone()
    }
}

/// Tells who it is, and whose the connection is.
#[consumer("/ws/who/", sends(Value))]
struct Who;

#[consumer]
impl Who {
    #[connect]
    async fn connect(&mut self, user: DjangoUser, context: &mut Context<Self>) -> Result<(), Refusal> {
        assert!(user.get("password").is_none() && !format!("{user:?}").contains("example.com"));
        let told = json!([user.id(), context.user_id(), user.username(), user.get("email"), user.is_staff()]);
        Ok(context.send_json(&told).await?)
    }
}

/// Lets everybody in, and tells what is in the session.
#[consumer("/ws/anybody/")]
struct Anybody;

#[consumer]
impl Anybody {
    #[connect]
    async fn connect(
        &mut self,
        session: Option<DjangoSession>,
        user: Option<DjangoUser>,
        context: &mut Context<Self>,
    ) -> Result<(), Refusal> {
        let cart = session.as_ref().and_then(|session| session.get("cart"));
        Ok(context.send_json(&json!([user.map(|user| user.id().to_owned()), cart])).await?)
    }
}

fn app(auth: DjangoAuth) -> Router {
    Router::new()
        .consumer::<Who>()
        .consumer::<Anybody>()
        .route("/http", get(async |user: DjangoUser| user.username().to_owned()))
        .with_channels(Channels::memory())
        .with_state(Project { auth })
}

fn client(app: &Router, path: &str, cookie: &str) -> Communicator {
    Communicator::new(app.clone(), path).header("cookie", &format!("csrftoken=x; sessionid={cookie}"))
}

async fn told(app: &Router, path: &str, cookie: &str) -> Value {
    let mut client = client(app, path, cookie);
    client.connect().await.unwrap();
    client.receive_json_from().await.unwrap()
}

/// Neither let in, nor taken for somebody.
async fn nobody(app: &Router, cookie: &str, why: &str) {
    let (status, _, text) = client(app, "/ws/who/", cookie).refused().await.unwrap();
    assert_eq!((status, &*text), (StatusCode::UNAUTHORIZED, "nobody is logged in; log in, and come back\n"), "{why}");
    assert_eq!(told(app, "/ws/anybody/", cookie).await[0], Value::Null, "{why}");
}

const KEY: &str = "a secret key";

fn sqlite(folder: &TempDir, more: Value) -> Value {
    let database = json!({"ENGINE": "django.db.backends.sqlite3", "NAME": folder.path().join("db.sqlite3")});
    let mut settings = json!({"SECRET_KEY": KEY, "DATABASES": {"default": database}});
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings
}

fn opened(folder: &TempDir) -> DjangoSqlite {
    DjangoSqlite::open(folder.path().join("db.sqlite3")).unwrap()
}

/// What every engine does; the sessions are of two users with staff and without.
pub(super) async fn logins_are_djangos(accounts: &Accounts, auth: DjangoAuth, signed: bool) {
    let app = app(auth);
    let made = accounts
        .steps(json!([
            ["user", "ann", {"is_staff": true}],
            ["user", "bob", {}],
            ["login", "ann", {"cart": [1, "zwei", null]}],
            ["login", "bob"],
            ["anonymous", {"cart": 7}],
            ["login", "bob"],
        ]))
        .await;
    let text = |at: usize| made[at].as_str().unwrap();
    let (ann, bob) = (text(0), text(1));
    assert_eq!(told(&app, "/ws/who/", text(2)).await, json!([ann, ann, "ann", "ann@example.com", true]));
    assert_eq!(told(&app, "/ws/who/", text(3)).await, json!([bob, bob, "bob", "bob@example.com", false]));
    assert_eq!(told(&app, "/ws/anybody/", text(2)).await, json!([ann, [1, "zwei", null]]));
    assert_eq!(told(&app, "/ws/anybody/", text(4)).await, json!([null, 7]));
    nobody(&app, text(4), "a session without a login").await;
    nobody(&app, "", "no session").await;
    nobody(&app, "0123456789abcdefghijklmnopqrstuv", "no such session").await;
    nobody(&app, "'; DROP TABLE django_session; --", "no key at all").await;
    accounts.steps(json!([["change_password", "ann"], ["change", "bob", {"is_active": false}]])).await;
    nobody(&app, text(2), "the password was changed").await;
    assert_eq!(told(&app, "/ws/anybody/", text(2)).await, json!([null, [1, "zwei", null]]), "the session is there");
    nobody(&app, text(3), "not active").await;
    accounts.steps(json!([["change", "bob", {"is_active": true}]])).await;
    assert_eq!(told(&app, "/ws/who/", text(3)).await[0], bob);
    if !signed {
        accounts.steps(json!([["logout", text(3)], ["expire", text(5)]])).await;
        nobody(&app, text(3), "logged out").await;
        nobody(&app, text(5), "expired").await;
    }
    accounts.steps(json!([["delete_user", "bob"]])).await;
    nobody(&app, text(5), "deleted").await;
}

#[tokio::test]
async fn settings_that_are_none() {
    let error = DjangoPostgres::connect("postgres://app@127.0.0.1:1/app").await.unwrap_err().to_string();
    assert!(error.contains("refused"), "{error}");
    assert!(DjangoPostgres::connect("what=ever").await.unwrap_err().to_string().contains("what"));
}

mod with_django_over_postgres {
    use tests::PostgresServer;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs Python with Django, and PostgreSQL"]
    async fn sessions_in_the_database() {
        let server = PostgresServer::new().await;
        let accounts = Accounts::new(json!({"SECRET_KEY": KEY, "DATABASES": {"default": server.django()}}));
        let error = DjangoPostgres::connect(&server.url()).await.unwrap_err().to_string();
        assert!(error.contains("django_session"), "it has not been migrated: {error}");
        accounts.step("migrate", json!([])).await;
        let store = DjangoPostgres::connect(&server.url()).await.unwrap();
        logins_are_djangos(&accounts, DjangoAuth::new(KEY, store), false).await;
        let error = DjangoPostgres::connect_to(&server.url(), "accounts_user").await.unwrap_err().to_string();
        assert!(error.contains("accounts_user"), "{error}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs Python with Django, and PostgreSQL"]
    async fn a_server_that_was_away_is_asked_again() {
        let mut server = PostgresServer::new().await;
        let accounts = Accounts::new(json!({"SECRET_KEY": KEY, "DATABASES": {"default": server.django()}}));
        let made = accounts.steps(json!([["migrate"], ["user", "ann", {}], ["login", "ann"]])).await;
        let (ann, cookie) = (made[1].as_str().unwrap(), made[2].as_str().unwrap());
        let app = app(DjangoAuth::new(KEY, DjangoPostgres::connect(&server.url()).await.unwrap()));
        assert_eq!(told(&app, "/ws/who/", cookie).await[0], ann);
        server.kill().await;
        let (status, headers, _) = client(&app, "/ws/who/", cookie).refused().await.unwrap();
        assert_eq!((status, &headers["retry-after"]), (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap()));
        server.restart().await;
        assert_eq!(told(&app, "/ws/who/", cookie).await[0], ann);
    }
}

mod with_django {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs Python with Django"]
    async fn sessions_in_the_database() {
        let folder = TempDir::new().unwrap();
        let accounts = Accounts::new(sqlite(&folder, json!({})));
        accounts.step("migrate", json!([])).await;
        logins_are_djangos(&accounts, DjangoAuth::new(KEY, opened(&folder)), false).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs Python with Django"]
    async fn sessions_in_signed_cookies() {
        let folder = TempDir::new().unwrap();
        let engine = json!({"SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies"});
        let accounts = Accounts::new(sqlite(&folder, engine));
        accounts.step("migrate", json!([])).await;
        let auth = DjangoAuth::new(KEY, opened(&folder));
        logins_are_djangos(&accounts, auth.clone().signed_cookies(), true).await;
        // They say themselves how old they are.
        let cookie = accounts.steps(json!([["user", "eve", {}], ["login", "eve"]])).await.pop().unwrap();
        let app = app(auth.signed_cookies().cookie_age(std::time::Duration::ZERO));
        nobody(&app, cookie.as_str().unwrap(), "too old").await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs Python with Django"]
    async fn keys_are_rotated_and_backends_are_the_projects() {
        let folder = TempDir::new().unwrap();
        let accounts = Accounts::new(sqlite(&folder, json!({})));
        let made = accounts.steps(json!([["migrate"], ["user", "ann", {}], ["login", "ann"]])).await;
        let (ann, cookie) = (made[1].as_str().unwrap(), made[2].as_str().unwrap());
        let rotated = DjangoAuth::new("a newer key", opened(&folder));
        nobody(&app(rotated.clone()), cookie, "another key").await;
        assert_eq!(told(&app(rotated.fallbacks([KEY])), "/ws/who/", cookie).await[0], ann);
        let other = DjangoAuth::new(KEY, opened(&folder)).backends(["accounts.backends.Tokens"]);
        nobody(&app(other), cookie, "another backend").await;
        let named = DjangoAuth::new(KEY, opened(&folder)).cookie_name("shop");
        nobody(&app(named), cookie, "another cookie").await;
    }

    /// The session says when it ends.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs Python with Django"]
    async fn a_session_that_ends_takes_the_connection_along() {
        let folder = TempDir::new().unwrap();
        let accounts = Accounts::new(sqlite(&folder, json!({"SESSION_COOKIE_AGE": 10})));
        let made = accounts.steps(json!([["migrate"], ["user", "ann", {}], ["login", "ann"]])).await;
        let app = app(DjangoAuth::new(KEY, opened(&folder)));
        let mut client =
            client(&app, "/ws/who/", made[2].as_str().unwrap()).patience(std::time::Duration::from_secs(30));
        client.connect().await.unwrap();
        client.receive_json_from::<Value>().await.unwrap();
        assert_eq!(client.receive_close().await.unwrap().0, 4401);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs Python with Django"]
    async fn a_database_that_cannot_be_asked_is_503() {
        let folder = TempDir::new().unwrap();
        let accounts = Accounts::new(sqlite(&folder, json!({})));
        let made = accounts.steps(json!([["migrate"], ["user", "ann", {}], ["login", "ann"]])).await;
        let app = app(DjangoAuth::new(KEY, opened(&folder).users("accounts_user")));
        let (status, headers, text) = client(&app, "/ws/who/", made[2].as_str().unwrap()).refused().await.unwrap();
        assert_eq!((status, &headers["retry-after"]), (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap()));
        assert!(!text.contains("accounts_user"), "nothing of it is the client's business: {text}");
        assert!(DjangoSqlite::open(folder.path().join("none")).unwrap_err().to_string().contains("none"));
    }
}
