//! Asks the cluster where slots are, and leaves subscriptions to the nodes that have them.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use redis::Value;
use tokio::time::timeout;

use super::{
    Shared, State,
    node::{Address, Node},
    slots::Slots,
};
use crate::layer::redis::{
    failure::Failure,
    options::{RedisError, RedisOptions},
    place::{Login, Reached, RedisHost},
    server::{Need, Server},
};

/// What is needed beside what every Redis has.
const NEEDS: &[Need] = &[Need { command: "SSUBSCRIBE", since: "7.0" }];

/// For how long others may contradict the first node that answers; and how long one look lasts at least.
const MEANWHILE: Duration = Duration::from_millis(100);

/// Where slots are by what the first node says that answers, and how to log in there.
///
/// # Errors
/// What keeps the first node from answering, when none does.
pub(super) async fn first(options: &RedisOptions) -> Result<(Login, Vec<Address>, Slots), RedisError> {
    let (mut seeds, mut login, mut failure) = (Vec::new(), None, RedisError::NoHosts);
    for (host, place) in options.hosts.iter().enumerate() {
        let (its, address) = place.seed().map_err(|wrong| wrong.at_start(host))?;
        seeds.push(address.clone());
        if login.is_some() {
            continue;
        }
        match asked(host, place, &its, &address, options.timeout).await {
            Ok(slots) => login = Some((its, slots)),
            Err(error) if host == 0 => failure = error,
            Err(_) => {}
        }
    }
    let (login, slots) = login.ok_or(failure)?;
    Ok((login, seeds, slots))
}

async fn asked(
    host: usize,
    place: &RedisHost,
    login: &Login,
    address: &Address,
    patience: Duration,
) -> Result<Slots, RedisError> {
    let client = login.at(&address.host, address.port).map_err(|error| Failure::Redis(error).at_start(host, place))?;
    let server = Server::new(Reached::Server(client), patience);
    server.check(host, place, NEEDS).await?;
    let (_, slots) = told(&server, address).await.map_err(|failure| match &failure {
        Failure::Redis(error) if error.to_string().contains("cluster support disabled") => {
            RedisError::NoCluster { host }
        }
        _ => failure.at_start(host, place),
    })?;
    if slots.is_empty() {
        return Err(RedisError::Away { host, reason: "its cluster has given no node any slot yet".into() });
    }
    Ok(slots)
}

/// Where slots are, as one node says, and of which epoch that is.
async fn told(server: &Server, address: &Address) -> Result<(u64, Slots), Failure> {
    let info: String = server.try_ask(redis::cmd("CLUSTER").arg("INFO")).await?;
    let epoch = info.lines().find_map(|line| line.strip_prefix("cluster_current_epoch:")?.trim().parse().ok());
    let slots: Vec<Value> = server.try_ask(redis::cmd("CLUSTER").arg("SLOTS")).await?;
    Ok((epoch.unwrap_or(0), Slots::read(slots, address)?))
}

/// Runs until it is dropped.
pub(super) async fn steer(shared: &Arc<Shared>) {
    loop {
        shared.stirred.notified().await;
        match look(shared).await {
            Some(slots) => turn(shared, slots),
            None => tracing::warn!("no node of the cluster says where its slots are; trying again"),
        }
        // Many are told at once, and the cluster needs time to agree.
        tokio::time::sleep(MEANWHILE).await;
    }
}

/// What the nodes that are known say, or the first ones when none of these does.
async fn look(shared: &Shared) -> Option<Slots> {
    let known: Vec<_> = shared.state().nodes.values().cloned().collect();
    if let Some(slots) = newest(known).await {
        return Some(slots);
    }
    let seeds = shared.seeds.iter().filter_map(|seed| shared.node(seed).ok()).collect();
    newest(seeds).await
}

async fn newest(nodes: Vec<Arc<Node>>) -> Option<Slots> {
    let mut all: FuturesUnordered<_> = nodes.iter().map(|node| told(&node.server, &node.address)).collect();
    let mut newest: Option<(u64, Slots)> = None;
    loop {
        let next = match newest {
            None => all.next().await,
            // One that is frozen is not waited for.
            Some(_) => timeout(MEANWHILE, all.next()).await.unwrap_or(None),
        };
        match next {
            Some(Ok((epoch, slots))) if !slots.is_empty() && newest.as_ref().is_none_or(|(of, _)| epoch > *of) => {
                newest = Some((epoch, slots));
            }
            Some(_) => {}
            None => return newest.map(|(_, slots)| slots),
        }
    }
}

/// Takes over where slots are: subscriptions go to their nodes, and nodes without slots are left alone.
fn turn(shared: &Arc<Shared>, slots: Slots) {
    let mut state = shared.state();
    if *state.slots == slots {
        return;
    }
    state.slots = Arc::new(slots);
    let names: Vec<_> = state.wanted.keys().cloned().collect();
    drop(state);
    tracing::info!("slots of the cluster have moved");
    for name in names {
        shared.place(&name);
    }
    let mut state = shared.state();
    let slots = Arc::clone(&state.slots);
    state.nodes.retain(|address, node| {
        let has_slots = slots.nodes().any(|node| node == address);
        if !has_slots {
            node.over.cancel();
        }
        has_slots
    });
    let State { nodes, ending, .. } = &mut *state;
    ending.retain(|_, address| nodes.contains_key(address));
    drop(state);
    shared.has_changed.notify_waiters();
}
