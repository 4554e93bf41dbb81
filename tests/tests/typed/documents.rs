//! The AsyncAPI document.

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use consumer_runtime::schema::Declarations;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::everything::declarations;

fn document() -> Value {
    declarations().asyncapi().document()
}

#[test]
fn a_consumer_is_a_channel_and_its_frames_are_operations_with_replies() {
    let document = document();
    assert_eq!(document["asyncapi"], "3.0.0");
    let channel = &document["channels"]["EverythingConsumer"];
    assert_eq!(channel["address"], "/ws/all/{place}/{number}/");
    assert_eq!(channel["description"], "A consumer that takes and sends everything.");
    assert_eq!(channel["parameters"], json!({"place": {"description": "Where it is."}, "number": {}}));
    assert_eq!(
        channel["bindings"]["ws"]["headers"]["properties"]["Sec-WebSocket-Protocol"]["enum"],
        json!(["v2.all", "v1.all"])
    );

    let sum = &document["operations"]["EverythingConsumer.receive.all.sum"];
    assert_eq!(sum["action"], "receive");
    assert_eq!(sum["messages"], json!([{"$ref": "#/channels/EverythingConsumer/messages/all.sum"}]));
    assert_eq!(sum["reply"]["messages"], json!([{"$ref": "#/channels/EverythingConsumer/messages/all.sum.reply"}]));
    let reply = &channel["messages"]["all.sum.reply"]["payload"];
    let codes: Vec<_> = reply["oneOf"][1]["properties"]["error"]["anyOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["properties"]["code"])
        .collect();
    assert_eq!(codes[..2], [&json!({"const": "empty"}), &json!({"const": "too_large"})]);

    let news = &document["operations"]["EverythingConsumer.send.all.news"];
    assert_eq!(news["action"], "send");
    let question = &document["operations"]["EverythingConsumer.ask.all.mood"];
    assert_eq!((&question["action"], question["reply"].is_object()), (&json!("send"), true));
}

#[test]
fn each_type_is_there_once_and_every_reference_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(
        schemas.contains_key("Colour") && !schemas.contains_key("ColourInput"),
        "it looks the same in both directions"
    );
    assert!(schemas.contains_key("Options") && schemas.contains_key("OptionsInput"), "it does not");
}

pub(crate) fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
            Value::String(reference) if name == "$ref" => references.push(reference.clone()),
            value => collect(value, references),
        }),
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

#[tokio::test]
async fn a_route_serves_it_in_both_forms() {
    let app: Router = Router::new().nest("/docs", declarations().asyncapi().router());
    let get = |path: &str| app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
    let json = get("/docs/asyncapi.json").await.unwrap();
    assert_eq!(json.headers()[header::CONTENT_TYPE], "application/vnd.aai.asyncapi+json;version=3.0.0");
    let body = axum::body::to_bytes(json.into_body(), usize::MAX).await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), document());
    let yaml = get("/docs/asyncapi.yaml").await.unwrap();
    let body = axum::body::to_bytes(yaml.into_body(), usize::MAX).await.unwrap();
    assert!(body.starts_with(b"asyncapi: \"3.0.0\"\n"));
}

#[test]
fn an_application_without_consumers_has_a_document_too() {
    let document = Declarations::new("Nothing", "0").asyncapi().document();
    assert_eq!((&document["channels"], &document["operations"]), (&json!({}), &json!({})));
}

mod two {
    use consumer_runtime::prelude::*;

    use crate::everything::{Colour, Page};

    #[consumer("/ws/one/")]
    pub(super) struct One {}

    #[consumer]
    impl One {
        #[receive("one.page")]
        async fn page(&mut self, _: ()) -> Page<Colour> {
            Page { items: vec![Colour::Red] }
        }
    }

    /// The other one.
    #[consumer("/ws/other/{*rest}")]
    pub(super) struct Other {
        rest: String,
    }

    #[consumer]
    impl Other {
        #[receive("other.page")]
        async fn page(&mut self, page: Page<Colour>) -> Page<Colour> {
            let _ = &self.rest;
            page
        }
    }
}

#[test]
fn consumers_share_their_types_in_one_module_and_one_document() {
    let declarations =
        Declarations::new("Two", "1").consumer::<two::One>().consumer::<two::Other>().consumer::<two::One>();
    let module = declarations.typescript().module();
    for once in ["export interface Page {", "export type Colour =", "export const One = ", "export const Other = "] {
        assert_eq!(module.matches(once).count(), 1, "{once} in\n{module}");
    }
    let document = declarations.asyncapi().document();
    assert_eq!(document["channels"].as_object().unwrap().keys().collect::<Vec<_>>(), ["One", "Other"]);
    assert_eq!(document["channels"]["Other"]["address"], "/ws/other/{rest}");
    assert_eq!(document["components"]["schemas"].as_object().unwrap().keys().collect::<Vec<_>>(), ["Colour", "Page"]);
}
