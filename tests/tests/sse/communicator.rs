//! An application's own tests, by either way.

use consumer_runtime::testing::{Communicator, TestError};

use super::*;

#[test]
fn it_can_be_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Communicator>();
}

#[tokio::test(start_paused = true)]
async fn a_test_does_the_same_by_both() {
    for by_events in [false, true] {
        let diary = Diary::default();
        let new = |path: &str| {
            let client = Communicator::new(app().layer(Extension(diary.clone())), path);
            if by_events { client.sse() } else { client }
        };
        let mut client = new("/ws/echo/?a=b").subprotocols(&["v0", "v1.echo"]);
        assert_eq!(client.connect().await.unwrap().subprotocol.as_deref(), Some("v1.echo"));
        for text in ["hello", "", "a\r\nb", "a\n\nb\n"] {
            client.send_text_to(text).await.unwrap();
            assert_eq!(client.receive_text_from().await.unwrap(), text);
        }
        client.send_bytes_to(&[0, 10, 13, 255]).await.unwrap();
        assert_eq!(client.receive_bytes_from().await.unwrap(), [0, 10, 13, 255]);
        assert!(client.receive_nothing().await);
        client.send_text_to("close").await.unwrap();
        assert_eq!(client.receive_close().await.unwrap(), (4007, "as you \"wish\"\n".to_owned()));
        client.disconnect().await;

        client.connect().await.unwrap();
        client.disconnect_with(4321, "adiós").await;
        client.connect().await.unwrap();
        client.vanish().await;
        let ends = [r#"4007 "as you \"wish\"\n" Consumer"#, r#"4321 "adiós" Client"#, r#"1006 "" Lost"#];
        assert_eq!(diary.entries(), ends, "by events: {by_events}");
        assert_eq!(client.send_text_to("x").await, Err(TestError::NotConnected));

        let mut sums = new(SUMS);
        let accepted = sums.connect().await.unwrap();
        assert_eq!(accepted.headers["x-hello"], "there");
        assert_eq!(sums.receive_json_from::<Value>().await.unwrap(), json!({"hello": ""}));
        assert_eq!(sums.ask::<u64>(&json!({"type": "sum", "numbers": [1, 2]})).await.unwrap(), Ok(3));

        let (status, headers, _) = new(SUMS).header("x-refuse", "401").refused().await.unwrap();
        assert_eq!((status.as_u16(), &headers["www-authenticate"]), (401, &http::HeaderValue::from_static("Bearer")));
        let (status, ..) = new(ECHO).header("origin", "https://evil.example").refused().await.unwrap();
        assert_eq!(status, 403);
    }
}
