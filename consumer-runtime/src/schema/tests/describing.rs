//! What schemars says of a type, as a shape.

use std::collections::{BTreeMap, HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::describe::{Describe, Describer};

fn text<T: JsonSchema>(mut describer: Describer) -> String {
    let shape = describer.shape(Describe::of::<T>());
    let types = describer.types([&shape]);
    let types = types.iter().map(|(name, shape)| format!("; {name} = {shape}")).collect::<String>();
    format!("{shape}{types}")
}

fn taken<T: JsonSchema>() -> String {
    text::<T>(Describer::taken())
}

fn given<T: JsonSchema>() -> String {
    text::<T>(Describer::given())
}

#[test]
fn plain_types() {
    assert_eq!(taken::<(bool, u64, f32, char, String)>(), "(bool,integer,number,string,string)");
    assert_eq!(taken::<Option<i8>>(), "integer|null");
    assert_eq!(taken::<Vec<[u8; 2]>>(), "[[integer]]");
    assert_eq!(taken::<HashSet<String>>(), "[string]");
    assert_eq!(taken::<HashMap<String, Vec<u8>>>(), "{*:[integer]}");
    assert_eq!(taken::<BTreeMap<u32, bool>>(), "{*:bool}");
    assert_eq!(taken::<()>(), "null");
    assert_eq!(taken::<serde_json::Value>(), "any");
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Fields {
    one_two: u8,
    #[serde(rename = "x y")]
    renamed: u8,
    #[serde(default)]
    defaulted: u8,
    optional: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<u8>,
    #[expect(dead_code, reason = "serde and schemars skip it")]
    #[serde(skip)]
    never: u8,
}

#[test]
fn fields_as_serde_has_them() {
    assert_eq!(
        taken::<Fields>(),
        "{defaulted?:integer,oneTwo:integer,optional?:integer|null,skipped?:integer|null,\"x y\":integer}"
    );
    assert_eq!(
        given::<Fields>(),
        "{defaulted:integer,oneTwo:integer,optional:integer|null,skipped?:integer|null,\"x y\":integer}"
    );
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Inner {
    inner: bool,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Tagged {
    Unit,
    Fields { x: u8 },
    Struct(Inner),
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Outside {
    A,
    B,
    C(u8),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Number(i32),
    Text(String),
}

#[test]
fn enums_of_every_kind() {
    assert_eq!(taken::<Tagged>(), "{inner:bool,kind:\"struct\"}|{kind:\"fields\",x:integer}|{kind:\"unit\"}");
    assert_eq!(taken::<Outside>(), "\"A\"|\"B\"|{C:integer,!}");
    assert_eq!(given::<Outside>(), "\"A\"|\"B\"|{C:integer}");
    assert_eq!(taken::<Untagged>(), "integer|string");
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Flat {
    own: u8,
    #[serde(flatten)]
    inner: Inner,
    #[serde(flatten)]
    tagged: Tagged,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Rest {
    own: u8,
    #[serde(flatten)]
    rest: HashMap<String, String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Strict {
    own: u8,
}

#[test]
fn flattened_fields_and_what_else_may_be_there() {
    assert_eq!(
        taken::<Flat>(),
        "{inner:bool,kind:\"fields\",own:integer,x:integer}|{inner:bool,kind:\"struct\",own:integer}\
         |{inner:bool,kind:\"unit\",own:integer}"
    );
    assert_eq!(taken::<Rest>(), "{own:integer,*:string}");
    assert_eq!(taken::<Strict>(), "{own:integer,!}");
    assert_eq!(given::<Strict>(), "{own:integer}", "who reads it ignores what is new");
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Tree {
    children: Vec<Tree>,
    parent: Option<Box<Tree>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Wrapper<T>(T);

#[derive(Serialize, Deserialize, JsonSchema)]
struct Deep {
    wrapped: Wrapper<Inner>,
    direct: Inner,
}

#[test]
fn types_that_refer_to_others() {
    assert_eq!(taken::<Tree>(), "{children:[@Tree],parent?:@Tree|null}; Tree = {children:[@Tree],parent?:@Tree|null}");
    assert_eq!(taken::<Wrapper<Inner>>(), "@Inner; Inner = {inner:bool}");
    assert_eq!(taken::<Deep>(), "{direct:@Inner,wrapped:@Wrapper}; Inner = {inner:bool}; Wrapper = @Inner");
}
