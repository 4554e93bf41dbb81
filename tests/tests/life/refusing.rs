//! Every way to say no, before the upgrade and after it.

use super::*;

/// Refuses as its path says.
#[consumer("/ws/refuse/{how}/")]
struct Refuser {
    how: String,
    #[extract]
    diary: Diary,
}

#[consumer]
impl Refuser {
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result<(), Refusal> {
        match self.how.as_str() {
            "plainly" => Err(Refusal::default()),
            "politely" => {
                let headers = [(header::WWW_AUTHENTICATE, "Bearer"), (header::SET_COOKIE, "seen=1")];
                Err((StatusCode::UNAUTHORIZED, headers, "log in first").into())
            }
            "by code" => Err(Close::new(close_code!(4003), "log in first").into()),
            "by error" => Err(Error::msg("the password is hunter2").into()),
            "by answer" => Err(Error::answer("full", "the room is full").into()),
            "by closing" => {
                context.send_text("sorry").await?;
                context.close(close_code!(4004), "not today");
                Ok(())
            }
            "by panic" => panic!("the panic that a test asked for"),
            "by the megabyte" => {
                context.send_bytes([0; 900_000]).await?;
                Ok(context.send_bytes([0; 900_000]).await?)
            }
            _ => Ok(()),
        }
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(farewell(&disconnect));
    }
}

async fn refuser() -> (Site, Diary) {
    let diary = Diary::default();
    (Site::new(Router::new().consumer::<Refuser>().layer(Extension(diary.clone()))).await, diary)
}

#[tokio::test]
async fn a_refusal_is_a_403_before_the_upgrade() {
    let (site, diary) = refuser().await;
    let response = ask(site.address, &handshake("/ws/refuse/plainly/", "")).await;
    assert_eq!(response.status, 403);
    diary.says(r#"disconnect 1006 "" Refused"#).await;
    assert_eq!(diary.entries().len(), 1, "a consumer that was built is told once");
    assert_eq!((site.channels.counts().refused, site.channels.counts().accepted), (1, 0));
}

#[tokio::test]
async fn a_refusal_may_be_any_response() {
    let (site, _) = refuser().await;
    let response = ask(site.address, &handshake("/ws/refuse/politely/", "")).await;
    assert_eq!((response.status, &*response.body), (401, "log in first"));
    assert_eq!(response.header("www-authenticate"), Some("Bearer"));
    assert_eq!(response.header("set-cookie"), Some("seen=1"));
}

#[tokio::test]
async fn an_error_refuses_without_its_text() {
    let (site, _) = refuser().await;
    let response = ask(site.address, &handshake("/ws/refuse/by%20error/", "")).await;
    assert_eq!(response.status, 500);
    assert!(!response.body.contains("hunter2"), "{}", response.body);
    let response = ask(site.address, &handshake("/ws/refuse/by%20answer/", "")).await;
    assert_eq!((response.status, &*response.body), (400, "the room is full"));
}

#[tokio::test]
async fn connect_may_accept_and_close_with_a_code() {
    let (site, diary) = refuser().await;
    let mut client = site.client("/ws/refuse/by%20code/").await;
    assert_eq!(client.hear_close().await, (4003, "log in first".into()));
    ends(&site, &diary, r#"disconnect 4003 "log in first" Refused"#).await;
}

#[tokio::test]
async fn a_close_during_connect_comes_after_what_was_sent() {
    let (site, diary) = refuser().await;
    let mut client = site.client("/ws/refuse/by%20closing/").await;
    assert_eq!(client.hear().await, "sorry");
    assert_eq!(client.hear_close().await, (4004, "not today".into()));
    ends(&site, &diary, r#"disconnect 4004 "not today" Consumer"#).await;
}

/// Nothing leaves before the connection is accepted, so waiting for room would be waiting for ever.
#[tokio::test]
async fn a_connect_that_sends_more_than_may_wait_fails_at_once() {
    let (site, diary) = refuser().await;
    let response = ask(site.address, &handshake("/ws/refuse/by%20the%20megabyte/", "")).await;
    assert_eq!(response.status, 500);
    diary.says(r#"disconnect 1006 "" Refused"#).await;
}

#[tokio::test]
async fn a_panic_during_connect_is_a_500_and_others_are_undisturbed() {
    let (site, diary) = refuser().await;
    let other = site.client("/ws/refuse/not/").await;
    let response = ask(site.address, &handshake("/ws/refuse/by%20panic/", "")).await;
    assert_eq!(response.status, 500);
    diary.says(r#"disconnect 1006 "" Panic"#).await;
    assert_eq!(site.channels.counts().panics, 1);
    assert_eq!(other.close(1000, "").await, (1000, String::new()));
    ends_after(&site, &diary, 2).await;
}

async fn ends_after(site: &Site, diary: &Diary, entries: usize) {
    diary.has(entries).await;
    site.settled().await;
    assert_eq!(diary.entries().len(), entries);
}

/// Never gets so far as to exist.
#[consumer("/ws/unbuilt/")]
struct Unbuilt {
    diary: Diary,
}

#[consumer]
impl Unbuilt {
    #[connect]
    async fn connect(diary: Diary) -> Result<Self, Refusal> {
        if diary.entries().is_empty() {
            diary.note("refused");
            return Err(Refusal::default());
        }
        Ok(Self { diary })
    }

    #[disconnect]
    async fn disconnect(&mut self) {
        self.diary.note("disconnected");
    }
}

#[tokio::test]
async fn a_consumer_that_was_never_built_is_not_disconnected() {
    let diary = Diary::default();
    let site = Site::new(Router::new().consumer::<Unbuilt>().layer(Extension(diary.clone()))).await;
    assert_eq!(ask(site.address, &handshake("/ws/unbuilt/", "")).await.status, 403);
    let client = site.client("/ws/unbuilt/").await;
    client.close(1000, "").await;
    diary.says("disconnected").await;
    assert_eq!(diary.entries(), ["refused", "disconnected"]);
}
