//! What a file with consumers needs: `use consumer_runtime::prelude::*;`.

pub use crate::{
    Answer, BlockingContext, Cause, Channels, Close, CloseCode, Consumer, Context, Disconnect, Error, Event, Group,
    Refusal, ReplyError, Result, Route, RouterExt, Scope, Worker, WorkerContext, close_code, connect, consumer,
    disconnect, event, group, receive, routes,
};
