//! Several layers beside each other, by name.

use super::Channels;

/// The name of the channels that hold the aliases.
pub(crate) const DEFAULT: &str = "default";

/// Channels by the names that consumers choose them by. Few, so a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Aliases(Vec<(&'static str, Channels)>);

impl Aliases {
    #[track_caller]
    pub(super) fn add(&mut self, name: &'static str, channels: Channels) {
        assert!(name != DEFAULT, "the alias `{DEFAULT}` means the channels that are being built; give another name");
        assert!(!self.0.iter().any(|(known, _)| *known == name), "the alias {name:?} is given twice; give it once");
        self.0.push((name, channels));
    }

    /// The channels of a name, of which `own` are the default.
    ///
    /// # Errors
    /// What there is instead, and what to do.
    pub(super) fn find<'a>(&'a self, own: &'a Channels, name: &str) -> Result<&'a Channels, String> {
        if name == DEFAULT {
            return Ok(own);
        }
        self.0.iter().find(|(known, _)| *known == name).map(|(_, channels)| channels).ok_or_else(|| {
            let known = self.0.iter().map(|(known, _)| format!("`{known}`"));
            let known: Vec<_> = std::iter::once(format!("`{DEFAULT}`")).chain(known).collect();
            format!(
                "there is no channel layer {name:?}, only {}; add it, `Channels::builder().alias({name:?}, ..)`",
                known.join(", ")
            )
        })
    }

    pub(super) fn all_named(&self) -> impl Iterator<Item = (&'static str, &Channels)> {
        self.0.iter().map(|(name, channels)| (*name, channels))
    }
}
