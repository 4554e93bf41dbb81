//! What things are called on the server.

use crate::names::{ChannelName, GroupName};

/// The longest prefix in bytes; a server reads lines of 4 KiB.
const MAX_PREFIX: usize = 512;

/// The subjects of one prefix.
///
/// The name of a group or channel becomes one token: its `.`, which would begin another, is written as `:`. No name has a
/// `:`, `*` or `>`, so two names never become one subject, and none becomes a wildcard.
#[derive(Clone, Debug)]
pub(super) struct Subjects {
    /// With a `.` at its end.
    prefix: String,
}

/// What a subject is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Group(GroupName),
    Channel(ChannelName),
}

fn token(name: &str) -> String {
    name.replace('.', ":")
}

/// The name that became this token, unless these are several.
fn name(token: &str) -> Option<String> {
    (!token.contains('.')).then(|| token.replace(':', "."))
}

impl Subjects {
    /// # Errors
    /// The reason why subjects cannot begin with `prefix`.
    pub(super) fn new(prefix: &str) -> Result<Self, String> {
        if prefix.len() > MAX_PREFIX {
            return Err(format!("it is {} bytes long, and may be {MAX_PREFIX}", prefix.len()));
        }
        if prefix.split('.').any(str::is_empty) {
            return Err("it is empty, or one of its parts between `.` is".into());
        }
        let wrong = |c: &char| !c.is_ascii_graphic() || matches!(c, '*' | '>');
        match prefix.chars().find(wrong) {
            Some(wrong) => Err(format!("it contains {wrong:?}")),
            None => Ok(Self { prefix: format!("{prefix}.") }),
        }
    }

    pub(super) fn group(&self, group: &GroupName) -> String {
        format!("{}group.{}", self.prefix, token(group.as_str()))
    }

    /// A channel of a process is below that process; a general one is shared.
    pub(super) fn channel(&self, channel: &ChannelName) -> String {
        match channel.as_str().split_once('!') {
            // The `!` stays, so that the last token is never empty.
            Some((process, rest)) => format!("{}process.{}.!{}", self.prefix, token(process), token(rest)),
            None => format!("{}channel.{}", self.prefix, token(channel.as_str())),
        }
    }

    /// All channels of the process whose names begin with `prefix`, `!` included.
    pub(super) fn process(&self, prefix: &str) -> String {
        format!("{}process.{}.*", self.prefix, token(prefix.trim_end_matches('!')))
    }

    /// Where one connection hears itself.
    pub(super) fn echo(&self, connection: &str) -> String {
        format!("{}echo.{connection}", self.prefix)
    }

    /// Whether of several receivers one gets each message.
    pub(super) fn is_shared(&self, subject: &str) -> bool {
        subject.strip_prefix(&self.prefix).is_some_and(|rest| rest.starts_with("channel."))
    }

    /// What a message under this subject is for.
    pub(super) fn place(&self, subject: &str) -> Option<Place> {
        let (kind, rest) = subject.strip_prefix(&self.prefix)?.split_once('.')?;
        match kind {
            "group" => Some(Place::Group(GroupName::new(name(rest)?).ok()?)),
            "channel" if !rest.contains('!') => Some(Place::Channel(ChannelName::new(name(rest)?).ok()?)),
            "process" => {
                let (process, rest) = rest.split_once('.')?;
                let rest = rest.strip_prefix('!')?;
                Some(Place::Channel(ChannelName::new(format!("{}!{}", name(process)?, name(rest)?)).ok()?))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_comes_back_and_is_one_token() {
        let subjects = Subjects::new("my.app").unwrap();
        for name in ["chat_lobby", "a.b", ".a..b.", ".", "-", "0"] {
            let group = GroupName::new(name).unwrap();
            let subject = subjects.group(&group);
            assert_eq!(subject.split('.').filter(|token| !token.is_empty()).count(), 4, "{subject}");
            assert_eq!(subjects.place(&subject), Some(Place::Group(group)));
        }
        for (name, tokens) in [("thumbnails.generate", 4), ("specific.00!ab", 5), ("a.b!", 5), ("a!.", 5)] {
            let channel = ChannelName::new(name).unwrap();
            let subject = subjects.channel(&channel);
            assert_eq!(subject.split('.').filter(|token| !token.is_empty()).count(), tokens, "{subject}");
            assert_eq!(subjects.is_shared(&subject), !name.contains('!'));
            assert_eq!(subjects.place(&subject), Some(Place::Channel(channel)));
        }
        let mine = subjects.process("specific.00!");
        assert_eq!(mine, "my.app.process.specific:00.*");
        let channel = subjects.channel(&ChannelName::new("specific.00!ab").unwrap());
        assert_eq!(channel, "my.app.process.specific:00.!ab");
    }

    #[test]
    fn what_is_no_subject_of_ours_is_for_nobody() {
        let subjects = Subjects::new("asgi").unwrap();
        for wrong in [
            "asgi",
            "asgi.group",
            "other.group.a",
            "asgi.group.a.b",
            "asgi.group.a/b",
            "asgi.channel.a!b",
            "asgi.process.a",
            "asgi.process.a.b",
            "asgi.process.a.!b.c",
            "asgi.else.a",
            "asgi.echo.a.b",
        ] {
            assert_eq!(subjects.place(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_prefix_is_made_of_tokens() {
        for right in ["asgi", "my.app", "a-b_c"] {
            assert!(Subjects::new(right).is_ok(), "{right:?}");
        }
        for wrong in ["", ".", "a.", ".a", "a..b", "a b", "a*", ">", "é", "a\n", &"a".repeat(513)] {
            assert!(Subjects::new(wrong).is_err(), "{wrong:?}");
        }
    }
}
