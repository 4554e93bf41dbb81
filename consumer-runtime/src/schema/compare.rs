//! Whether a server serves a client, frame by frame.

mod fits;

use super::{
    contract::{Contract, Input, Taken},
    incompatible::{Incompatible, Place},
    shape::Shape,
};
use fits::Comparison;

/// How much is looked at before a comparison is given up: some milliseconds.
const STEPS: usize = 50_000;

impl Contract {
    /// Whether a client that was built for `client` works with a server whose contract is this one.
    ///
    /// The client's frames must be what this server takes: a field that became required, one whose type changed, or a
    /// frame that is gone break the client; new frames, new optional fields and fields that are no longer read do not.
    /// What the server sends must be what the client expects: a field that is gone, may be missing or changed its type, a
    /// new alternative, and a message or reply that is gone break it; new fields and new messages do not.
    /// [`Shape::Any`] fits everything.
    ///
    /// Takes a bounded time, whatever the client's contract is.
    ///
    /// ```
    /// use consumer_runtime::schema::Contract;
    ///
    /// let server = Contract::parse("contract 1\nframe chat.history {before?:integer,limit:integer}").unwrap();
    /// let client = Contract::parse("contract 1\nframe chat.history {before?:integer}").unwrap();
    /// assert_eq!(
    ///     server.serves(&client).unwrap_err().to_string(),
    ///     "the frame `chat.history` needs a field `limit` that this client does not send",
    /// );
    /// ```
    ///
    /// # Errors
    /// The first difference that breaks the client, in a sentence; also when there is too much to compare.
    pub fn serves(&self, client: &Self) -> Result<(), Incompatible> {
        let mut taken = Comparison::new(&client.taken_types, &self.taken_types, STEPS);
        for (input, sent) in &client.inputs {
            let place = Place::Frame(input);
            let known = self.input(input).ok_or_else(|| Incompatible::gone(place))?;
            taken.check(place, &sent.payload, &known.payload)?;
        }
        let mut given = Comparison::new(&self.given_types, &client.given_types, taken.steps);
        for (input, sent) in &client.inputs {
            let (Some(expected), Some(known)) = (&sent.reply, self.input(input)) else { continue };
            let value = known.reply.as_ref().map_or(&Shape::Null, |reply| &reply.value);
            given.check(Place::Reply(input), value, &expected.value)?;
        }
        for (name, expected) in &client.sends {
            let sent = self.sends.get(name).ok_or_else(|| Incompatible::gone(Place::Sent(name)))?;
            given.check(Place::Sent(name), sent, expected)?;
        }
        Ok(())
    }

    /// What takes `input`; names that fold alike are one.
    fn input(&self, input: &Input) -> Option<&Taken> {
        self.inputs.get(input).or_else(|| match input {
            Input::Frame(wanted) => self.inputs.iter().find_map(|(input, taken)| match input {
                Input::Frame(name) if folded(name).eq(folded(wanted)) => Some(taken),
                _ => None,
            }),
            Input::Text | Input::Bytes => None,
        })
    }
}

/// As [`fold`](crate::decode::fold), without a copy.
fn folded(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| if byte == b'.' { b'_' } else { byte })
}
