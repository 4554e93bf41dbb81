//! What breaks a client, what does not, and what it is told.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{super::Contract, contract, texts::contracts};

fn told(server: &str, client: &str) -> String {
    match contract(server).serves(&contract(client)) {
        Ok(()) => String::new(),
        Err(why) => why.to_string(),
    }
}

/// Each line: what the server has, what the client was built for, what it is told.
fn all(cases: &[(&str, &str, &str)]) {
    for (server, client, expected) in cases {
        assert_eq!(&told(server, client), expected, "server:\n{server}\nclient:\n{client}");
    }
}

#[test]
fn what_a_client_sends_must_be_taken() {
    all(&[
        (
            "frame chat.history {before?:integer,limit:integer}",
            "frame chat.history {before?:integer}",
            "the frame `chat.history` needs a field `limit` that this client does not send",
        ),
        ("frame a {x?:integer}", "frame a {}", ""),
        ("frame a {}", "frame a {x:integer}", ""),
        ("frame a {x?:integer}", "frame a {x:integer}", ""),
        (
            "frame a {x:integer}",
            "frame a {x?:integer}",
            "the frame `a` needs the field `x`, which this client may leave out",
        ),
        (
            "frame a {x:integer}",
            "frame a {x:string}",
            "the field `x` of the frame `a` must be an integer, but this client sends a string",
        ),
        ("frame a {x:number}", "frame a {x:integer}", ""),
        (
            "frame a {x:integer}",
            "frame a {x:number}",
            "the field `x` of the frame `a` must be an integer, but this client sends a number",
        ),
        ("frame a {x:integer|null}", "frame a {x:integer}", ""),
        (
            "frame a {x:integer}",
            "frame a {x:integer|null}",
            "the field `x` of the frame `a` must be an integer, but this client sends null",
        ),
        ("frame a {x:\"b\"|\"c\"}", "frame a {x:\"b\"}", ""),
        (
            "frame a {x:\"b\"}",
            "frame a {x:\"b\"|\"c\"}",
            "the field `x` of the frame `a` must not be \"c\", which this client may send",
        ),
        ("frame a {x:string}", "frame a {x:\"b\"}", ""),
        (
            "frame a {x:\"b\"}",
            "frame a {x:string}",
            "the field `x` of the frame `a` must be \"b\", but this client sends a string",
        ),
        (
            "frame a {r:{to:string}}",
            "frame a {r:{}}",
            "the frame `a` needs a field `r.to` that this client does not send",
        ),
        (
            "frame a {r:[{to:string}]}",
            "frame a {r:[{to:null}]}",
            "the field `r[].to` of the frame `a` must be a string, but this client sends null",
        ),
        ("frame a {x:any}", "frame a {x:[string]}", ""),
        ("frame a {x:string}", "frame a any", ""),
        ("frame a {x?:any,!}", "frame a {y?:any}", "the frame `a` takes no field `y`, which this client sends"),
        ("frame a {x:any,*:integer}", "frame a {x:any,y:integer}", ""),
        (
            "frame a {m:{*:integer}}",
            "frame a {m:{*:string}}",
            "the field `m.*` of the frame `a` must be an integer, but this client sends a string",
        ),
        (
            "frame a {m:{x?:any,!}}",
            "frame a {m:{*:string}}",
            "the field `m` of the frame `a` takes fewer fields than this client may send",
        ),
        ("frame a {p:(integer,string)}", "frame a {p:(integer,string)}", ""),
        (
            "frame a {p:(integer,string)}",
            "frame a {p:(integer)}",
            "the field `p` of the frame `a` must be a list of 2, but this client sends a list of 1",
        ),
        ("frame a {p:[number]}", "frame a {p:(integer,integer)}", ""),
    ]);
}

