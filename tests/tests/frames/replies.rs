//! Answers to frames with an `id`.

use super::*;

#[tokio::test]
async fn a_value_answers_the_frames_id() {
    let reply = answer(json!({"type": "chat.history", "before": 2, "id": 7})).await;
    assert_eq!(reply, json!({"type": "reply", "id": 7, "ok": {"messages": [0, 1], "tags": []}}));
}

#[tokio::test]
async fn type_comes_first_in_what_the_server_writes() {
    let mut client = connected(app(), "/ws/typed/").await;
    client.send_text_to(r#"{"type":"chat.quiet","id":1}"#).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), r#"{"type":"reply","id":1,"ok":null}"#);
    client.send_text_to(r#"{"type":"nope"}"#).await.unwrap();
    assert!(
        client.receive_text_from().await.unwrap().starts_with(r#"{"type":"error","code":"unknown_type","message":"#)
    );
}

#[tokio::test]
async fn an_id_is_an_integer_or_a_string_and_comes_back_as_it_was() {
    for id in [json!(0), json!(-7), json!(u64::MAX), json!(i64::MIN), json!(""), json!("a \"quoted\" 방")] {
        let reply = answer(json!({"type": "chat.quiet", "id": id})).await;
        assert_eq!(reply, json!({"type": "reply", "id": id, "ok": null}));
    }
}

#[tokio::test]
async fn an_id_of_another_kind_is_a_bad_frame() {
    for id in [json!(1.5), json!(null), json!(true), json!([1]), json!({})] {
        let answer = answer(json!({"type": "chat.quiet", "id": id})).await;
        let message = error(&answer, "bad_frame");
        assert!(message.contains("id") && message.contains("integer or a string"), "{message}");
    }
}

#[tokio::test]
async fn a_handler_without_a_value_answers_null_and_nothing_without_an_id() {
    assert_eq!(answer(json!({"type": "chat.quiet", "id": 1})).await, json!({"type": "reply", "id": 1, "ok": null}));
    let mut client = connected(app(), "/ws/typed/").await;
    client.send_json_to(&json!({"type": "chat.quiet"})).await.unwrap();
    assert!(client.receive_nothing().await);
}

#[tokio::test]
async fn a_value_without_an_id_is_a_reply_without_one() {
    let reply = answer(json!({"type": "chat.history", "before": 1})).await;
    assert_eq!(reply, json!({"type": "reply", "ok": {"messages": [0], "tags": []}}));
}

#[tokio::test]
async fn what_a_handler_sends_comes_before_its_reply() {
    let mut client = connected(app(), "/ws/typed/").await;
    client.send_json_to(&json!({"type": "chat.say", "text": "hi", "id": "x"})).await.unwrap();
    let (first, second): (Value, Value) =
        (client.receive_json_from().await.unwrap(), client.receive_json_from().await.unwrap());
    assert_eq!(first, json!({"said": {"text": "hi"}}), "`type` and `id` are no part of the payload");
    assert_eq!(second, json!({"type": "reply", "id": "x", "ok": null}));
}

#[tokio::test]
async fn replies_come_in_the_order_of_the_frames() {
    let mut client = connected(app(), "/ws/typed/").await;
    for id in 0..50 {
        client.send_json_to(&json!({"type": if id % 3 == 0 { "nope" } else { "chat.quiet" }, "id": id})).await.unwrap();
    }
    for id in 0..50 {
        assert_eq!(client.receive_json_from::<Value>().await.unwrap()["id"], json!(id));
    }
}

#[tokio::test]
async fn an_answer_is_told_word_for_word_with_its_data() {
    let told = json!({"code": "not_found", "message": "there is no such room", "data": {"rooms": ["lobby"]}});
    let reply = answer(json!({"type": "chat.refuse", "id": 3})).await;
    assert_eq!(reply, json!({"type": "reply", "id": 3, "error": told}));
    let mut frame = told.clone();
    frame["type"] = json!("error");
    assert_eq!(answer(json!({"type": "chat.refuse"})).await, frame);
}

#[tokio::test]
async fn any_other_error_is_internal_and_keeps_its_text() {
    let reply = answer(json!({"type": "chat.fail", "id": 3})).await;
    assert_eq!(error_reply(&reply, &json!(3), "internal"), "the server could not handle this frame");
    let frame = answer(json!({"type": "chat.fail"})).await;
    assert_eq!(error(&frame, "internal"), "the server could not handle this frame");
}
