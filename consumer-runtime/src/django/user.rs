//! Django's user and session as extractors.

use std::fmt;

use axum::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

use super::{DjangoAuth, DjangoSession};
use crate::{
    error::Error,
    session::{Connecting, Cookies, not_logged_in},
};

/// The user who is logged in with Django, as `scope["user"]` in Django Channels.
///
/// An extractor, for `#[connect]` and for ordinary handlers, of a router whose state has a [`DjangoAuth`]. In `#[connect]` it also says that
/// the connection may [stay until](crate::Context::stay_until) the session expires, and [whose it
/// is](crate::Context::log_in): `channels.user("7")` reaches all connections of the user with the primary key 7. Without a
/// login the request is refused with 401; `Option<DjangoUser>` lets anonymous clients pass.
///
/// As in Django Channels, a logout does not end connections by itself: say `channels.user(id).disconnect(..)`, or from Django
/// `group_send("consumer.user.7", {"type": "connection.close", "code": 4401})`, as on the signal `user_logged_out`.
///
/// ```
/// use axum::{Router, extract::FromRef};
/// use consumer_runtime::{django::{DjangoAuth, DjangoUser}, prelude::*};
///
/// #[derive(Clone)]
/// struct AppState {
///     auth: DjangoAuth,
/// }
///
/// impl FromRef<AppState> for DjangoAuth {
///     fn from_ref(state: &AppState) -> Self {
///         state.auth.clone()
///     }
/// }
///
/// #[consumer("/ws/inbox/", sends(String))]
/// struct Inbox {}
///
/// #[consumer]
/// impl Inbox {
///     #[connect]
///     async fn connect(&mut self, user: DjangoUser, context: &mut Context<Self>) -> Result<(), Refusal> {
///         Ok(context.send(&format!("hello {}", user.username())).await?)
///     }
/// }
///
/// fn app(auth: DjangoAuth) -> Router {
///     Router::new().consumer::<Inbox>().with_state(AppState { auth })
/// }
/// ```
#[derive(Clone)]
pub struct DjangoUser {
    id: String,
    row: Map<String, Value>,
}

impl fmt::Debug for DjangoUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DjangoUser").field("id", &self.id).finish_non_exhaustive()
    }
}

impl DjangoUser {
    pub(super) fn new(id: String, row: Map<String, Value>) -> Self {
        Self { id, row }
    }

    /// The primary key, as text.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `username`; empty when the user model has no such column.
    pub fn username(&self) -> &str {
        self.get("username").and_then(Value::as_str).unwrap_or_default()
    }

    /// `is_staff`
    pub fn is_staff(&self) -> bool {
        self.get("is_staff").is_some_and(is_true)
    }

    /// `is_superuser`
    pub fn is_superuser(&self) -> bool {
        self.get("is_superuser").is_some_and(is_true)
    }

    /// Any column of the user model but `password`. SQLite has no truth values: there they are 1 and 0.
    pub fn get(&self, column: &str) -> Option<&Value> {
        self.row.get(column)
    }
}

/// As databases write it.
pub(super) fn is_true(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_i64().is_some_and(|number| number != 0))
}

/// Why a login is none.
#[derive(Debug)]
#[non_exhaustive]
pub enum NoLogin {
    /// There is no session, or nobody is logged in with it.
    Anonymous,
    /// The database cannot be asked.
    Database(Error),
    /// The user's other connections cannot be joined, since the channel layer is away.
    Layer(Error),
}

impl fmt::Display for NoLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("nobody is logged in; log in, and come back"),
            Self::Database(why) => write!(f, "it cannot be found out who is logged in: {why}"),
            Self::Layer(why) => write!(f, "the client cannot be logged in: {why}"),
        }
    }
}

impl std::error::Error for NoLogin {}

impl IntoResponse for NoLogin {
    fn into_response(self) -> Response {
        match self {
            Self::Anonymous => (StatusCode::UNAUTHORIZED, format!("{self}\n")).into_response(),
            Self::Database(why) | Self::Layer(why) => not_logged_in(&why),
        }
    }
}

async fn session<S>(request: &Parts, state: &S) -> Result<Option<DjangoSession>, NoLogin>
where
    DjangoAuth: FromRef<S>,
{
    let auth = DjangoAuth::from_ref(state);
    let session = auth.session(&Cookies::of(&request.headers)).await.map_err(NoLogin::Database)?;
    if let (Some(session), Some(connecting)) = (&session, request.extensions.get::<Connecting>()) {
        connecting.stay_until(session.expires_at());
    }
    Ok(session)
}

async fn user<S>(request: &Parts, state: &S) -> Result<Option<DjangoUser>, NoLogin>
where
    DjangoAuth: FromRef<S>,
{
    let Some(session) = session(request, state).await? else { return Ok(None) };
    let user = DjangoAuth::from_ref(state).user(&session).await.map_err(NoLogin::Database)?;
    if let (Some(user), Some(connecting)) = (&user, request.extensions.get::<Connecting>()) {
        connecting.log_in(user.id()).await.map_err(NoLogin::Layer)?;
    }
    Ok(user)
}

/// An extractor of what a request may bring, and one of that it does.
macro_rules! extracted {
    ($type:ty, $found:ident) => {
        impl<S: Send + Sync> FromRequestParts<S> for $type
        where
            DjangoAuth: FromRef<S>,
        {
            type Rejection = NoLogin;

            async fn from_request_parts(request: &mut Parts, state: &S) -> Result<Self, NoLogin> {
                $found(request, state).await?.ok_or(NoLogin::Anonymous)
            }
        }

        impl<S: Send + Sync> OptionalFromRequestParts<S> for $type
        where
            DjangoAuth: FromRef<S>,
        {
            type Rejection = NoLogin;

            async fn from_request_parts(request: &mut Parts, state: &S) -> Result<Option<Self>, NoLogin> {
                $found(request, state).await
            }
        }
    };
}

extracted!(DjangoSession, session);
extracted!(DjangoUser, user);