#[test]
fn frames_may_come_and_not_go() {
    all(&[
        ("frame a any\nframe b any", "frame a any", ""),
        ("frame a any", "frame b any", "the server no longer takes the frame `b`"),
        ("frame a.b any", "frame a_b any", ""),
        ("frame a any", "frame \"\" any", "the server no longer takes frames without a `type`"),
        ("frame a any", "text", "the server no longer takes plain text frames"),
        ("frame a any", "bytes", "the server no longer takes binary frames"),
        ("text\nbytes", "text\nbytes", ""),
        ("send a any\nsend b any", "send a any", ""),
        ("send a any", "send b any", "the server no longer sends the message `b`"),
    ]);
}

#[test]
fn what_the_server_sends_must_be_known() {
    all(&[
        ("send a {x:integer}", "send a {}", ""),
        ("send a {}", "send a {x:integer}", "the message `a` has no field `x`, which this client needs"),
        ("send a {}", "send a {x?:integer}", ""),
        (
            "send a {x?:integer}",
            "send a {x:integer}",
            "the message `a` may lack the field `x`, which this client needs",
        ),
        (
            "send a {x:number}",
            "send a {x:integer}",
            "the field `x` of the message `a` is a number, but this client expects an integer",
        ),
        (
            "send a {x:integer|null}",
            "send a {x:integer}",
            "the field `x` of the message `a` is null, but this client expects an integer",
        ),
        (
            "send a {x:\"b\"|\"c\"}",
            "send a {x:\"b\"}",
            "the field `x` of the message `a` may be \"c\", which this client does not know",
        ),
        ("send a {x:\"b\"}", "send a {x:\"b\"|\"c\"}", ""),
        (
            "send a {kind:\"x\",y:any}|{kind:\"z\"}",
            "send a {kind:\"x\",y:any}|{kind:\"w\"}",
            "the message `a` may be an object with the field `kind` = \"z\", which this client does not know",
        ),
        (
            "send a {kind:\"x\",y:string}|{kind:\"z\"}",
            "send a {kind:\"x\",y:integer}|{kind:\"z\"}",
            "the field `y` of the message `a` is a string, but this client expects an integer",
        ),
    ]);
}

#[test]
fn replies_are_compared_in_the_other_direction() {
    all(&[
        ("frame a any -> {x:integer,y:any}", "frame a any -> {x:integer}", ""),
        (
            "frame a any -> {y:any}",
            "frame a any -> {x:integer}",
            "the reply to the frame `a` has no field `x`, which this client needs",
        ),
        (
            "frame a any -> number",
            "frame a any -> integer",
            "the reply to the frame `a` is a number, but this client expects an integer",
        ),
        (
            "frame a any",
            "frame a any -> integer",
            "the reply to the frame `a` is null, but this client expects an integer",
        ),
        ("frame a any", "frame a any -> integer|null", ""),
        ("frame a any -> integer", "frame a any", ""),
        (
            "text -> string",
            "text -> integer",
            "the reply to a text frame is a string, but this client expects an integer",
        ),
    ]);
}

#[test]
fn types_are_followed_wherever_they_lead() {
    let tree = "send a @Tree\nout Tree {children:[@Tree],name:string}";
    let renamed = "send a @Node\nout Node {children:[@Node],name:string}";
    let inlined = "send a {children:[@Node],name:string}\nout Node {children:[@Node]}";
    let changed = "send a @Tree\nout Tree {children:[@Tree],name:integer}";
    let maybe = "send a @Tree\nout Tree {left?:@Tree|null,right?:@Tree|null}";
    all(&[
        (tree, renamed, ""),
        (tree, inlined, ""),
        (maybe, maybe, ""),
        (tree, changed, "the field `name` of the message `a` is a string, but this client expects an integer"),
        ("frame a {c:@Color|null}\nin Color \"red\"|\"blue\"", "frame a {c:\"red\"|null}", ""),
        (
            "frame a {c:@Color|null}\nin Color \"red\"|\"blue\"",
            "frame a {c:@C|null}\nin C \"red\"|\"green\"",
            "the field `c` of the frame `a` must not be \"green\", which this client may send",
        ),
        ("send a @A\nout A @B\nout B integer", "send a integer", ""),
    ]);
    // A type that consists of itself can't be told apart from anything.
    assert_eq!(told("send a integer", "send a @A\nout A @B\nout B @A"), "");
}

