//! What a client shows and says is nobody else's: no log line holds it, at whatever level.

use super::*;

#[event("secret.told")]
struct Told {
    secret: String,
}

#[derive(Deserialize)]
struct Say {
    number: u32,
}

#[consumer("/ws/secret/{key}/", group = "secrets")]
struct Secretive {
    key: String,
}

#[consumer]
impl Secretive {
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result {
        context.send_text(self.key.clone()).await
    }

    #[receive("say")]
    async fn say(&mut self, say: Say) -> Result<u32> {
        if say.number == 0 { Err(Error::msg("refused without its words")) } else { Ok(say.number) }
    }

    #[event("secret.told")]
    fn told(event: &Told) -> Result<String> {
        if event.secret.is_empty() { Err(Error::msg("nothing to tell")) } else { Ok(event.secret.clone()) }
    }
}

#[tokio::test]
async fn no_log_line_holds_what_a_client_shows_or_says() {
    let log = Log::begin();
    let app = Router::new().consumer::<Secretive>().with_settings(Settings::default());
    let site = Site::new(app).await;
    let shown = "Cookie: sessionid=hush-cookie\r\nAuthorization: Bearer hush-token\r\n\
                 Sec-WebSocket-Protocol: bearer.hush-protocol\r\nX-Api-Key: hush-header\r\n";
    let path = "/ws/secret/hush-path/?token=hush-query";
    let (mut line, response) = Raw::open_with(site.address, path, shown).await;
    assert_eq!(response.status, 101);
    assert_eq!(line.frame().await.unwrap().1, b"hush-path");
    for said in [
        r#"{"type": "say", "number": 1, "id": "hush-id", "more": "hush-field"}"#,
        r#"{"type": "say", "number": 0, "id": 1}"#,
        r#"{"type": "say", "number": "hush-number", "id": 2}"#,
        r#"{"type": "hush-type", "id": 3}"#,
        "hush-json",
    ] {
        line.write(&frame(true, 1, said.as_bytes())).await;
        line.frame().await.expect("an answer");
    }
    let untyped = site.channels.untyped();
    untyped.group_send("secrets", json!({"type": "secret.told", "secret": "hush-event"})).await.unwrap();
    assert_eq!(line.frame().await.unwrap().1, b"\"hush-event\"");
    untyped.group_send("secrets", json!({"type": "secret.told", "secret": ""})).await.unwrap();
    untyped.group_send("secrets", json!({"type": "secret.told", "secret": ["hush-misfit"]})).await.unwrap();
    let mut reason = 4001_u16.to_be_bytes().to_vec();
    reason.extend(b"hush-reason");
    line.write(&frame(true, 8, &reason)).await;
    line.close_frame().await;
    eventually("it has ended", || site.channels.counts().ended == 1).await;
    // Refused, too.
    let refused = format!("Origin: https://evil.example\r\n{shown}");
    assert_eq!(ask(site.address, &handshake(path, &refused)).await.status, 403);

    let text = log.text();
    let ours: Vec<_> = text.lines().filter(|line| line.contains("consumer_runtime")).collect();
    assert!(ours.len() > 5, "it does log: {text}");
    for line in ours {
        assert!(!line.contains("hush"), "{line}");
    }
}
