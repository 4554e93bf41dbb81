//! Frames that no handler gets, and handlers that fail.

use super::*;

#[tokio::test]
async fn an_unknown_type_is_named() {
    let frame = answer(json!({"type": "chat.nope"})).await;
    assert!(error(&frame, "unknown_type").contains("chat.nope"));
    let reply = answer(json!({"id": "x", "type": "chat.nope"})).await;
    assert!(error_reply(&reply, &json!("x"), "unknown_type").contains("chat.nope"));
    let long = answer(json!({"type": "x".repeat(10_000)})).await;
    assert!(error(&long, "unknown_type").len() < 200, "a long one is shortened");
}

#[tokio::test]
async fn types_that_fold_alike_are_one_type() {
    let reply = answer(json!({"type": "chat_quiet", "id": 1})).await;
    assert_eq!(reply, json!({"type": "reply", "id": 1, "ok": null}));
}

#[tokio::test]
async fn handlers_that_are_no_frames_cannot_be_reached() {
    for name in ["disconnect", "connect", "receive", "websocket.disconnect", "_quiet", ".quiet", "", "chat.quiet "] {
        error(&answer(json!({ "type": name })).await, "unknown_type");
    }
}

#[tokio::test]
async fn what_is_no_json_is_a_bad_frame() {
    for text in
        ["", " ", "not json", "{", r#"{"type": "chat.quiet""#, r#"{"type": "chat.quiet"} {}"#, "{'type': 1}", "NaN"]
    {
        error(&answer_to("/ws/typed/", text).await, "bad_frame");
    }
}

#[tokio::test]
async fn what_is_no_object_is_a_bad_frame() {
    for value in [json!([]), json!([{"type": "chat.quiet"}]), json!("chat.quiet"), json!(7), json!(null), json!(true)] {
        let answer = answer(value).await;
        assert!(error(&answer, "bad_frame").contains("object"), "{answer}");
    }
}

#[tokio::test]
async fn a_frame_without_a_type_is_a_bad_frame() {
    assert!(error(&answer(json!({"before": 1})).await, "bad_frame").contains("`type`"));
    assert!(error_reply(&answer(json!({"before": 1, "id": 1})).await, &json!(1), "bad_frame").contains("`type`"));
    for name in [json!(7), json!(null), json!(["chat.quiet"])] {
        error(&answer(json!({ "type": name })).await, "bad_frame");
    }
}

#[tokio::test]
async fn a_field_that_does_not_fit_is_named_by_its_path() {
    let answered = answer(json!({"type": "chat.history", "before": "x"})).await;
    let message = error(&answered, "bad_frame");
    assert!(message.starts_with("field `before`: invalid type: string \"x\", expected u32"), "{message}");
    let answered = answer(json!({"type": "chat.history", "before": 1, "filter": {"tags": ["a", 7]}, "id": 9})).await;
    let message = error_reply(&answered, &json!(9), "bad_frame");
    assert!(message.starts_with("field `filter.tags[1]`: "), "{message}");
}

#[tokio::test]
async fn a_field_that_is_missing_is_named() {
    let frame = answer(json!({"type": "chat.history", "id": 1})).await;
    assert!(error_reply(&frame, &json!(1), "bad_frame").contains("missing field `before`"), "{frame}");
}

#[tokio::test]
async fn a_type_that_comes_last_is_found() {
    let text = r#"{"filter": {"tags": ["type"]}, "id": 4, "before": 1, "type": "chat.history"}"#;
    let reply = answer_to("/ws/typed/", text).await;
    assert_eq!(reply, json!({"type": "reply", "id": 4, "ok": {"messages": [0], "tags": ["type"]}}));
}

#[tokio::test]
async fn a_type_or_an_id_that_is_there_twice_is_a_bad_frame() {
    for text in [
        r#"{"type": "chat.quiet", "type": "chat.refuse"}"#,
        r#"{"x": 1, "type": "chat.quiet", "type": "chat.refuse"}"#,
        r#"{"type": "chat.quiet", "x": 1, "type": "chat.quiet"}"#,
    ] {
        let answer = answer_to("/ws/typed/", text).await;
        assert!(error(&answer, "bad_frame").contains("duplicate field `type`"), "{text}: {answer}");
    }
    for text in [r#"{"type": "chat.quiet", "id": 1, "id": 2}"#, r#"{"id": 1, "type": "chat.quiet", "id": 1}"#] {
        let answer = answer_to("/ws/typed/", text).await;
        assert!(error(&answer, "bad_frame").contains("duplicate field `id`"), "{text}: {answer}");
    }
}

#[tokio::test]
async fn keys_may_be_written_with_escapes() {
    let reply = answer_to("/ws/typed/", r#"{"\u0074ype": "chat\u002equiet", "\u0069d": "\u0041"}"#).await;
    assert_eq!(reply, json!({"type": "reply", "id": "A", "ok": null}));
}

#[tokio::test]
async fn deep_nesting_is_a_bad_frame_and_no_overflow() {
    for depth in [200, 20_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let answer = answer_to("/ws/typed/", &format!(r#"{{"type": "chat.say", "deep": {deep}}}"#)).await;
        assert!(error(&answer, "bad_frame").contains("recursion"), "{answer}");
        error(&answer_to("/ws/typed/", &deep).await, "bad_frame");
    }
}

#[tokio::test]
async fn binary_to_a_json_consumer_and_text_to_a_binary_one_are_unexpected() {
    let mut client = connected(app(), "/ws/typed/").await;
    client.send_bytes_to(b"{}").await.unwrap();
    error(&client.receive_json_from().await.unwrap(), "unexpected");
    error(&answer_to("/ws/bytes/", "text").await, "unexpected");
    error(&answer_to("/ws/deaf/", "text").await, "unexpected");
    let mut client = connected(app(), "/ws/text/").await;
    client.send_bytes_to(b"x").await.unwrap();
    error(&client.receive_json_from().await.unwrap(), "unexpected");
}
