//! The life of one connection, from the request to `disconnect`, in one small task.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::sync::mpsc;
use tracing::Instrument;

use super::{
    Connection,
    closing::say_goodbye,
    connect::{Admission, begin},
    open::{Left, Open},
    run::disconnect,
};
use crate::{
    channels::{Channels, Seat},
    close::Disconnect,
    consumer::{Connects, Consumer},
};

/// Put into a request's extensions by whoever wants to know when the connection's task has ended: the receiver then has
/// no sender left.
#[derive(Clone, Debug)]
pub(crate) struct Watch(#[allow(dead_code)] pub(crate) mpsc::Sender<()>);

/// What is given back when the task ends.
pub(super) struct Staying {
    #[expect(dead_code, reason = "held")]
    pub(super) seat: Seat,
    #[expect(dead_code, reason = "held")]
    pub(super) watch: Option<Watch>,
}

/// Takes the connection out of its groups, also when its task is aborted.
pub(super) struct Membership {
    channels: Channels,
    connection: Arc<Connection>,
}

impl Membership {
    pub(super) fn new(channels: Channels, connection: Arc<Connection>) -> Self {
        Self { channels, connection }
    }

    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.connection.end(Disconnect::lost());
        self.channels.forget(&self.connection);
    }
}

/// The task of one connection: connect, everything that comes, disconnect.
///
/// Written by hand, since it is what an idle connection costs: connecting and closing live in boxes of their own, and so
/// does each handler while it runs.
pub(crate) struct Life<C: Consumer>(Stage<C>);

#[expect(clippy::large_enum_variant, reason = "most of a life is the largest, and a box would only add to it")]
enum Stage<C: Consumer> {
    Connecting(Pin<Box<dyn Future<Output = Option<Open<C>>> + Send>>),
    Open(Open<C>),
    Closing(Pin<Box<dyn Future<Output = ()> + Send>>),
    Over,
}

impl<C: Consumer> Life<C> {
    /// A life that begins with a request.
    pub(crate) fn new<S>(admission: Admission<S>) -> Self
    where
        C: Connects<S>,
        S: Send + Sync + 'static,
    {
        let consumer = C::DECLARATION.consumer;
        let span = tracing::info_span!("connect", consumer, channel = %admission.connection.name());
        Self(Stage::Connecting(Box::pin(begin::<C, S>(admission).instrument(span))))
    }
}

impl<C: Consumer> Future for Life<C> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            self.0 = match &mut self.0 {
                Stage::Connecting(connecting) => match ready!(connecting.as_mut().poll(context)) {
                    Some(open) => Stage::Open(open),
                    None => Stage::Over,
                },
                Stage::Open(open) => {
                    let ending = ready!(open.poll(context));
                    match std::mem::replace(&mut self.0, Stage::Over) {
                        Stage::Open(open) => Stage::Closing(Box::pin(close(open.leave(), ending))),
                        other => other,
                    }
                }
                Stage::Closing(closing) => {
                    ready!(closing.as_mut().poll(context));
                    Stage::Over
                }
                Stage::Over => return Poll::Ready(()),
            };
        }
    }
}

/// Says goodbye to the client and to the consumer at once.
async fn close<C: Consumer>(left: Left<C>, ending: Disconnect) {
    let Left { connection, membership, staying, work, mut socket, mut intake } = left;
    connection.end(ending.clone());
    drop(membership);
    let goodbye = say_goodbye(&connection, &mut socket, &mut intake, &ending);
    let disconnecting = async {
        if let Some(mut work) = work {
            disconnect(&mut work, &connection).await;
        }
    };
    tokio::join!(goodbye, disconnecting);
    // What the closing handshake could not get rid of.
    connection.cut_off();
    connection.note_end();
    drop(staying);
}
