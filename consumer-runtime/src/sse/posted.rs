//! What a client sends in one request, as frames.

use axum::{
    body::{Body, HttpBody},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;

use super::essence;
use crate::{codec, settings::Settings};

/// How many messages one request brings.
const LINES: usize = 1000;

/// How a body holds messages.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// A text message a line.
    Lines,
    /// One text message.
    Text,
    /// One binary message.
    Bytes,
}

impl Form {
    /// The form that the headers tell.
    ///
    /// # Errors
    /// The response to what is none of them.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Response> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let media_type = text(header::CONTENT_TYPE).unwrap_or_default();
        let charset = media_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
        let is_utf8 = |(name, value): (&str, &str)| {
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        };
        let form = match &*essence(media_type).to_ascii_lowercase() {
            "application/x-ndjson" => Some(Self::Lines),
            "text/plain" => Some(Self::Text),
            "application/octet-stream" => Some(Self::Bytes),
            _ => None,
        };
        let plain = !headers.contains_key(header::CONTENT_ENCODING) && { charset }.all(is_utf8);
        form.filter(|_| plain).ok_or_else(|| {
            let text =
                "send `application/x-ndjson`, `text/plain` or `application/octet-stream`, in UTF-8 and not encoded\n";
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, text).into_response()
        })
    }

    /// Reads a body, and gives its messages as frames of a client.
    ///
    /// # Errors
    /// The response that says what is wrong with it.
    pub(super) async fn read(self, body: Body, settings: &Settings) -> Result<Vec<u8>, Response> {
        let most = settings.max_frame.map_or(settings.max_message, |frame| frame.min(settings.max_message));
        let line_ends = if matches!(self, Self::Lines) { LINES } else { 0 };
        let whole = whole(body, most.saturating_add(line_ends)).await?;
        let mut frames = Vec::with_capacity(whole.len() + 14);
        match self {
            Self::Text => codec::client_text(&mut frames, text(&whole)?),
            Self::Bytes => codec::client_binary(&mut frames, &whole),
            Self::Lines => {
                let (mut lines, mut bytes) = (0, 0);
                for line in text(&whole)?.split('\n').filter(|line| !line.is_empty()) {
                    (lines, bytes) = (lines + 1, bytes + line.len());
                    if lines > LINES || bytes > most {
                        return Err(too_large());
                    }
                    codec::client_text(&mut frames, line);
                }
            }
        }
        Ok(frames)
    }
}

/// All of a body that is not larger than `most`; of one that says that it is, nothing is read.
async fn whole(body: Body, most: usize) -> Result<Vec<u8>, Response> {
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let mut pieces = body.into_data_stream();
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| bad("the body broke off\n"))?;
        if piece.len() > most - whole.len() {
            return Err(too_large());
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}

fn text(bytes: &[u8]) -> Result<&str, Response> {
    std::str::from_utf8(bytes).map_err(|_| bad("the body is not UTF-8\n"))
}

fn bad(text: &'static str) -> Response {
    (StatusCode::BAD_REQUEST, text).into_response()
}

fn too_large() -> Response {
    (StatusCode::PAYLOAD_TOO_LARGE, "more than one message may have, or more than 1000 messages\n").into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn form(content_type: &'static str) -> Result<Form, Response> {
        Form::of(&HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]))
    }

    #[test]
    fn three_types_are_known() {
        assert!(matches!(form("application/x-ndjson"), Ok(Form::Lines)));
        assert!(matches!(form("Text/Plain; charset=\"UTF-8\""), Ok(Form::Text)));
        assert!(matches!(form("application/octet-stream"), Ok(Form::Bytes)));
        for other in ["application/json", "text/plain; charset=latin1", "application/x-www-form-urlencoded", ""] {
            assert_eq!(form(other).unwrap_err().status(), 415, "{other}");
        }
    }

    async fn lines(body: String, max_message: usize) -> Result<Vec<u8>, StatusCode> {
        let settings = Settings { max_message, ..Settings::default() };
        Form::Lines.read(body.into(), &settings).await.map_err(|response| response.status())
    }

    #[tokio::test]
    async fn a_line_is_a_message_and_so_many_are_taken() {
        let mut expected = Vec::new();
        codec::client_text(&mut expected, "{}");
        codec::client_text(&mut expected, "[1]\r");
        assert_eq!(lines("{}\n\n[1]\r\n".to_owned(), 6).await, Ok(expected));
        assert_eq!(lines("\n".to_owned(), 6).await, Ok(Vec::new()));
        assert_eq!(lines("{}\n[1]\r\n".to_owned(), 5).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
        assert!(lines("1\n".repeat(LINES), LINES).await.is_ok());
        assert_eq!(lines("1\n".repeat(LINES + 1), 10_000).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
        assert_eq!(lines("\n".repeat(LINES + 7), 6).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
