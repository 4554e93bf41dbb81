//! Typed groups: the only contract between those who send and those who are members.

mod declaration;
pub(crate) mod overlap;
mod template;

pub(crate) use declaration::same;
pub use declaration::{GroupDeclaration, GroupNames};

use std::{fmt::Display, marker::PhantomData, time::Duration};

use crate::{
    asking::{Answers, Asking},
    channels::{Channels, Sending},
    close::{Close, RemoteClose},
    consumer::Consumer,
    error::{Error, Result},
    event::Event,
    message::Message,
    names::{ChannelName, GroupName, NameError},
};

/// A family of groups with one template of names and one list of events.
///
/// Implemented by `#[group("chat_{room_name}", events(ChatMessage))]`. A value is one group: its fields fill the
/// template.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a group",
    label = "this type has no template of names",
    note = "declare it: `#[group(\"name_{{field}}\", events(..))]` above `struct {Self}`"
)]
pub trait Group: Sized + Send + Sync + 'static {
    /// What the attribute says, and where it stands.
    const DECLARATION: GroupDeclaration;

    /// The template, as in `chat_{room_name}`.
    const TEMPLATE: &'static str;

    /// The names in the template, in order.
    const FIELDS: &'static [&'static str];

    /// The group's name: the template with this value's fields.
    ///
    /// # Errors
    /// [`NameError`] when a field's text breaks the rule of names, or could be mistaken for another field's.
    fn name(&self) -> Result<GroupName, NameError>;

    /// Sends an event to every member, the sender included if it is one.
    ///
    /// # Errors
    /// When the name breaks the rule, another type of group that these channels know can give the same name, or the
    /// layer is away; never because a member is slow.
    fn send<E: CarriedBy<Self>>(&self, channels: &Channels, event: E) -> Sending {
        match channels.group_name(self) {
            Ok(name) => Sending::to_group(channels.clone(), name, Message::event(event)),
            Err(error) => Sending::failed(error),
        }
    }

    /// Sends an event to every member but those of `except`, which are named by their channels.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    fn send_except<'a, E: CarriedBy<Self>>(
        &self,
        channels: &Channels,
        event: E,
        except: impl IntoIterator<Item = &'a ChannelName>,
    ) -> Sending {
        match channels.group_name(self) {
            Ok(name) => {
                let message = Message::event(event).with_except(except.into_iter().cloned());
                Sending::to_group(channels.clone(), name, message)
            }
            Err(error) => Sending::failed(error),
        }
    }

    /// Closes the connection of every member, on every process: of a room that is no more, or a tenant that has left.
    ///
    /// Each closes in its turn, behind what was sent to it before and after the handler that runs; its `#[disconnect]` hears
    /// the code, the reason and [`Cause::Remote`](crate::Cause::Remote). Django does the same with `{"type":
    /// "connection.close", "code": 4404, "reason": ".."}`.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use consumer_runtime::prelude::*;
    ///
    /// #[event("chat.message")]
    /// struct ChatMessage { message: String }
    ///
    /// #[group("room_{room}", events(ChatMessage))]
    /// struct Room { room: String }
    ///
    /// # let channels = Channels::memory();
    /// let room = Room { room: "lobby".into() };
    /// room.disconnect(&channels, Close::new(close_code!(4404), "this room is closed")).await?;
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// As [`send`](Self::send).
    fn disconnect(&self, channels: &Channels, close: Close) -> Sending {
        match channels.group_name(self) {
            Ok(name) => Sending::to_group(channels.clone(), name, RemoteClose::message(&close)),
            Err(error) => Sending::failed(error),
        }
    }

    /// Asks every member, and collects what their handlers answer until all have, or until `within` is over.
    ///
    /// The answer's type is the one that the event declares, `#[event("presence.who", answer = Present)]`; any other
    /// event is answered by `()` when its handler has run, or a shared handler's frame is on its way. One connection
    /// handles one thing at a time: a handler that asks a group in which it is itself waits for its own answer in vain,
    /// so inside a consumer ask by [`context.group()`](crate::GroupRef::ask), which leaves the asker out.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use std::time::Duration;
    /// use consumer_runtime::prelude::*;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Present { user: String }
    ///
    /// #[event("presence.who", answer = Present)]
    /// struct Who;
    ///
    /// #[group("room_{room}", events(Who))]
    /// struct Room { room: String }
    ///
    /// # let channels = Channels::memory();
    /// let answers = Room { room: "lobby".into() }.ask(&channels, Who, Duration::from_secs(2)).await?;
    /// assert!(answers.is_complete(), "nobody is there");
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// When the name breaks the rule or the layer is away. That a member fails or is late is told in [`Answers`].
    fn ask<E: CarriedBy<Self>>(
        &self,
        channels: &Channels,
        event: E,
        within: Duration,
    ) -> Asking<Result<Answers<E::Answer>>> {
        Asking::group(channels, channels.group_name(self), Ok::<_, Error>(Message::event(event)), within)
    }
}

/// An event that group `G` carries.
#[diagnostic::on_unimplemented(
    message = "the group `{G}` does not carry the event `{Self}`",
    label = "members of `{G}` do not expect this",
    note = "add it to the group: `#[group(\"..\", events(.., {Self}))]`; every member then needs a handler for it"
)]
pub trait CarriedBy<G: ?Sized>: Event {}

