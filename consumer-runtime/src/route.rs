//! Consumers as axum routes.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{FromRequestParts, Request, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use tokio::sync::oneshot;

use crate::{
    again,
    channels::{Channels, Crowd, Local, fanout::kind_of},
    close::Close,
    connection::{Admission, Connection, Handshake, Life, Watch},
    consumer::{Connects, Consumer, Declaration},
    effective::Effective,
    inspecting::Seen,
    proxies::Forwarded,
    schema::{self, Objection, Offer, Served},
    scope::{self, Scope},
    serve::Used,
    session::{BEARER, Connecting},
    settings::Settings,
    sse,
};

/// A consumer as a route.
///
/// ```
/// use axum::Router;
/// use consumer_runtime::{Route, prelude::*};
///
/// #[consumer("/ws/echo/")]
/// struct Echo {}
///
/// #[consumer]
/// impl Echo {
///     #[receive(text)]
///     async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
///         context.send_text(text).await
///     }
/// }
///
/// let app: Router = Router::new().route("/elsewhere/", Echo::route()).with_channels(Channels::memory());
/// let same: Router = Router::new().merge(Echo::router()).with_channels(Channels::memory());
/// ```
pub trait Route: Consumer {
    /// The consumer as a method router, for [`Router::route`] on any path that has the declared path's parameters.
    ///
    /// It answers every method, since HTTP/2 opens WebSockets with CONNECT, and [`Settings::sse`] has methods of its own;
    /// whatever is neither is answered with 426, 400 or 405.
    fn route<S>() -> MethodRouter<S>
    where
        Self: Connects<S>,
        S: Clone + Send + Sync + 'static,
    {
        let mount = Arc::new(Mount::default());
        any(move |State(state): State<S>, request: Request| handle::<Self, S>(state, request, Arc::clone(&mount)))
    }

    /// A router with the consumer at its declared path.
    fn router<S>() -> Router<S>
    where
        Self: Connects<S>,
        S: Clone + Send + Sync + 'static,
    {
        Router::new().route(Self::DECLARATION.path, Self::route())
    }
}

impl<C: Consumer> Route for C {}

/// What the connections of one route have in common.
#[derive(Debug, Default)]
struct Mount {
    served: Served,
    settings: Effective,
    /// The streams of events that are open.
    sessions: Arc<sse::Sessions>,
}

/// What consumers add to axum's [`Router`].
pub trait RouterExt<S>: Sized {
    /// Mounts a consumer at its declared path.
    ///
    /// # Panics
    /// As [`Router::route`]: when the path is taken already. The message is axum's, which does not always name the path;
    /// the line is that of this call, and the log says which consumer it was and where.
    /// [`routes!`](macro@crate::routes) finds two consumers on one path while compiling.
    #[track_caller]
    fn consumer<C: Connects<S>>(self) -> Self;

    /// Gives the routes that are there so far their channel layer.
    fn with_channels(self, channels: Channels) -> Self;

    /// Gives the consumers that are there so far other limits, deadlines and policies.
    fn with_settings(self, settings: Settings) -> Self;
}

impl<S: Clone + Send + Sync + 'static> RouterExt<S> for Router<S> {
    #[track_caller]
    fn consumer<C: Connects<S>>(self) -> Self {
        let _mounting = Mounting(&C::DECLARATION);
        self.route(C::DECLARATION.path, C::route())
    }

    fn with_channels(self, channels: Channels) -> Self {
        self.layer(Extension(channels))
    }

    fn with_settings(self, settings: Settings) -> Self {
        self.layer(Extension(Arc::new(settings)))
    }
}

/// Lives while a consumer is mounted, and says which one when axum panics over it: a router cannot be asked before.
struct Mounting(&'static Declaration);

impl Drop for Mounting {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Declaration { consumer, path, .. } = self.0;
            tracing::error!(
                consumer,
                path,
                "this consumer can't be mounted: its path is taken; give one of the two another path, or mount it elsewhere with `{consumer}::route()`"
            );
        }
    }
}

async fn handle<C, S>(state: S, request: Request, mount: Arc<Mount>) -> Response
where
    C: Connects<S>,
    S: Clone + Send + Sync + 'static,
{
    let (request, body) = request.into_parts();
    let settings = mount.settings.settings(request.extensions.get::<Arc<Settings>>(), C::DECLARATION.settings);
    let Some(asked) = sse::Asked::of(&request).filter(|_| settings.sse) else {
        return open::<C, S>(state, request, &mount, Kind::WebSocket, settings).await;
    };
    let forwarded = settings.trusted_proxies.read(&request);
    let cors = sse::Cors::of(&request.headers, &request.uri, &forwarded, &settings);
    let mut response = match asked {
        sse::Asked::Open => open::<C, S>(state, request, &mount, Kind::Events, settings).await,
        asked => sse::answer(asked, &request, body, &forwarded, &settings, &mount.sessions).await,
    };
    cors.allow(&mut response);
    response
}

