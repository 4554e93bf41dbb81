//! Frames without a `type`.

use super::*;

#[tokio::test]
async fn a_consumer_of_one_form_takes_type_as_any_other_field() {
    let reply = answer_to("/ws/nameless/", r#"{"type": [1], "message": "hi", "id": 1}"#).await;
    assert_eq!(reply, json!({"type": "reply", "id": 1, "ok": {"type": [1], "message": "hi"}}));
}

#[tokio::test]
async fn a_consumer_of_one_form_takes_any_json() {
    for value in [json!([1, {"id": 1}]), json!("x"), json!(7), json!(null)] {
        let reply = answer_to("/ws/nameless/", &value.to_string()).await;
        assert_eq!(reply, json!({"type": "reply", "ok": value}));
    }
}

#[tokio::test]
async fn a_frame_without_a_type_reaches_the_handler_without_one() {
    assert_eq!(answer_to("/ws/both/", r#"{"type": "a"}"#).await["ok"], "a");
    assert_eq!(answer_to("/ws/both/", r#"{"x": 1}"#).await["ok"], "other");
    error(&answer_to("/ws/both/", r#"{"type": "b"}"#).await, "unknown_type");
}