/// A group that consumer `C` may join, since it has a handler for every event that the group carries.
#[diagnostic::on_unimplemented(
    message = "`{C}` can't join `{Self}`",
    label = "not a group that `{C}` can be a member of",
    note = "a group is a value of a struct with `#[group(\"..\", events(..))]` above it; by a name alone, `context.untyped().group_add(name)` joins one unchecked"
)]
pub trait JoinedBy<C: Consumer>: Group {}

/// The private group type behind `#[consumer(.., group = "chat_{room_name}")]`: it carries exactly the events of `C`.
#[derive(Debug)]
pub struct OwnGroup<C>(PhantomData<fn() -> C>);

/// A part of a template.
enum Part<'a> {
    Literal(&'a str),
    Field(&'a str),
}

/// Splits a template that the macros have checked: braces are balanced and names are not empty.
fn parts(template: &str) -> impl Iterator<Item = Part<'_>> {
    template
        .split('{')
        .enumerate()
        .flat_map(|(index, piece)| match piece.split_once('}') {
            Some((field, literal)) if index > 0 => [Some(Part::Field(field)), Some(Part::Literal(literal))],
            _ => [Some(Part::Literal(piece)), None],
        })
        .flatten()
}

/// Fills `template`.
///
/// A lone placeholder is rendered byte for byte, so that Django finds the same name. With several, a value must not
/// hold the literal text that separates it from its neighbour: otherwise two groups could have one name.
pub(crate) fn render(template: &str, fields: &[(&str, &dyn Display)]) -> Result<GroupName, NameError> {
    let mut name = String::with_capacity(template.len() + 16);
    let separators = separators(template);
    let (mut literal, mut last) = ("", None);
    for part in parts(template) {
        match part {
            Part::Literal(text) => {
                name.push_str(text);
                literal = text;
            }
            Part::Field(field) => {
                // Of `--` a value may bring the first half, as in `{a}--{b}` with `x-`: the name would read as `x` and `-y`.
                if let Some((last, at)) = last.replace((field, name.len()))
                    && name[at..].find(literal) != Some(name.len() - at - literal.len())
                {
                    let value = &name[at..name.len() - literal.len()];
                    let why = format!(
                        "ends as {literal:?} begins, which separates the values in the group name `{template}`; end `{last}` otherwise"
                    );
                    return Err(NameError::new("value", value, why));
                }
                let Some((_, value)) = fields.iter().find(|(known, _)| *known == field) else {
                    return Err(NameError::new("group name", template, format!("has no value for `{field}`")));
                };
                let value = value.to_string();
                if value.is_empty() {
                    let why = format!("is empty; it fills `{field}` in the group name `{template}`");
                    return Err(NameError::new("value", &value, why));
                }
                if let Some(separator) = separators.iter().find(|separator| value.contains(**separator)) {
                    let why = format!(
                        "holds {separator:?}, which separates the values in the group name `{template}`; leave it out of `{field}`"
                    );
                    return Err(NameError::new("value", &value, why));
                }
                name.push_str(&value);
            }
        }
    }
    GroupName::new(name)
}

/// The literals that stand between two placeholders.
fn separators(template: &str) -> Vec<&str> {
    let mut separators = Vec::new();
    let mut seen_field = false;
    let mut between = None;
    for part in parts(template) {
        match part {
            Part::Field(_) => {
                if let Some(text) = between.take().filter(|text: &&str| seen_field && !text.is_empty()) {
                    separators.push(text);
                }
                seen_field = true;
            }
            Part::Literal(text) => between = Some(text),
        }
    }
    separators
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_placeholder_is_rendered_byte_for_byte() {
        let name = render("chat_{room}", &[("room", &"a_b-c")]).unwrap();
        assert_eq!(name.as_str(), "chat_a_b-c");
    }

    #[test]
    fn two_values_can_never_trade_places() {
        let render = |a: &str, b: &str| render("game_{a}_{b}_x", &[("a", &a), ("b", &b)]);
        assert_eq!(render("1", "2").unwrap().as_str(), "game_1_2_x");
        assert!(render("1_2", "3").unwrap_err().to_string().contains("separates"));
        assert!(render("1", "2_3").is_err());
    }

    #[test]
    fn a_value_never_takes_a_part_of_its_separator_along() {
        let render = |a: &str, b: &str| super::render("{a}--{b}", &[("a", &a), ("b", &b)]);
        assert_eq!(render("x", "-y").unwrap().as_str(), "x---y");
        assert!(render("x-", "y").unwrap_err().to_string().contains("end `a` otherwise"));
        assert_eq!(render("x", "y-").unwrap().as_str(), "x--y-");
    }

    #[test]
    fn values_obey_the_rule_of_names() {
        assert!(render("chat_{room}", &[("room", &"방")]).unwrap_err().to_string().contains("ASCII"));
        assert!(render("chat_{room}", &[("room", &"")]).unwrap_err().to_string().contains("`room`"));
        assert!(render("chat_{room}", &[("room", &"x".repeat(99))]).is_err());
    }
}
