//! Types of odd shapes and names: whatever serde writes of them fits the types that are generated.

mod types;

use std::fs;

use consumer_runtime::schema::Declarations;

use self::types::{NamelessConsumer, Odd, Plain, TextConsumer, most, other};
use crate::node;

fn declarations() -> Declarations {
    let declarations = Declarations::new("Odd: \"*/\u{2028}", "1").docs("- x: y\n# \u{85}\u{2028}\u{feff}\t");
    little(declarations.consumer::<Odd>().consumer::<other::Odd>())
}

fn little(declarations: Declarations) -> Declarations {
    declarations.consumer::<Plain>().consumer::<TextConsumer>().consumer::<NamelessConsumer>()
}

fn module() -> String {
    declarations().typescript().module()
}

#[test]
fn names_are_those_of_typescript_and_each_is_its_own() {
    let module = module();
    let names: Vec<_> = module.lines().filter_map(|line| line.strip_prefix("export ")).collect();
    let names: Vec<_> = names.iter().filter(|line| !line.starts_with("const")).collect();
    let names: Vec<_> = names.iter().filter_map(|line| line.split([' ', '<']).nth(1)).collect();
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(names.len(), unique.len(), "{names:?}");
    for name in ["Delete", "Promise_", "String_", "Union", "OddShape", "Odd_", "Odd_Shape", "Failure", "Failure_"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    assert!(module.contains("  named: [GrE, __, _, Delete, String_, OddShape_];\n"), "{module}");
    assert!(module.contains("  of: [OfUint8, OfOnly, OfArray_of_Nullable_uint8];\n"), "{module}");
}

#[test]
fn methods_have_names_of_their_own_and_those_without_fields_take_none() {
    let module = module();
    let methods = r#"  methods: { most: "odd.most", move: "odd.strict", then_: "odd.empty", then__: "odd.then", addNote: "odd.add", addNote_: "odd.more", fail: "odd.fail" },"#;
    assert!(module.contains(methods), "{module}");
    assert!(module.contains("  addNote_(payload: InsideInput, options?: RequestOptions)"), "{module}");
    assert!(module.contains("  bare: [\"then_\", \"fail\"],"), "{module}");
}

#[test]
fn a_message_that_may_have_any_type_is_no_unknown_one() {
    assert!(module().contains("  untyped: true,"), "`Legacy` has a field `type`");
    let module = Declarations::new("Plain", "1").consumer::<Plain>().typescript().module();
    assert!(!module.contains("untyped"), "{module}");
}

#[test]
fn a_field_of_the_frames_own_is_found_in_an_enum_too() {
    let objections = declarations().objections();
    let objections: Vec<_> = objections.iter().filter_map(|objection| objection.split_once(", which")).collect();
    let objections: Vec<_> = objections.iter().map(|(what, _)| *what).collect();
    let expected = ["tagged", "wrapped"].map(|name| format!("Odd: the frame `other.{name}` has a field `type`"));
    assert_eq!(objections, expected);
}

#[test]
fn the_document_has_every_type_and_its_frames_may_have_their_type_and_id() {
    let document = declarations().asyncapi().document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(schemas.contains_key("__") && schemas.contains_key("___"), "two types of two characters each");
    let mut references = Vec::new();
    crate::documents::collect(&document, &mut references);
    for reference in references {
        assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
    }
    let strict = &document["channels"]["Odd"]["messages"]["odd.strict"]["payload"]["allOf"];
    assert_eq!(strict[1]["properties"]["x"]["type"], "integer");
    assert_eq!(
        strict[1].get("additionalProperties"),
        None,
        "it refuses what it does not know, `type` and `id` included"
    );
    assert_eq!(schemas["Strict"]["additionalProperties"], false);
    let event = &document["channels"]["Odd"]["messages"]["delete"]["payload"]["allOf"];
    assert_eq!(event[1].get("additionalProperties"), None);
    let known = &document["channels"]["Odd"]["messages"]["odd.add"]["payload"]["allOf"][1];
    assert_eq!(known["$ref"], "#/components/schemas/KnownInput");
}

#[test]
fn two_consumers_of_one_name_are_not_taken_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.ts");
    declarations().files().typescript(&path).write().unwrap();
    let turned = little(Declarations::new("Odd", "1").consumer::<other::Odd>().consumer::<Odd>());
    let stale = turned.files().typescript(&path).check().unwrap_err();
    assert!(!stale.is_breaking(), "{stale}");
}

/// A program on the module: values as Rust writes them, and as a client would.
fn page() -> String {
    let most = serde_json::to_string(&most()).unwrap();
    format!(
        r#"
import {{ Odd, Odd_, Plain, Text, Nameless, type Anything, type DefaultsInput, type Free, type KnownInput, type Most, type MostInput }} from "./odd.ts";
const most: Most = {most};
const input: MostInput = {{ ...most, defaults: [{{}}, {{ in: 1 }}] }};
const defaults: DefaultsInput = {{ in: 1, twice: null }};
// @ts-expect-error it is written under another name
const wrong: DefaultsInput = {{ out: 1 }};
const known: KnownInput = {{ name: "x", a: 1 }};
// @ts-expect-error
const unknown: KnownInput = {{ name: "x", a: true }};
const anything: Anything = {{ name: "x", a: [1] }};
const odd = Odd.open({{ type: "One", "größe": 1, rest: "a/b" }}, {{ url: "http://localhost" }});
odd.on("delete", message => message.x.toFixed());
odd.on("message", message => message satisfies Free | {{ n: number; type: string }});
await odd.most(input);
await odd.move({{ x: 1 }});
await odd.then_();
await odd.then__(anything);
await odd.addNote(known);
await odd.addNote_({{ kind: "Node" }});
const failed = await odd.fail();
if (!failed.ok && failed.error.code === "one") failed.error.data.x.toFixed();
const other = await Odd_.open().fail();
// @ts-expect-error that is the other error's
if (!other.ok && other.error.code === "one") void 0;
if (!other.ok && other.error.code === "other") void 0;
const plain = Plain.open();
plain.on("message", message => message satisfies {{ deep: number }} | {{ left: unknown }});
for await (const message of plain) void message;
// @ts-expect-error it takes nothing
plain.send("x");
// @ts-expect-error it takes no text
plain.sendText("x");
const text = Text.open({{}}, {{}});
text.sendText("x");
text.sendBytes(new Uint8Array(1));
for await (const message of text) message satisfies never;
const nameless = Nameless.open();
const answer = await nameless.request("", {{ deep: 1 }});
if (answer.ok) answer.value.toFixed();
nameless.send("", {{ deep: 1 }});
void [defaults, wrong, unknown, defaults];
export {{}};
"#
    )
}

#[test]
#[ignore = "needs node"]
fn tsc_takes_whatever_serde_writes_in_node() {
    let folder = tempfile::tempdir_in(node::FOLDER).unwrap();
    let runtime = format!("{}/index.js", node::PACKAGE);
    let (module, page_file) = (folder.path().join("odd.ts"), folder.path().join("page.ts"));
    declarations().files().runtime(runtime).typescript(module).write().unwrap();
    fs::write(&page_file, page()).unwrap();
    node::succeeds(&node::tsc_of(&page_file));
}

#[test]
#[ignore = "needs node"]
fn the_official_parser_takes_odd_documents_in_node() {
    node::parses(&declarations(), 5);
}
