//! How many connections there are, in all and from one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Local;

/// The counts behind `max_connections` and `max_connections_per_ip`.
#[derive(Debug, Default)]
pub(super) struct Admission(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    by_client: HashMap<IpAddr, usize>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crowd {
    /// `max_connections` is reached.
    InAll,
    /// `max_connections_per_ip` is reached.
    FromClient,
}

/// A connection's place; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Seat {
    local: Arc<Local>,
    client: Option<IpAddr>,
}

impl Admission {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn seat(
        local: &Arc<Local>,
        client: Option<IpAddr>,
        most: Option<usize>,
        most_per_ip: Option<usize>,
    ) -> Result<Seat, Crowd> {
        let mut counts = local.admission.counts();
        if most.is_some_and(|most| counts.all >= most) {
            return Err(Crowd::InAll);
        }
        if let Some(client) = client {
            let from_client = counts.by_client.entry(client).or_default();
            if most_per_ip.is_some_and(|most| *from_client >= most) {
                return Err(Crowd::FromClient);
            }
            *from_client += 1;
        }
        counts.all += 1;
        Ok(Seat { local: Arc::clone(local), client })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self.local.admission.counts();
        counts.all -= 1;
        if let Some(client) = self.client
            && let Some(from_client) = counts.by_client.get_mut(&client)
        {
            *from_client -= 1;
            if *from_client == 0 {
                counts.by_client.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn places_are_counted_and_given_back() {
        let local = Local::new(Local::random_prefix(), 1, Duration::ZERO);
        let (a, b) = (Some(IpAddr::from([1, 1, 1, 1])), Some(IpAddr::from([2, 2, 2, 2])));
        let seat = local.seat(a, Some(2), Some(1)).unwrap();
        assert_eq!(local.seat(a, Some(2), Some(1)).unwrap_err(), Crowd::FromClient);
        let other = local.seat(b, Some(2), Some(1)).unwrap();
        assert_eq!(local.seat(None, Some(2), Some(1)).unwrap_err(), Crowd::InAll);
        drop((seat, other));
        assert!(local.seat(a, Some(2), Some(1)).is_ok());
        assert!(local.admission.counts().by_client.is_empty());
    }
}
