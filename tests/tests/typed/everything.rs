//! A consumer whose frames have every kind of value that serde writes.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use consumer_runtime::{prelude::*, schema::Declarations};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Everything {
    pub(crate) yes: bool,
    pub(crate) text: String,
    pub(crate) letter: char,
    pub(crate) small: i8,
    /// At most 2^53 - 1 arrives.
    pub(crate) large: u64,
    pub(crate) part: f64,
    pub(crate) maybe: Option<u32>,
    pub(crate) never: Option<u32>,
    pub(crate) nothing: (),
    pub(crate) list: Vec<String>,
    pub(crate) set: BTreeSet<u8>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) pair: (u8, String),
    pub(crate) three: [u8; 3],
    pub(crate) map: BTreeMap<String, u32>,
    pub(crate) numbered: BTreeMap<u32, String>,
    pub(crate) wrapped: Wrapped,
    pub(crate) address: IpAddr,
    pub(crate) colour: Colour,
    pub(crate) outside: Vec<Outside>,
    pub(crate) inside: Vec<Inside>,
    pub(crate) beside: Vec<Beside>,
    pub(crate) bare: Vec<Bare>,
    #[serde(flatten)]
    pub(crate) flat: Flat,
    #[serde(rename = "in")]
    pub(crate) renamed: u8,
    #[serde(rename = "two words")]
    pub(crate) spaced: u8,
    pub(crate) any: serde_json::Value,
    pub(crate) tree: Tree,
    pub(crate) page: Page<Colour>,
    /// An RFC 3339 time.
    #[schemars(extend("format" = "date-time"))]
    pub(crate) at: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Wrapped(pub(crate) u32);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Colour {
    /// As the sky is.
    SkyBlue,
    Red,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Outside {
    Unit,
    One(u32),
    Two(u8, String),
    Named { x: i32 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Inside {
    Empty,
    Circle { radius: f64 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
pub(crate) enum Beside {
    A,
    B(u8),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Bare {
    Number(u32),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Flat {
    pub(crate) deep: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Tree {
    pub(crate) leaves: Vec<Tree>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
}

/// It is read in another form than it is written.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Options {
    #[serde(default = "ten")]
    pub(crate) limit: u32,
    pub(crate) page: Option<u32>,
}

fn ten() -> u32 {
    10
}

/// Why a sum can't be had.
#[derive(Debug, ReplyError)]
pub(crate) enum SumError {
    /// There is nothing to add.
    #[reply("empty", "there is nothing to add")]
    Empty,
    #[reply("too_large", "{limit} is the most")]
    TooLarge { limit: u32 },
    #[reply(internal)]
    Broken(std::io::Error),
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Sum {
    of: Vec<u32>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct End {
    code: u16,
}

/// Something happened.
#[event("all.news")]
#[derive(JsonSchema)]
pub(crate) struct News {
    pub(crate) text: String,
}

/// What is sent without a type.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Plain {
    pub(crate) plain: u8,
}

/// Several messages, told apart by their type.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type")]
pub(crate) enum Sign {
    #[serde(rename = "sign.on")]
    On { level: u8 },
    #[serde(rename = "sign.off")]
    Off,
}

/// How are you?
#[event("all.mood", answer = Colour)]
#[derive(JsonSchema)]
pub(crate) struct Mood {
    pub(crate) text: String,
}

#[group("all", events(News))]
struct Everybody;

/// A consumer that takes and sends everything.
#[consumer("/ws/all/{place}/{number}/", group = Everybody, sends(Plain, Sign, Mood), closes(4321 = "As was asked.", 4001), subprotocols("v2.all", "v1.all"))]
pub(crate) struct EverythingConsumer {
    /// Where it is.
    place: String,
    number: u32,
}

#[consumer]
impl EverythingConsumer {
    /// Answers with what it got.
    #[receive("all.echo")]
    async fn echo(&mut self, all: Everything) -> Everything {
        all
    }

    /// Answers with one of each.
    #[receive("all.sample")]
    async fn sample(&mut self, _: ()) -> Everything {
        sample()
    }

    #[receive("all.options")]
    async fn options(&mut self, options: Options) -> Options {
        options
    }

    #[receive("all.sum")]
    async fn sum(&mut self, sum: Sum) -> Result<u32, SumError> {
        if sum.of.is_empty() {
            return Err(SumError::Empty);
        }
        Ok(sum.of.iter().sum()).and_then(|sum| if sum > 100 { Err(SumError::TooLarge { limit: 100 }) } else { Ok(sum) })
    }

    /// A number that JavaScript cannot hold.
    #[receive("all.huge")]
    async fn huge(&mut self, _: ()) -> u64 {
        u64::MAX
    }

    #[receive("all.where")]
    async fn whereabouts(&mut self, _: ()) -> (String, u32) {
        (self.place.clone(), self.number)
    }

    /// Tells everybody, in every form.
    #[receive("all.tell")]
    async fn tell_all(&mut self, _: (), context: &mut Context<Self>) -> Result {
        context.send(&Plain { plain: 1 }).await?;
        context.send(&Sign::On { level: 2 }).await?;
        context.send(&Sign::Off).await?;
        context.group().send(News { text: "here".into() }).await
    }

    /// Asks the client, and answers with its answer.
    #[receive("all.ask")]
    async fn ask_back(&mut self, _: (), context: &mut Context<Self>) -> Result<Colour> {
        let question = Mood { text: "well?".into() };
        Ok(context.ask(&question, std::time::Duration::from_secs(20)).await?)
    }

    /// Fails in a way that nobody declared.
    #[receive("all.fail")]
    async fn fail(&mut self, _: ()) -> Result {
        Err(Error::msg("on purpose"))
    }

    /// Ends the connection.
    #[receive("all.end")]
    async fn end(&mut self, end: End, context: &mut Context<Self>) -> Result {
        context.close(consumer_runtime::CloseCode::try_from(end.code)?, "as asked");
        Ok(())
    }

    #[event("all.news")]
    fn news(event: &News) -> &News {
        event
    }
}

/// One of each.
pub(crate) fn sample() -> Everything {
    Everything {
        yes: true,
        text: "“quotes”, \u{1F980} and \u{2028}".into(),
        letter: 'ß',
        small: -7,
        large: (1 << 53) - 1,
        part: 0.25,
        maybe: Some(3),
        never: None,
        nothing: (),
        list: vec!["a".into()],
        set: BTreeSet::from([1, 2]),
        bytes: vec![0, 255],
        pair: (1, "one".into()),
        three: [1, 2, 3],
        map: BTreeMap::from([("a b".into(), 1)]),
        numbered: BTreeMap::from([(7, "seven".into())]),
        wrapped: Wrapped(5),
        address: [127, 0, 0, 1].into(),
        colour: Colour::SkyBlue,
        outside: vec![Outside::Unit, Outside::One(1), Outside::Two(2, "two".into()), Outside::Named { x: -1 }],
        inside: vec![Inside::Empty, Inside::Circle { radius: 1.5 }],
        beside: vec![Beside::A, Beside::B(1)],
        bare: vec![Bare::Number(1), Bare::Text("one".into())],
        flat: Flat { deep: 9 },
        renamed: 1,
        spaced: 2,
        any: serde_json::json!({"x": [1, null]}),
        tree: Tree { leaves: vec![Tree { leaves: vec![] }] },
        page: Page { items: vec![Colour::Red] },
        at: "2026-01-31T12:00:00Z".into(),
    }
}

pub(crate) fn declarations() -> Declarations {
    Declarations::new("Everything", "1.0.0").docs("One of each.").consumer::<EverythingConsumer>()
}
