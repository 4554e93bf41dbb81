//! Everything that a handler of a frame may answer.

use std::{collections::HashMap, io};

use consumer_runtime::prelude::*;

type Numbers = Vec<u8>;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive("tuple")]
    async fn tuple(&mut self, text: String) -> (u8, String) {
        (1, text)
    }

    #[receive("option")]
    async fn option(&mut self, _: String) -> Option<u8> {
        None
    }

    #[receive("list")]
    async fn list(&mut self, _: Numbers) -> [Option<u8>; 2] {
        [None, Some(1)]
    }

    #[receive("text")]
    async fn text(&self, _: HashMap<String, u8>) -> &'static str {
        "text"
    }

    #[receive("close")]
    async fn close(&self, _: String) -> Result<&'static str, Close> {
        Err(Close::new(close_code!(4001), "no"))
    }

    #[receive("hidden")]
    async fn hidden(&self, text: String) -> impl serde::Serialize + use<> {
        text
    }

    #[receive("failing")]
    async fn failing(&self, _: String) -> io::Result<()> {
        Ok(())
    }

    #[receive("failing.value")]
    async fn failing_value(&self, _: String) -> io::Result<Option<Numbers>> {
        Ok(None)
    }

    #[receive("boxed")]
    async fn boxed(&self, _: String) -> Box<str> {
        "boxed".into()
    }

    #[receive(bytes)]
    async fn bytes(&mut self, bytes: &[u8], context: &mut Context<Self>) -> Result {
        context.send_bytes("a text is bytes, too").await?;
        context.send_bytes(bytes).await
    }
}

fn main() {
    let code: u16 = 4001;
    let _ = CloseCode::try_from(code).map(|code| Close::new(code, "bye"));
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
