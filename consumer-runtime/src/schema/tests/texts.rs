//! The text: what is written is read back, and what anyone else writes never panics.

use std::collections::BTreeMap;

use proptest::{collection, prelude::*};

use super::{
    super::{Constant, Contract, Field, Input, Object, Others, Reply, Shape, Taken},
    contract,
};

#[test]
fn every_shape_has_its_notation() {
    for shape in [
        "any",
        "null",
        "bool",
        "integer",
        "number",
        "string",
        "\"a\"",
        "-5",
        "false|true|7|\"a\"|\"b\"",
        "[string]",
        "()",
        "(integer)",
        "(integer,[string])",
        "{}",
        "{a:any}",
        "{a?:any,b.c:string|null}",
        "{\"\":any,\"a b\":any}",
        "{\"\\u00e9\\\"\\\\\":any}",
        "{!}",
        "{*:integer}",
        "{a:any,!}",
        "{a:any,*:integer|{}}",
        "@T",
        "@\"List<T>\"",
    ] {
        let text = format!("contract 1\nsend x {shape}\nout \"List<T>\" null\nout T null");
        let parsed = Contract::parse(&text).unwrap_or_else(|error| panic!("{error} in {shape}"));
        assert_eq!(parsed.to_string(), text);
        assert!(parsed.to_string().is_ascii());
    }
}

#[test]
fn what_is_not_in_order_is_put_in_order() {
    let lines = "text -> {b:string|integer|string|\"x\",a:\"y\"|1|\"x\"}\nframe b any\nframe a @T -> null\nin T [T2]"
        .replace("[T2]", "[@T]");
    assert_eq!(
        contract(&lines).to_string(),
        "contract 1\nframe a @T -> null\nframe b any\ntext -> {a:1|\"x\"|\"y\",b:integer|string}\nin T [@T]"
    );
}

#[test]
fn texts_that_are_no_contract_say_where_and_why() {
    let deep = format!("send x {}any{}", "[".repeat(64), "]".repeat(64));
    for (lines, why) in [
        ("nonsense", "line 2: a line begins with `bytes`, `frame`, `in`, `out`, `send` or `text`"),
        ("", "line 2: a line begins with"),
        ("frame", "line 2: a name is missing at the end"),
        ("frame a", "line 2: ` ` is missing at the end"),
        ("frame a any ->", "line 2: ` -> ` is missing before ' '"),
        ("frame a any\nframe a any", "line 3: this is there already"),
        ("send a {b:any,b:any}", "line 2: this is there already"),
        ("send a {b any}", "line 2: `:` is missing before ' '"),
        ("send a {!,b:any}", "line 2: `}` is missing before ','"),
        ("send a [any", "line 2: `]` is missing at the end"),
        ("send a float", "line 2: there is no shape `float`"),
        ("send a any any", "line 2: the end of the line is missing before ' '"),
        ("send a |", "line 2: a shape is missing before '|'"),
        ("send a 99999999999999999999", "line 2: a constant is a whole number of 64 bits"),
        ("send a \"b", "line 2: a JSON string is missing before '\"'"),
        ("frame a @T\nout T any", "there is no line `in T`"),
        ("send a @T\nin T any", "there is no line `out T`"),
        (&*deep, "line 2: shapes nest deeper than 64"),
    ] {
        let error = Contract::parse(&format!("contract 1\n{lines}")).unwrap_err().to_string();
        assert!(error.starts_with(why), "{lines}: {error}");
    }
    assert_eq!(
        Contract::parse("contract 2").unwrap_err().to_string(),
        "line 1: a contract begins with the line `contract 1`"
    );
    let long = format!("contract 1\nsend x \"{}\"", "x".repeat(Contract::MAX_TEXT));
    assert_eq!(Contract::parse(&long).unwrap_err().to_string(), "it is longer than 16384 bytes; send the hash");
    assert!(Contract::parse(&format!("contract 1\nsend x {}any{}", "[".repeat(63), "]".repeat(63))).is_ok());
}

