//! Tickets that open one connection each, for clients that can show nothing else.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use super::{Connecting, not_logged_in};
use crate::{
    asking::{Asking, NoAnswer},
    channels::{Channels, ReceivingChannel},
    event::Event,
    message::Message,
    names::ChannelName,
};

/// The query's parameter.
const PARAMETER: &str = "ticket";

/// How long the process that has issued a ticket may take to say what it is worth.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many may be out at a time; the oldest is forgotten for one more.
const MOST: usize = 100_000;

/// Issues tickets: each lets one connection in, once, within seconds.
///
/// A page that is logged in by a cookie of another domain, or by something that a WebSocket's handshake cannot carry, fetches a ticket by HTTP and
/// shows it in the query: `new WebSocket(url + "?ticket=" + ticket)`. A query is logged on the way, but a ticket that was
/// shown is worth nothing any more.
///
/// Any process on the same channel layer takes it: it asks the one that has issued it, which tells it once. If that has ended, its tickets
/// have too. A cheap clone; when the last is dropped, so are the tickets.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use axum::{Router, routing::post};
/// use consumer_runtime::{Ticket, Tickets, prelude::*};
///
/// #[consumer("/ws/inbox/", sends(String))]
/// struct Inbox {}
///
/// #[consumer]
/// impl Inbox {
///     #[connect]
///     async fn connect(&mut self, ticket: Ticket, context: &mut Context<Self>) -> Result<(), Refusal> {
///         Ok(context.send(&format!("hello {}", ticket.user())).await?)
///     }
/// }
///
/// let channels = Channels::memory();
/// let tickets = Tickets::new(&channels);
/// // Behind whatever tells who asks.
/// let issue = post(async move || tickets.issue("ann"));
/// let app: Router = Router::new().route("/ticket", issue).consumer::<Inbox>().with_channels(channels);
/// # });
/// ```
#[derive(Clone)]
pub struct Tickets(Arc<Office>);

struct Office {
    name: ChannelName,
    valid_for: Duration,
    issued: Arc<Mutex<Issued>>,
    _open: DropGuard,
}

/// What is out, by the secret part.
#[derive(Default)]
struct Issued {
    users: HashMap<String, (String, Instant)>,
    /// In the order in which they were issued, and so in that in which they end; with those that are used already.
    order: VecDeque<String>,
}

impl fmt::Debug for Tickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tickets").field("valid_for", &self.0.valid_for).finish_non_exhaustive()
    }
}

impl Tickets {
    /// Tickets that are good for 30 seconds, for consumers on the same channel layer.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(channels: &Channels) -> Self {
        Self::valid_for(channels, Duration::from_secs(30))
    }

    /// Tickets that are good for so long.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn valid_for(channels: &Channels, time: Duration) -> Self {
        let (window, open) = (channels.untyped().new_channel(), CancellationToken::new());
        let (name, issued) = (window.name().clone(), Arc::<Mutex<Issued>>::default());
        let serving = serve(window, channels.clone(), Arc::clone(&issued));
        tokio::spawn(open.clone().run_until_cancelled_owned(serving));
        Self(Arc::new(Office { name, valid_for: time, issued, _open: open.drop_guard() }))
    }

    /// A ticket for one connection of this user: letters, digits, `-` and `_`.
    pub fn issue(&self, user: impl Into<String>) -> String {
        let secret = URL_SAFE_NO_PAD.encode(Uuid::new_v4().as_bytes());
        let ticket = URL_SAFE_NO_PAD.encode(format!("{}:{secret}", self.0.name));
        let now = Instant::now();
        let mut issued = self.0.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.forget(now);
        issued.users.insert(secret.clone(), (user.into(), now + self.0.valid_for));
        issued.order.push_back(secret);
        ticket
    }
}

impl Issued {
    /// Forgets what has ended, and the oldest of too many.
    fn forget(&mut self, now: Instant) {
        while let Some(oldest) = self.order.front()
            && (self.order.len() >= MOST || self.users.get(oldest).is_none_or(|(_, ends)| *ends <= now))
        {
            self.users.remove(oldest);
            self.order.pop_front();
        }
    }

    /// Whose it was; never again.
    fn redeem(&mut self, secret: &str) -> Option<String> {
        let (user, ends) = self.users.remove(secret)?;
        (Instant::now() < ends).then_some(user)
    }
}

