//! The types, and the consumers that take and send them.

use std::collections::{BTreeMap, HashMap};

use consumer_runtime::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// */ alert(1); /* "quotes" `ticks` ${x}
///
/// A line with \u{2028} and * / stars *
#[derive(Serialize, Deserialize, JsonSchema)]
struct Docs {
    /// */
    a: u8,
    #[serde(default = "nasty")]
    b: String,
}

fn nasty() -> String {
    "*/ \"\n\u{2028}".to_owned()
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Pair<A, B> {
    a: A,
    b: Option<B>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Of<{T}>")]
struct Of<T> {
    of: T,
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Expr {
    Number(f64),
    Add(Box<Expr>, Box<Expr>),
    All { of: Vec<Expr> },
    Nothing,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Free {
    Null,
    Number(f64),
    Text(String),
    List(Vec<Free>),
    Map(BTreeMap<String, Free>),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "of")]
enum Beside {
    Unit,
    New(u32),
    Tuple(u8, String),
    Struct { x: u8 },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Lists {
    Numbers(Vec<u32>),
    Texts(Vec<String>),
    Pair(u8, bool),
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Known {
    name: String,
    maybe: Option<u8>,
    #[serde(flatten)]
    rest: BTreeMap<String, u32>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Anything {
    name: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Inside {
    Empty,
    Circle { radius: f64 },
    Known(Docs),
    Node(Node),
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Node {
    left: Option<Box<Inside>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Outside {
    Unit,
    One(u8),
    Two { x: u8 },
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Flat {
    id: u8,
    #[serde(flatten)]
    inside: Inside,
    #[serde(flatten)]
    outside: Outside,
    #[serde(flatten)]
    maybe: Option<Deep>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Deep {
    deep: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Strict {
    x: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StrictEmpty {}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Defaults {
    x: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<u8>,
    #[serde(skip)]
    #[allow(dead_code)]
    z: u8,
    #[serde(rename(serialize = "out", deserialize = "in"))]
    way: u8,
    twice: Option<Option<u8>>,
}

#[derive(Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(rename_all = "UPPERCASE")]
enum Key {
    A,
    B,
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Only {
    One,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[allow(non_camel_case_types)]
struct r#union {
    r#type: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Größe {
    größe: u8,
    #[serde(rename = "日本 \"\\ \u{2028}\n")]
    other: u8,
    #[serde(rename = "")]
    empty: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct 名前 {
    a: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct 住所 {
    b: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "delete")]
struct Reserved {
    x: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "string")]
struct Primitive {
    y: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct OddShape {
    z: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Promise {
    #[schemars(with = "String")]
    with: Value,
    #[schemars(rename = "with2")]
    #[serde(rename = "with2")]
    with2: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Nothing;

#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Most {
    docs: Docs,
    pairs: (Pair<u8, String>, Pair<String, bool>),
    of: (Of<u8>, Of<Only>, Of<Vec<Option<u8>>>),
    exprs: Vec<Expr>,
    free: Vec<Free>,
    beside: Vec<Beside>,
    lists: Vec<Lists>,
    known: Known,
    anything: Anything,
    flat: Vec<Flat>,
    strict: (Strict, StrictEmpty),
    defaults: Vec<Defaults>,
    keyed: BTreeMap<Key, u8>,
    hashed: HashMap<Key, Vec<Only>>,
    boxed: Box<[Box<u8>]>,
    only: Only,
    one: (u8,),
    none: [u8; 0],
    many: [Option<u8>; 2],
    big: u128,
    negative: i128,
    raw: r#union,
    named: (Größe, 名前, 住所, Reserved, Primitive, OddShape),
    nothing: Nothing,
    result: Vec<Result<u8, String>>,
    nested: Vec<Option<(u8, Option<String>)>>,
    range: std::ops::Range<u8>,
    time: std::time::Duration,
    letters: BTreeMap<char, bool>,
    yes: BTreeMap<bool, u8>,
    signed: BTreeMap<i8, u8>,
    unit: Vec<()>,
    promise: Promise,
}

pub(super) fn most() -> Most {
    let docs = || Docs { a: 1, b: String::new() };
    Most {
        docs: docs(),
        pairs: (Pair { a: 1, b: Some("b".into()) }, Pair { a: "a".into(), b: None }),
        of: (Of { of: 1 }, Of { of: Only::One }, Of { of: vec![None, Some(1)] }),
        exprs: vec![
            Expr::Number(0.5),
            Expr::Add(Box::new(Expr::Nothing), Box::new(Expr::Number(1.0))),
            Expr::All { of: vec![Expr::Nothing] },
        ],
        free: vec![
            Free::Null,
            Free::Number(1.0),
            Free::List(vec![Free::Text("x".into()), Free::Map(BTreeMap::from([("a".into(), Free::Null)]))]),
        ],
        beside: vec![Beside::Unit, Beside::New(1), Beside::Tuple(1, "x".into()), Beside::Struct { x: 1 }],
        lists: vec![Lists::Numbers(vec![1]), Lists::Texts(vec!["x".into()]), Lists::Pair(1, true)],
        known: Known { name: "x".into(), maybe: None, rest: BTreeMap::from([("a".into(), 1)]) },
        anything: Anything { name: "x".into(), rest: BTreeMap::from([("a".into(), json!([1]))]) },
        flat: vec![
            Flat { id: 1, inside: Inside::Empty, outside: Outside::One(1), maybe: None },
            Flat {
                id: 1,
                inside: Inside::Circle { radius: 0.5 },
                outside: Outside::Two { x: 1 },
                maybe: Some(Deep { deep: 1 }),
            },
            Flat { id: 1, inside: Inside::Known(docs()), outside: Outside::Unit, maybe: None },
            Flat {
                id: 1,
                inside: Inside::Node(Node { left: Some(Box::new(Inside::Empty)) }),
                outside: Outside::Unit,
                maybe: None,
            },
        ],
        strict: (Strict { x: 1 }, StrictEmpty {}),
        defaults: vec![Defaults::default(), Defaults { y: Some(1), twice: Some(Some(1)), ..Defaults::default() }],
        keyed: BTreeMap::from([(Key::A, 1), (Key::B, 2)]),
        hashed: HashMap::from([(Key::A, vec![Only::One])]),
        boxed: vec![Box::new(1)].into(),
        only: Only::One,
        one: (1,),
        none: [],
        many: [None, Some(1)],
        big: 1,
        negative: -1,
        raw: r#union { r#type: 1 },
        named: (
            Größe { größe: 1, other: 2, empty: 4 },
            名前 { a: 1 },
            住所 { b: "x".into() },
            Reserved { x: 1 },
            Primitive { y: 1 },
            OddShape { z: 1 },
        ),
        nothing: Nothing,
        result: vec![Ok(1), Err("x".into())],
        nested: vec![None, Some((1, None))],
        range: 1..2,
        time: std::time::Duration::from_secs(1),
        letters: BTreeMap::from([('a', true)]),
        yes: BTreeMap::from([(true, 1)]),
        signed: BTreeMap::from([(-1, 1)]),
        unit: vec![()],
        promise: Promise { with: "1".into(), with2: 1 },
    }
}

/// News whose name is a word of TypeScript's.
#[event("delete")]
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Deleted {
    x: u8,
}

#[derive(Serialize, JsonSchema)]
struct Legacy {
    r#type: String,
    n: u8,
}

#[derive(Debug, ReplyError)]
enum Failure {
    /// */ one
    #[reply("one", "one {x}")]
    One { x: u8 },
}

#[group("odd", events(Deleted))]
struct Everybody;

#[consumer("/ws/odd/{type}/{größe}/{*rest}", group = Everybody, sends(Legacy, Free), closes(4000 = "*/ x"))]
pub(super) struct Odd {
    r#type: Only,
    größe: u8,
    rest: String,
}

#[consumer]
impl Odd {
    /// */ x
    #[receive("odd.most")]
    async fn most(&mut self, most: Most) -> Most {
        most
    }

    #[receive("odd.strict")]
    async fn r#move(&mut self, strict: Strict) -> u8 {
        strict.x
    }

    #[receive("odd.empty")]
    async fn then(&mut self, _: StrictEmpty) {}

    #[receive("odd.then")]
    async fn then_(&mut self, _: Anything) {}

    #[receive("odd.add")]
    async fn add_note(&mut self, _: Known) {}

    #[receive("odd.more")]
    #[allow(non_snake_case)]
    async fn addNote(&mut self, _: Inside) {}

    #[receive("odd.fail")]
    async fn fail(&mut self, _: ()) -> Result<u8, Failure> {
        Err(Failure::One { x: 1 })
    }

    #[event("delete")]
    fn deleted(event: &Deleted) -> &Deleted {
        event
    }
}

pub(super) mod other {
    use super::*;

    /// Another error of the same name.
    #[derive(Debug, ReplyError)]
    pub(super) enum Failure {
        #[reply("other", "other")]
        Other,
    }

    /// Another consumer of the same name.
    #[consumer("/ws/other/")]
    pub(crate) struct Odd {}

    #[consumer]
    impl Odd {
        #[receive("other.fail")]
        async fn fail(&mut self, _: ()) -> Result<u8, Failure> {
            Err(Failure::Other)
        }

        /// Its payload has the frame's own field in one of its forms.
        #[receive("other.tagged")]
        async fn tagged(&mut self, _: Tagged) {}

        /// The same behind a tuple struct.
        #[receive("other.wrapped")]
        async fn wrapped(&mut self, _: Wrapped) {}
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema matters")]
    pub(super) struct Wrapped(Tagged);

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "type")]
    #[expect(dead_code, reason = "only its schema matters")]
    pub(super) enum Tagged {
        One { x: u8 },
        Two,
    }
}

/// It takes nothing.
#[consumer("/ws/plain/", sends(Node, Deep))]
pub(super) struct Plain {}

#[consumer]
impl Plain {}

/// It takes no JSON, and sends none.
#[consumer("/ws/text/")]
pub(super) struct TextConsumer {}

#[consumer]
impl TextConsumer {
    #[receive(text)]
    async fn text(&mut self, _: String) {}

    #[receive(bytes)]
    async fn bytes(&mut self, _: Vec<u8>) {}
}

/// Its frames have no type.
#[consumer("/ws/nameless/")]
pub(super) struct NamelessConsumer {}

#[consumer]
impl NamelessConsumer {
    #[receive]
    async fn receive(&mut self, deep: Deep) -> u8 {
        deep.deep
    }
}