#[test]
fn equal_contracts_have_equal_hashes() {
    let (one, same, other) = (contract("send a 1|2"), contract("send a 2|1"), contract("send a 1|3"));
    assert_eq!(one.hash(), same.hash());
    assert_ne!(one.hash(), other.hash());
    assert!(one.hash().len() == 16 && one.hash().bytes().all(|byte| byte.is_ascii_hexdigit()));
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-c]{1,2}", 1 => any::<String>()]
}

fn constant() -> impl Strategy<Value = Constant> {
    prop_oneof![
        any::<bool>().prop_map(Constant::Bool),
        any::<i64>().prop_map(Constant::Integer),
        name().prop_map(Constant::Text),
    ]
}

/// Shapes that refer to the types `a`, which every contract below has.
pub(super) fn shape() -> impl Strategy<Value = Shape> {
    let plain = prop_oneof![
        Just(Shape::Any),
        Just(Shape::Null),
        Just(Shape::Bool),
        Just(Shape::Integer),
        Just(Shape::Number),
        Just(Shape::Text),
        Just(Shape::Reference("a".to_owned())),
        constant().prop_map(Shape::constant),
    ];
    plain.prop_recursive(4, 24, 4, |inner| {
        let field = (any::<bool>(), inner.clone()).prop_map(|(required, shape)| Field::new(required, shape));
        let others = prop_oneof![
            2 => Just(Others::Ignored),
            1 => Just(Others::Refused),
            1 => inner.clone().prop_map(|shape| Others::Of(Box::new(shape))),
        ];
        prop_oneof![
            inner.clone().prop_map(|shape| Shape::Array(Box::new(shape))),
            collection::vec(inner.clone(), 0..3).prop_map(Shape::Tuple),
            collection::vec(inner, 1..4).prop_map(Shape::one_of),
            (collection::btree_map(name(), field, 0..4), others)
                .prop_map(|(fields, others)| Shape::Object(Object { fields, others })),
        ]
    })
}

pub(super) fn contracts() -> impl Strategy<Value = Contract> {
    let input = prop_oneof![
        4 => name().prop_map(Input::Frame),
        1 => Just(Input::Text),
        1 => Just(Input::Bytes),
    ];
    let input = (input, shape(), proptest::option::of(shape())).prop_map(|(input, payload, reply)| {
        let payload = match input {
            Input::Frame(_) => payload,
            Input::Text => Shape::Text,
            Input::Bytes => Shape::Any,
        };
        (input, Taken { payload, reply: reply.map(|value| Reply { value }) })
    });
    let types = || shape().prop_map(|shape| BTreeMap::from([("a".to_owned(), shape)]));
    (collection::vec(input, 0..4), collection::btree_map(name(), shape(), 0..4), types(), types()).prop_map(
        |(inputs, sends, taken_types, given_types)| Contract {
            inputs: inputs.into_iter().collect(),
            sends,
            taken_types,
            given_types,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(contract in contracts()) {
        let text = contract.to_string();
        prop_assert!(text.is_ascii());
        if text.len() <= Contract::MAX_TEXT {
            let read = Contract::parse(&text).map_err(|error| TestCaseError::fail(format!("{error} in\n{text}")))?;
            prop_assert_eq!(read.to_string(), text);
            prop_assert_eq!(read, contract);
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = Contract::parse(&text);
        let _ = Contract::parse(&format!("contract 1\n{text}"));
    }

    #[test]
    fn no_text_of_our_own_signs_panics(text in "[a{}\\[\\]()|,:?!*@\" \n0-9-]{0,60}") {
        for begin in ["", "send a ", "frame a ", "in a {", "out a ["] {
            if let Ok(contract) = Contract::parse(&format!("contract 1\n{begin}{text}")) {
                prop_assert_eq!(Contract::parse(&contract.to_string()).unwrap(), contract);
            }
        }
    }

    #[test]
    fn a_text_with_one_byte_changed_never_panics(contract in contracts(), at in any::<prop::sample::Index>(), byte in 0..128u8) {
        let mut text = contract.to_string().into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        let _ = Contract::parse(&String::from_utf8(text).unwrap());
    }
}