/// What a request opens.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    WebSocket,
    Events,
}

async fn open<C, S>(state: S, request: Parts, mount: &Mount, kind: Kind, settings: Arc<Settings>) -> Response
where
    C: Connects<S>,
    S: Clone + Send + Sync + 'static,
{
    // Whose numbers these are; not looked for where nobody counts.
    let channels = request.extensions.get::<Channels>().filter(|_| cfg!(feature = "metrics")).cloned();
    let (Ok(response) | Err(response)) = admit::<C, S>(state, request, mount, kind, settings).await;
    if let Some(Ok(channels)) = channels.as_ref().map(Channels::of::<C>) {
        channels.local().meters().handshake(C::DECLARATION.consumer, response.status().as_u16());
    }
    response
}

/// Everything that is decided before user code runs, and then the connection's own task.
async fn admit<C, S>(
    state: S,
    mut request: Parts,
    mount: &Mount,
    kind: Kind,
    settings: Arc<Settings>,
) -> Result<Response, Response>
where
    C: Connects<S>,
    S: Clone + Send + Sync + 'static,
{
    let declaration = C::DECLARATION;
    let mut handshake = match kind {
        Kind::WebSocket => Handshake::check(&mut request)?,
        Kind::Events => Handshake::Events(sse::Opening::check(&mut request, Arc::clone(&mount.sessions), &settings)?),
    };
    let Some(channels) = request.extensions.get::<Channels>().cloned() else {
        tracing::error!(
            consumer = declaration.consumer,
            "this consumer's router has no channels; add `.with_channels(Channels::memory())` after its routes, or run it with `consumer_runtime::serve`"
        );
        return Err((StatusCode::INTERNAL_SERVER_ERROR, "this server is not set up\n").into_response());
    };
    let not_set_up = |why: &dyn std::fmt::Display| {
        tracing::error!(consumer = declaration.consumer, "{why}; answering 500");
        (StatusCode::INTERNAL_SERVER_ERROR, "this server is not set up\n").into_response()
    };
    let channels = channels.of::<C>().map_err(|why| not_set_up(&why))?.clone();
    if let Some(used) = request.extensions.get::<Used>() {
        used.note(&channels);
    }
    channels.meet_groups_of::<C>().map_err(|clash| not_set_up(&clash))?;
    let local = Arc::clone(channels.local());
    local.inspected().meet(kind_of::<C>());
    let refused = |response: Response| {
        local.counters().refused();
        Err(response)
    };
    if local.is_draining() {
        return refused(local.storm().busy("the server restarts; come back in a moment\n"));
    }
    let forwarded = settings.trusted_proxies.read(&request);
    if settings.require_tls && !forwarded.is_secure() {
        tracing::warn!(
            consumer = declaration.consumer,
            "refused by `require_tls`: no proxy of `trusted_proxies` says that the client came by TLS"
        );
        return refused((StatusCode::FORBIDDEN, "connect by wss://\n").into_response());
    }
    if let Err(response) = check_origin(&request, kind, &settings, &forwarded, declaration.consumer) {
        return refused(response);
    }
    let client = forwarded.client.map(|client| client.ip());
    let seat = match local.seat(client, settings.max_connections, settings.max_connections_per_ip) {
        Ok(seat) => seat,
        Err(Crowd::InAll) => {
            tracing::warn!("refused by `max_connections`");
            return refused(local.storm().busy("the server is full; come back later\n"));
        }
        Err(Crowd::FromClient) => {
            tracing::warn!(?client, "refused by `max_connections_per_ip`");
            let text = "too many connections from your address\n";
            return refused((StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "10")], text).into_response());
        }
    };
    let place = match settings.max_handshakes {
        None => None,
        Some(most) => match local.enter(most, settings.handshake_wait).await {
            Some(place) => Some(place),
            None => {
                if local.first_time("max_handshakes", declaration.consumer, "") {
                    tracing::warn!(
                        consumer = declaration.consumer,
                        "refused by `max_handshakes`: no place in `#[connect]` within `handshake_wait` (logged once); what \
                         does `#[connect]` wait for?"
                    );
                }
                local.counters().put_off();
                return refused(local.storm().busy("many clients are connecting; come back later\n"));
            }
        },
    };
    let session = match handshake.negotiate(&request, &settings) {
        Ok(session) => session,
        Err(response) => return refused(response),
    };
    let contract = schema::subprotocol(&request.headers).map(str::to_owned);
    let incompatible = match check_contract::<C>(&request, contract.as_deref(), &mount.served, &local) {
        Ok(incompatible) => incompatible,
        Err(response) => return refused(response),
    };
    let seen = Seen::new(forwarded.client, &request.headers);
    request.extensions.insert(Arc::new(forwarded));
    let scope = match Scope::from_request_parts(&mut request, &()).await {
        Ok(scope) => Arc::new(scope),
        Err(never) => match never {},
    };
    let offered = scope.subprotocols().to_vec();
    // Browsers hang up on a server that picks none of what they offer.
    let echo = contract.filter(|_| offered.is_empty() || incompatible.is_some());
    let bearer = || scope::subprotocols(&request.headers).any(|name| name == BEARER).then(|| BEARER.to_owned());
    let echo = echo.or_else(bearer);
    let spoken = declaration.subprotocols.iter().find(|name| offered.iter().any(|offered| offered == *name));
    let connection =
        Connection::new(local.new_name(), kind_of::<C>(), settings, Arc::clone(&local), offered, spoken.copied());
    let connection = Arc::new(connection.compressed(session).seen(seen));
    request.extensions.insert(Connecting::new(&connection, &channels));
    local.register(&connection);
    if local.is_draining() {
        // The drain may have looked for connections just before this one was there.
        connection.end(again::restarting(1));
    }
    let (respond, response) = oneshot::channel();
    let watch = request.extensions.remove::<Watch>();
    let admission = Admission {
        connection,
        channels,
        request,
        state,
        scope,
        handshake,
        incompatible,
        echo,
        seat,
        place,
        watch,
        respond,
    };
    // A task of its own, since this one ends with the client, and `disconnect` must run all the same.
    local.tasks().spawn(Life::<C>::new(admission));
    response.await.map_err(|_| (StatusCode::INTERNAL_SERVER_ERROR, "internal error\n").into_response())
}