/// Tells other processes whose tickets are.
async fn serve(mut window: ReceivingChannel, channels: Channels, issued: Arc<Mutex<Issued>>) {
    loop {
        let message = window.receive().await;
        let Some(owed) = channels.local().owed(window.name(), &message) else { continue };
        let shown = message.to_value().ok().and_then(|value| serde_json::from_value::<TicketShown>(value).ok());
        let user = shown.and_then(|shown| issued.lock().unwrap_or_else(PoisonError::into_inner).redeem(&shown.secret));
        match to_raw_value(&user) {
            Ok(user) => owed.pay(Ok(user)),
            Err(_) => unreachable!("a text is JSON"),
        }
    }
}

/// The question of a process to which a ticket is shown.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "ticket.shown")]
struct TicketShown {
    secret: String,
}

#[diagnostic::do_not_recommend]
impl Event for TicketShown {
    const NAME: &'static str = "ticket.shown";
    type Answer = Option<String>;
}

/// A ticket that the client has shown, in the parameter `ticket` of the query: see [`Tickets`].
///
/// An extractor for `#[connect]`, where it also says [whose the connection is](crate::Context::log_in). Without a ticket, or with
/// one that was used or has ended, the request is refused with 401; when the process that has issued it does not answer, with 503.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    user: String,
}

impl Ticket {
    /// For whom it was issued.
    pub fn user(&self) -> &str {
        &self.user
    }
}

/// Why a ticket opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidTicket {
    /// There is none in the query.
    Missing,
    /// It is none, was used already, or has ended.
    Worthless,
    /// Who has issued it does not answer.
    Unanswered,
}

impl fmt::Display for InvalidTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "a ticket is needed, `?ticket=..`; get one, and come back with it",
            Self::Worthless => "the ticket was used, or has ended; get a new one",
            Self::Unanswered => {
                "it cannot be found out what the ticket is worth; get a new one, and come back in a moment"
            }
        })
    }
}

impl std::error::Error for InvalidTicket {}

impl IntoResponse for InvalidTicket {
    fn into_response(self) -> Response {
        let text = format!("{self}\n");
        match self {
            Self::Missing | Self::Worthless => (StatusCode::UNAUTHORIZED, text).into_response(),
            Self::Unanswered => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], text).into_response(),
        }
    }
}

/// Asks who has issued it.
async fn redeem(channels: &Channels, ticket: &str) -> Result<String, InvalidTicket> {
    let text = URL_SAFE_NO_PAD.decode(ticket).ok().and_then(|text| String::from_utf8(text).ok());
    let (name, secret) = text.as_deref().and_then(|text| text.split_once(':')).ok_or(InvalidTicket::Worthless)?;
    let name = ChannelName::new(name).map_err(|_| InvalidTicket::Worthless)?;
    // Only such a channel as issues tickets: a client must not choose where else something is sent.
    if name.process_part() == name.as_str() {
        return Err(InvalidTicket::Worthless);
    }
    let shown = Message::event(TicketShown { secret: secret.to_owned() });
    match Asking::<Result<Option<String>, NoAnswer>>::channel(channels, name, shown, PATIENCE).await {
        Ok(Some(user)) => Ok(user),
        Ok(None) | Err(NoAnswer::Gone | NoAnswer::Unhandled | NoAnswer::Error(_) | NoAnswer::Unreadable(_)) => {
            Err(InvalidTicket::Worthless)
        }
        Err(_) => Err(InvalidTicket::Unanswered),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ticket {
    type Rejection = Response;

    async fn from_request_parts(request: &mut Parts, state: &S) -> Result<Self, Response> {
        let connecting = Connecting::from_request_parts(request, state).await.map_err(IntoResponse::into_response)?;
        let uri = match OriginalUri::from_request_parts(request, state).await {
            Ok(OriginalUri(uri)) => uri,
            Err(never) => match never {},
        };
        let pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let ticket = pairs.into_iter().find(|(name, _)| *name == PARAMETER).map(|(_, ticket)| ticket);
        let ticket = ticket.ok_or_else(|| InvalidTicket::Missing.into_response())?;
        let user = redeem(connecting.channels(), ticket).await.map_err(IntoResponse::into_response)?;
        connecting.log_in(&user).await.map_err(|why| not_logged_in(&why))?;
        Ok(Self { user })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_out_is_bounded_in_time_and_number() {
        let tickets = Tickets::valid_for(&Channels::memory(), Duration::from_secs(30));
        let out = || tickets.0.issued.lock().unwrap().users.len();
        for _ in 0..MOST + 5 {
            tickets.issue("ann");
        }
        assert_eq!(out(), MOST);
        tokio::time::advance(Duration::from_secs(31)).await;
        tickets.issue("ann");
        assert_eq!((out(), tickets.0.issued.lock().unwrap().order.len()), (1, 1));
    }
}
