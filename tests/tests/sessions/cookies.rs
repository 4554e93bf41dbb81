//! Cookies, as an extractor.

use axum::Router;
use consumer_runtime::{Cookies, prelude::*, testing::Communicator};

#[consumer("/ws/cookie/")]
struct WithCookie;

#[consumer]
impl WithCookie {
    #[connect]
    async fn connect(&mut self, cookies: Cookies, context: &mut Context<Self>) -> Result<(), Refusal> {
        Ok(context.send_text(cookies.get("theme").unwrap_or("none")).await?)
    }
}

#[tokio::test]
async fn a_cookie_is_read() {
    let app = Router::new().consumer::<WithCookie>().with_channels(Channels::memory());
    for (cookie, expected) in [("id=7; theme=dark", "dark"), ("id=7", "none")] {
        let mut client = Communicator::new(app.clone(), "/ws/cookie/").header("cookie", cookie);
        client.connect().await.unwrap();
        assert_eq!(client.receive_text_from().await.unwrap(), expected);
    }
}