#[test]
fn a_failed_attempt_leaves_nothing_behind() {
    // The first alternative fails at `z`, after `@T` was taken to fit on the way.
    let server = "send a {t:@T,z:integer}\nout T {t?:@T,v:string}";
    let client = "send a {t:@U,z:string}|{t:@V,z:integer}\nout U {t?:@U,v:string}\nout V {t?:@U,v:integer}";
    assert_ne!(told(server, client), "");
}

#[test]
fn names_of_a_client_are_short_and_printable() {
    let long = "x".repeat(9000);
    let long = told("bytes", &format!("send \"{long}\\n\" any"));
    assert_eq!(long, format!("the server no longer sends the message `{}…`", "x".repeat(40)));
    let told = told("bytes", "send \"a\\nb`\\u001b\" any");
    assert_eq!(told, "the server no longer sends the message `a\\nb\\u{60}\\u{1b}`");
}

#[test]
fn no_client_costs_much() {
    let many =
        |count: usize, item: &dyn Fn(usize) -> String, by: &str| (0..count).map(item).collect::<Vec<_>>().join(by);
    let variants = many(300, &|i| format!("{{a{i}?:any,b:integer}}"), "|");
    let server = contract(&format!("frame a {variants}\nsend a @T\nout T {{a?:@T,b?:[@T]|null}}"));
    let refused = many(300, &|i| format!("{{c{i}?:integer,b:string}}"), "|");
    let chain = many(400, &|i| format!("out T{i} {{a?:@T{},b?:[@T{}]|null}}", i + 1, (i * 7) % 400), "\n");
    let deep = format!("{}null{}", "[".repeat(60), "]".repeat(60));
    for client in [
        format!("frame a {refused}"),
        format!("send a @T0\n{chain}\nout T400 any"),
        format!("send a {deep}"),
        format!("frame a {}", many(2000, &|i| i.to_string(), "|")),
        many(900, &|i| format!("frame f{i} any"), "\n"),
    ] {
        let client = contract(&client);
        let began = Instant::now();
        let _ = server.serves(&client);
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    }
}

#[test]
fn too_much_is_said() {
    let many = |item: &dyn Fn(usize) -> String, by: &str| (0..1000).map(item).collect::<Vec<_>>().join(by);
    let messages = |shape: &str| (0..60).map(|i| format!("send m{i} {shape}\n")).collect::<String>();
    let server = contract(messages("{x:integer}").trim_end());
    let client = contract(&format!("{}out T {{{}}}", messages("@T"), many(&|i| format!("f{i}?:any"), ",")));
    let why = server.serves(&client).unwrap_err().to_string();
    assert_eq!(why, "this client's contract is too large to compare; let it send the hash");
}

proptest! {
    #[test]
    fn every_contract_serves_itself(contract in contracts()) {
        prop_assert_eq!(contract.serves(&contract), Ok(()));
        let again = Contract::parse(&contract.to_string()).unwrap();
        prop_assert_eq!(contract.serves(&again), Ok(()));
    }

    #[test]
    fn a_server_that_takes_and_sends_more_still_serves(contract in contracts(), more in contracts()) {
        let mut server = contract.clone();
        for (input, taken) in more.inputs {
            server.inputs.entry(input).or_insert(taken);
        }
        for (name, shape) in more.sends {
            server.sends.entry(name).or_insert(shape);
        }
        prop_assert_eq!(server.serves(&contract), Ok(()));
    }

    #[test]
    fn any_two_are_compared_without_a_panic(server in contracts(), client in contracts()) {
        if let Err(why) = server.serves(&client) {
            prop_assert!(!why.to_string().contains('\n'), "{}", why);
        }
    }
}
