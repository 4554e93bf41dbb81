//! Names of groups and channels, and the one rule that both obey.

use std::{fmt, sync::Arc};

/// The longest name in bytes, as in Django Channels, whose limit is "less than 100".
pub const MAX_NAME: usize = 99;

/// The rule in words, for every message that refuses a name.
pub(crate) const RULE: &str = "a name has 1 to 99 characters out of ASCII letters, digits, `-`, `_` and `.`";

/// The name of a group: 1 to 99 characters out of ASCII letters, digits, `-`, `_` and `.`.
///
/// The rule is Django Channels' (`require_valid_group_name`), so that a name reaches Python processes unchanged.
///
/// ```
/// use consumer_runtime::GroupName;
///
/// let lobby: GroupName = "chat_lobby".parse().unwrap();
/// assert_eq!(lobby.as_str(), "chat_lobby");
/// assert!("chat lobby".parse::<GroupName>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupName(Arc<str>);

/// The name of one channel: opaque, storable, and good from any process for as long as its connection lives.
///
/// A channel that belongs to one process carries a `!` after the part that names the process, as in Django Channels
/// (`specific.0f…!9a…`); a channel without `!` is a general one, which any process may read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelName(Arc<str>);

/// A name that breaks the rule.
///
/// Its text quotes the name (shortened when long) and the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    kind: &'static str,
    name: String,
    why: String,
}

impl NameError {
    pub(crate) fn new(kind: &'static str, name: &str, why: impl Into<String>) -> Self {
        let mut shown: String = name.chars().take(40).collect();
        if shown.len() < name.len() {
            shown.push('…');
        }
        Self { kind, name: shown, why: why.into() }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.kind, self.name, self.why)
    }
}

impl std::error::Error for NameError {}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn check(kind: &'static str, name: &str, allow_bang: bool) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::new(kind, name, format!("is empty; {RULE}")));
    }
    if name.len() > MAX_NAME {
        return Err(NameError::new(kind, name, format!("is {} bytes long; {RULE}", name.len())));
    }
    let (process, local) = match name.split_once('!') {
        Some((process, local)) if allow_bang && !process.is_empty() => (process, local),
        _ => (name, ""),
    };
    match process.chars().chain(local.chars()).find(|c| !c.is_ascii() || !is_name_byte(*c as u8)) {
        Some(wrong) => Err(NameError::new(kind, name, format!("contains {wrong:?}; {RULE}"))),
        None => Ok(()),
    }
}

impl GroupName {
    /// Checks `name` against the rule.
    ///
    /// # Errors
    /// [`NameError`] when it is empty, too long or holds another character.
    pub fn new(name: impl AsRef<str>) -> Result<Self, NameError> {
        let name = name.as_ref();
        check("group name", name, false)?;
        Ok(Self(name.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ChannelName {
    /// Checks `name` against the rule; one `!` may separate the process' part from the rest.
    ///
    /// # Errors
    /// [`NameError`] when it is empty, too long or holds another character.
    pub fn new(name: impl AsRef<str>) -> Result<Self, NameError> {
        let name = name.as_ref();
        check("channel name", name, true)?;
        Ok(Self(name.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part up to and including `!`, which names the process; the whole name of a general channel.
    pub fn process_part(&self) -> &str {
        match self.0.find('!') {
            Some(at) => &self.0[..=at],
            None => &self.0,
        }
    }
}

macro_rules! text_like {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = NameError;

            fn from_str(name: &str) -> Result<Self, NameError> {
                Self::new(name)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = NameError;

            fn try_from(name: &str) -> Result<Self, NameError> {
                Self::new(name)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(name: String) -> Result<Self, NameError> {
                Self::new(name)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::new(text).map_err(serde::de::Error::custom)
            }
        }
    };
}

text_like!(GroupName);
text_like!(ChannelName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_channels_rule() {
        assert!(GroupName::new("chat_lobby-1.x").is_ok());
        assert!(GroupName::new("a".repeat(99)).is_ok());
        assert!(GroupName::new("a".repeat(100)).is_err());
        for wrong in ["", "chat room", "a/b", "a:b", "방", "a!b", "a\n", "١٢"] {
            assert!(GroupName::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_channel_name_may_hold_one_bang() {
        let name = ChannelName::new("specific.00ff!12").unwrap();
        assert_eq!(name.process_part(), "specific.00ff!");
        assert_eq!(ChannelName::new("thumbnails-generate").unwrap().process_part(), "thumbnails-generate");
        for wrong in ["!a", "a!b!c", "a!ü"] {
            assert!(ChannelName::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_error_quotes_name_and_rule() {
        let text = GroupName::new("방").unwrap_err().to_string();
        assert!(text.contains("방") && text.contains(RULE), "{text}");
        assert!(GroupName::new("x".repeat(5000)).unwrap_err().to_string().len() < 250);
    }
}
