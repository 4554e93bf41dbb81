//! Uploads become thumbnails, and what is no picture a dead letter.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use consumer_runtime::{Channels, RouterExt, Worker, testing::Communicator};
use serde_json::{Value, json};
use tower::ServiceExt;

async fn request(app: &Router, request: Request<Body>) -> (StatusCode, Vec<u8>) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    (status, to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec())
}

async fn upload(app: &Router, name: &str, picture: Vec<u8>) -> StatusCode {
    request(app, Request::post(format!("/pictures/{name}")).body(picture.into()).unwrap()).await.0
}

fn picture(width: usize, height: usize) -> Vec<u8> {
    let pixels = (0..width * height).flat_map(|at| [(at % width) as u8, (at / width) as u8, 7]);
    format!("P6\n{width} {height}\n255\n").into_bytes().into_iter().chain(pixels).collect()
}

#[tokio::test]
async fn an_upload_becomes_a_thumbnail_and_browsers_hear_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let channels = Channels::memory();
    let app = thumbnails::app(folder.path()).with_channels(channels.clone());
    let mut browser = Communicator::new(app.clone(), "/ws/thumbnails/");
    browser.connect().await.unwrap();
    let test = async {
        assert_eq!(upload(&app, "..", picture(1, 1)).await, StatusCode::BAD_REQUEST);
        assert_eq!(upload(&app, "cat", picture(128, 100)).await, StatusCode::ACCEPTED);
        let ready: Value = browser.receive_json_from().await.unwrap();
        assert_eq!(ready, json!({"type": "thumbnails.ready", "name": "cat"}));
        let get = |name| Request::get(format!("/thumbnails/{name}")).body(Body::empty()).unwrap();
        let (status, small) = request(&app, get("cat")).await;
        assert_eq!((status, &small[..19]), (StatusCode::OK, &b"P6\n64 50\n255\n\0\0\x07\x02\0\x07"[..]));
        assert_eq!(small.len(), 13 + 64 * 50 * 3);
        assert_eq!(request(&app, get("dog")).await.0, StatusCode::NOT_FOUND);

        assert_eq!(upload(&app, "dog", b"wuff".to_vec()).await, StatusCode::ACCEPTED);
        while channels.counts().work_dead == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let letters = thumbnails::Thumbnails::dead_letters(&channels).list(10).await.unwrap();
        assert_eq!(letters[0].error, "this is no binary PPM: it does not begin with P6");
    };
    let end = thumbnails::workers(channels.clone(), folder.path()).run_until(test).await.unwrap();
    assert!(end.is_clean());
}
