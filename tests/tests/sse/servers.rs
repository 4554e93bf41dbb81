//! Other servers than our own over HTTP/1, other protocols, and consumers that are mounted elsewhere.

use std::future::poll_fn;

use axum::routing::get;
use consumer_runtime::Route;
use tokio::net::TcpListener;

use super::*;

#[tokio::test]
async fn a_server_of_axums_own_will_do_and_a_router_in_a_router() {
    let inner = app().route("/page", get(|| async { "page" }));
    let app = Router::new()
        .nest("/deep/{tenant}", inner)
        .route("/other", Echo::route())
        .layer(Extension(Diary::default()))
        .with_channels(Channels::memory());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    for path in ["/deep/a/ws/echo/", "/other"] {
        let mut source = EventSource::open(address, path).await;
        source.say("hello").await;
        assert_eq!(source.hear().await, "hello");
        assert_eq!(source.request("DELETE", "Consumer-Close: 1000\r\n", "").await.status, 204);
        assert_eq!(source.hear_close().await.0, 1000);
    }
    let source = EventSource::open(address, "/deep/a/ws/echo/").await;
    let elsewhere = send("POST", "/other", &source.session, "Content-Type: text/plain\r\n", "x");
    assert_eq!(ask(address, &elsewhere).await.status, 404, "another route's session");
}

#[tokio::test]
async fn a_consumer_turns_it_off_for_itself() {
    #[consumer("/ws/sockets/", settings(sse = false))]
    struct SocketsOnly {}

    #[consumer]
    impl SocketsOnly {
        #[receive(text)]
        async fn receive(&mut self, _: String) {}
    }

    let site = Site::new(app().consumer::<SocketsOnly>()).await;
    assert_eq!(EventSource::try_open(site.address, "/ws/sockets/", "").await.unwrap_err().status, 426);
    Client::connect(site.address, "/ws/sockets/").await;
    EventSource::open(site.address, ECHO).await;
}

#[tokio::test]
async fn http2_will_do() {
    let (site, diary, _) = noted(Settings::default()).await;
    let stream = tokio::net::TcpStream::connect(site.address).await.unwrap();
    let (sender, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let mut sender = sender.ready().await.unwrap();
    let request = |method: &str, session: &str| {
        let request = http::Request::builder().method(method).uri(format!("http://testserver{ECHO}"));
        request.version(http::Version::HTTP_2).header("consumer-session", session)
    };
    let get = request("GET", "new").header("accept", "text/event-stream").body(()).unwrap();
    let (response, _) = sender.send_request(get, true).unwrap();
    let response = soon("a response", response).await.unwrap();
    assert_eq!(
        (response.status(), &response.headers()["content-type"].to_str().unwrap()),
        (http::StatusCode::OK, &"text/event-stream")
    );
    let mut body = response.into_body();
    let open = soon("the first event", body.data()).await.unwrap().unwrap();
    let open = String::from_utf8(open.to_vec()).unwrap();
    let open: Value = serde_json::from_str(open.trim().rsplit_once("data: ").unwrap().1).unwrap();
    let session = open["session"].as_str().unwrap();

    poll_fn(|context| sender.poll_ready(context)).await.unwrap();
    let post = request("POST", session).header("content-type", "text/plain").body(()).unwrap();
    let (response, mut sending) = sender.send_request(post, false).unwrap();
    sending.send_data("hello".into(), true).unwrap();
    assert_eq!(soon("a response", response).await.unwrap().status(), 204);
    assert_eq!(soon("an event", body.data()).await.unwrap().unwrap(), "data: hello\n\n");

    // A stream that is reset is a line that is cut.
    drop((sender, body));
    diary.says(r#"1006 "" Lost"#).await;
}
