//! The connection that is being made, as extractors know it.

use std::{
    convert::Infallible,
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{StatusCode, request::Parts},
};

use super::users;
use crate::{channels::Channels, connection::Connection, error::Result};

/// The connection that is being made, for extractors which know whose it is and for how long.
///
/// An extractor of one's own, for a kind of login that is not here, says both, and no consumer has to think of it. In an ordinary axum
/// handler there is none, so such an extractor asks for `Option<Connecting>`.
///
/// ```
/// use axum::{extract::FromRequestParts, http::{StatusCode, request::Parts}};
/// use consumer_runtime::{Connecting, prelude::*};
/// use std::time::Duration;
///
/// struct Member {
///     name: String,
/// }
///
/// # async fn who_is(_: &Parts) -> Option<String> { Some("ann".into()) }
/// impl<S: Send + Sync> FromRequestParts<S> for Member {
///     type Rejection = StatusCode;
///
///     async fn from_request_parts(request: &mut Parts, state: &S) -> Result<Self, StatusCode> {
///         let name = who_is(request).await.ok_or(StatusCode::UNAUTHORIZED)?;
///         if let Ok(Some(connecting)) = <Option<Connecting>>::from_request_parts(request, state).await {
///             connecting.stay_for(Duration::from_secs(3600));
///             connecting.log_in(&name).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
///         }
///         Ok(Self { name })
///     }
/// }
///
/// #[consumer("/ws/members/", sends(String))]
/// struct Members {}
///
/// #[consumer]
/// impl Members {
///     #[connect]
///     async fn connect(&mut self, member: Member, context: &mut Context<Self>) -> Result<(), Refusal> {
///         Ok(context.send(&format!("hello {}", member.name)).await?)
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Connecting {
    connection: Arc<Connection>,
    channels: Channels,
}

impl fmt::Debug for Connecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connecting").field(self.connection.name()).finish()
    }
}

impl Connecting {
    pub(crate) fn new(connection: &Arc<Connection>, channels: &Channels) -> Self {
        Self { connection: Arc::clone(connection), channels: channels.clone() }
    }

    pub(super) fn channels(&self) -> &Channels {
        &self.channels
    }

    /// As [`Context::stay_for`](crate::Context::stay_for).
    pub fn stay_for(&self, time: Duration) {
        self.connection.stay_for(time);
    }

    /// As [`Context::stay_until`](crate::Context::stay_until).
    pub fn stay_until(&self, end: SystemTime) {
        self.connection.stay_until(end);
    }

    /// As [`Context::log_in`](crate::Context::log_in).
    ///
    /// # Errors
    /// As there.
    pub async fn log_in(&self, user: &str) -> Result {
        users::log_in(&self.channels, &self.connection, user).await
    }
}

/// Outside of a consumer's `#[connect]` there is no connection: 500, and a log line that says so.
impl<S: Send + Sync> FromRequestParts<S> for Connecting {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        request.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!(
                "an extractor asks for `Connecting` where no consumer connects; let it ask for `Option<Connecting>`"
            );
            (StatusCode::INTERNAL_SERVER_ERROR, "this server is not set up\n")
        })
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Connecting {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(request.extensions.get::<Self>().cloned())
    }
}
