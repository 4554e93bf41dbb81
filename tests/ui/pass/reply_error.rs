//! Errors of replies in every shape, where other names are the user's own.

#![no_implicit_prelude]
#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub)]
#![allow(dead_code)]

mod std {}
mod core {}
mod serde {}
struct Result;
struct Option;
struct String;
struct From;
struct Into;
struct Error;
struct Answer;
struct Display;
struct Formatter;
struct Response;

// A pattern of these names would be a constant.
#[allow(non_upper_case_globals)]
const room: u8 = 1;
#[allow(non_upper_case_globals)]
const r#type: u8 = 1;

/// Without `Debug`, and with a name that the macro might like.
#[derive(::consumer_runtime::ReplyError)]
enum ReplyError {
    #[reply("no_room", "there is no room `{room}`")]
    NoRoom { room: ::std::string::String },
    #[reply("raw", "{type} of {match:?}, {{as it is}}")]
    Raw { r#type: u8, r#match: ::std::vec::Vec<u8> },
    #[reply("ok", "called like a variant of `Result`")]
    Ok,
    #[reply("none", "empty braces")]
    None {},
    #[reply("chat.empty", "empty parentheses")]
    Some(),
    #[cfg(any())]
    #[reply("missing", "configured away: {missing}")]
    Missing { missing: Missing },
    #[reply("cfg", "a field is configured away")]
    Cfg {
        #[cfg(any())]
        missing: Missing,
        number: u8,
    },
    #[cfg_attr(all(), reply("attribute", "the attribute is configured in"))]
    Attribute,
    #[reply(internal)]
    Store(::std::io::Error),
    #[reply(internal)]
    Other(::consumer_runtime::Error),
    #[reply(internal)]
    Nested(Closed),
}

#[derive(::consumer_runtime::ReplyError)]
#[reply("closed", "closed from {from:02} to {to:02}")]
struct Closed {
    from: u8,
    #[reply(skip)]
    to: u8,
    #[reply(skip)]
    secret: Secret,
}

struct Secret;

#[derive(::consumer_runtime::ReplyError)]
#[reply("unit", "nothing more to say")]
struct Unit;

#[derive(::consumer_runtime::ReplyError)]
#[reply(internal)]
struct Internal(::std::io::Error);

#[derive(::consumer_runtime::ReplyError)]
enum Never {}

#[derive(::consumer_runtime::ReplyError)]
#[reply("generic", "{value} after {before}")]
struct Generic<'a, T, const N: usize>
where
    T: ::serde::Serialize + ::core::fmt::Display,
{
    value: T,
    before: &'a ::core::primitive::str,
    #[reply(skip)]
    bytes: [u8; N],
}

#[derive(::consumer_runtime::ReplyError)]
enum Wrapping<T: ::std::error::Error + ::core::marker::Send + ::core::marker::Sync + 'static> {
    #[reply(internal)]
    Inner(T),
    #[reply("busy", "busy")]
    Busy,
}

macro_rules! errors {
    ($name:ident, $variant:ident, $field:ident, $code:literal, $message:literal) => {
        #[derive(::consumer_runtime::ReplyError)]
        enum $name {
            #[reply($code, $message)]
            $variant { $field: u8 },
        }
    };
}

errors!(ByMacro, Small, number, "small", "{number} is small");

fn convert() -> ::core::result::Result<(), ReplyError> {
    ::core::result::Result::Err(::std::io::Error::other("why"))?;
    ::core::result::Result::Err(::consumer_runtime::Error::msg("why"))?;
    ::core::result::Result::Err(Closed { from: 1, to: 2, secret: Secret })?;
    ::core::result::Result::Ok(())
}

fn plain() -> ::consumer_runtime::Result {
    convert()?;
    ::core::result::Result::Err(Unit)?;
    ::core::result::Result::Err(Unit).map_err(::consumer_runtime::Error::reply)?;
    ::core::result::Result::Err(Generic { value: 1, before: "2", bytes: [0; 3] })?;
    ::core::result::Result::Ok(())
}

fn main() {
    use ::consumer_runtime::ReplyError as _;
    use ::std::{assert_eq, string::ToString};
    let codes = ["no_room", "raw", "ok", "none", "chat.empty", "cfg", "attribute"];
    assert_eq!(<ReplyError as ::consumer_runtime::ReplyError>::CODES, codes);
    assert_eq!(Closed { from: 1, to: 12, secret: Secret }.to_string(), "closed from 01 to 12");
    assert_eq!(ByMacro::Small { number: 1 }.answer().unwrap().message(), "1 is small");
    assert_eq!(
        ReplyError::Raw { r#type: 1, r#match: ::std::vec![2] }.answer().unwrap().to_string(),
        "raw: 1 of [2], {as it is}"
    );
}
