//! The settings of one route: its router's, with those of the consumer's attribute on top.

use std::sync::{Arc, Mutex, PoisonError};

use crate::settings::Settings;

/// The last settings that were put together, which all connections of a route share.
#[derive(Debug, Default)]
pub(crate) struct Effective(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    router: Option<Arc<Settings>>,
    settings: Arc<Settings>,
}

impl Effective {
    /// The router's settings with `adjust` on top. A route that is mounted on several routers has several of them, and
    /// remembers the last.
    pub(crate) fn settings(&self, router: Option<&Arc<Settings>>, adjust: fn(&mut Settings)) -> Arc<Settings> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*known
            && known.router.as_ref().map(Arc::as_ptr) == router.map(Arc::as_ptr)
        {
            return Arc::clone(&known.settings);
        }
        let mut settings = router.map(|router| Settings::clone(router)).unwrap_or_default();
        adjust(&mut settings);
        let settings = Arc::new(settings);
        *known = Some(Known { router: router.cloned(), settings: Arc::clone(&settings) });
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_share_their_settings() {
        let effective = Effective::default();
        let adjust: fn(&mut Settings) = |settings| settings.max_fragments = 7;
        let first = effective.settings(None, adjust);
        assert_eq!(first.max_fragments, 7);
        assert!(Arc::ptr_eq(&first, &effective.settings(None, adjust)));
        let router = Arc::new(Settings { max_message: 9, ..Settings::default() });
        let other = effective.settings(Some(&router), adjust);
        assert_eq!((other.max_message, other.max_fragments), (9, 7));
        assert_eq!(effective.settings(None, adjust).max_message, Settings::default().max_message);
    }
}