/// Whether the page that a request comes from may connect: the response when it may not.
fn check_origin(
    request: &Parts,
    kind: Kind,
    settings: &Settings,
    forwarded: &Forwarded,
    consumer: &'static str,
) -> Result<(), Response> {
    let (Parts { headers, uri, .. }, required) = (request, settings.require_origin);
    let admitted = match kind {
        Kind::WebSocket => settings.origins.admits(headers, uri, forwarded, required),
        Kind::Events => {
            settings.origins.admits_get(headers, uri, forwarded, required, headers.contains_key(sse::SESSION))
        }
    };
    if admitted {
        return Ok(());
    }
    let origin = headers.get(header::ORIGIN);
    let text = if origin.is_none() && kind == Kind::Events {
        tracing::warn!(
            consumer,
            "refused: it asks for events without an `Origin`, and neither `Sec-Fetch-Site: same-origin` nor the header \
             `Consumer-Session: new` shows that no foreign page has sent it; with `require_origin` only the first does"
        );
        "without an `Origin`, send the header `Consumer-Session: new`\n"
    } else {
        tracing::warn!(
            consumer,
            ?origin,
            "refused by `origins`, or `require_origin` when there is none; allow the page's origin there if it is yours"
        );
        "pages of this origin may not connect\n"
    };
    Err((StatusCode::FORBIDDEN, text).into_response())
}

/// Whether the client that shows a contract may come in: how to close on it when it would break, and the response when
/// what it shows can't be read.
fn check_contract<C: Consumer>(
    request: &Parts,
    subprotocol: Option<&str>,
    served: &Served,
    local: &Local,
) -> Result<Option<Close>, Response> {
    let offer = Offer::find(request, subprotocol).map_err(Objection::Unreadable);
    let objection = match offer.and_then(|offer| offer.map_or(Ok(()), |offer| served.check::<C>(&offer))) {
        Ok(()) => return Ok(None),
        Err(objection) => objection,
    };
    match objection {
        Objection::Unreadable(why) => {
            let text = format!("the contract in `_schema` or the subprotocol `schema.` can't be read: {why}\n");
            Err((StatusCode::BAD_REQUEST, text).into_response())
        }
        Objection::Incompatible(why) => {
            let consumer = C::DECLARATION.consumer;
            if local.first_time("schema", consumer, "") {
                tracing::info!(consumer, "refused a client that was built for another contract (logged once): {why}");
            }
            Ok(Some(Close::new(schema::CLOSE_CODE, why)))
        }
    }
}
