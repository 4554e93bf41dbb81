//! A client that compresses, by zlib and its reading of RFC 7692.

use std::net::SocketAddr;

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress};

use super::*;

/// One end of a WebSocket that has agreed on permessage-deflate.
pub(crate) struct Peer {
    pub(crate) raw: Raw,
    /// What the server has answered to the offer, if it agreed.
    pub(crate) agreed: Option<String>,
    compress: Compress,
    decompress: Decompress,
}

impl Peer {
    pub(crate) async fn open(site: &Site, path: &str, offer: &str) -> Self {
        Self::open_at(site.address, path, offer).await
    }

    pub(crate) async fn open_at(address: SocketAddr, path: &str, offer: &str) -> Self {
        let offer = format!("Sec-WebSocket-Extensions: {offer}\r\n");
        let (raw, response) = Raw::open_with(address, path, &offer).await;
        let agreed = response.header("sec-websocket-extensions").map(str::to_owned);
        let client = Self::bits(agreed.as_deref(), "client_max_window_bits").max(9);
        let server = Self::bits(agreed.as_deref(), "server_max_window_bits");
        Self {
            raw,
            compress: Compress::new_with_window_bits(flate2::Compression::new(6), false, client),
            decompress: Decompress::new_with_window_bits(false, server),
            agreed,
        }
    }

    fn bits(agreed: Option<&str>, name: &str) -> u8 {
        let parameters = agreed.into_iter().flat_map(|agreed| agreed.split("; "));
        parameters
            .filter_map(|parameter| parameter.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
            .next()
            .unwrap_or(15)
    }

    fn agreed_on(&self, name: &str) -> bool {
        self.agreed.as_deref().is_some_and(|agreed| agreed.split("; ").any(|parameter| parameter == name))
    }

    /// A message, compressed, without its tail.
    pub(crate) fn deflate(&mut self, message: &[u8]) -> Vec<u8> {
        let mut payload = Vec::with_capacity(message.len() + 1000);
        self.compress.compress_vec(message, &mut payload, FlushCompress::Sync).expect("a sound stream");
        assert!(payload.ends_with(&[0, 0, 0xff, 0xff]));
        payload.truncate(payload.len() - 4);
        if self.agreed_on("client_no_context_takeover") {
            self.compress.reset();
        }
        payload
    }

    /// A payload of the server, as it was before it was compressed.
    pub(crate) fn inflate(&mut self, payload: &[u8]) -> Vec<u8> {
        if self.agreed_on("server_no_context_takeover") {
            self.decompress =
                Decompress::new_with_window_bits(false, Self::bits(self.agreed.as_deref(), "server_max_window_bits"));
        }
        let input = [payload, &[0, 0, 0xff, 0xff]].concat();
        let mut message = Vec::with_capacity(1 << 20);
        let before = self.decompress.total_in();
        self.decompress.decompress_vec(&input, &mut message, FlushDecompress::Sync).expect("a sound stream");
        assert_eq!((self.decompress.total_in() - before) as usize, input.len());
        message
    }

    pub(crate) async fn send(&mut self, text: &str) {
        let payload = self.deflate(text.as_bytes());
        self.raw.write(&frame(true, 0x41, &payload)).await;
    }

    /// The next text, and whether it came compressed.
    pub(crate) async fn text(&mut self) -> (String, bool) {
        let (first, payload) = self.raw.frame_as_it_is().await.expect("a message");
        let (payload, compressed) = match first {
            0x81 => (payload, false),
            0xc1 => (self.inflate(&payload), true),
            _ => panic!("a frame that begins with {first:#04x}"),
        };
        (String::from_utf8(payload).expect("UTF-8"), compressed)
    }

    /// What a message of a group says.
    pub(crate) async fn told(&mut self) -> (String, bool) {
        let (json, compressed) = self.text().await;
        (serde_json::from_str(&json).expect("a string in JSON"), compressed)
    }
}
