//! Tickets: each opens one connection, once, on whatever process.

use std::time::Duration;

use axum::{Router, http::StatusCode};
use consumer_runtime::{MemoryLayer, RedisLayer, RedisOptions, Ticket, Tickets, prelude::*, testing::Communicator};
use tests::RedisServer;

#[consumer("/ws/ticket/")]
struct WithTicket;

#[consumer]
impl WithTicket {
    #[connect]
    async fn connect(&mut self, ticket: Ticket, context: &mut Context<Self>) -> Result<(), Refusal> {
        assert_eq!(context.user_id().as_deref(), Some(ticket.user()));
        Ok(context.send_text(ticket.user()).await?)
    }
}

fn client(channels: &Channels, query: &str) -> Communicator {
    let app = Router::new().consumer::<WithTicket>().with_channels(channels.clone());
    Communicator::new(app, format!("/ws/ticket/{query}"))
}

async fn is_let_in(channels: &Channels, ticket: &str, user: &str) {
    let mut client = client(channels, &format!("?theme=dark&ticket={ticket}"));
    client.connect().await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), user);
}

async fn is_refused(channels: &Channels, query: &str) -> String {
    let (status, _, text) = client(channels, query).refused().await.unwrap();
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{query}: {text}");
    text
}

async fn a_ticket_opens_one_connection_once(here: &Channels, there: &Channels) {
    let tickets = Tickets::new(here);
    let (ann, bob) = (tickets.issue("ann@example.com"), tickets.issue("bob"));
    assert!(ann.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{ann}");
    is_let_in(there, &ann, "ann@example.com").await;
    for channels in [here, there] {
        assert!(is_refused(channels, &format!("?ticket={ann}")).await.contains("was used"));
    }
    is_let_in(here, &bob, "bob").await;
}

#[tokio::test]
async fn a_ticket_opens_one_connection_on_two_processes() {
    let layer = MemoryLayer::new();
    let process = || Channels::builder().layer(layer.clone()).build();
    a_ticket_opens_one_connection_once(&process(), &process()).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_ticket_opens_one_connection_over_redis() {
    let server = RedisServer::new().await;
    let process = async || {
        let layer = RedisLayer::connect(&RedisOptions::url(server.url())).await.unwrap();
        Channels::builder().layer(layer).build()
    };
    a_ticket_opens_one_connection_once(&process().await, &process().await).await;
}

/// However many show it at once.
#[tokio::test]
async fn one_of_many_who_show_a_ticket_is_let_in() {
    let channels = Channels::memory();
    let ticket = Tickets::issue(&Tickets::new(&channels), "ann");
    assert!(
        is_refused(&channels, &format!("?ticket={ticket}")).await.contains("get a new one"),
        "its office is closed"
    );
    let tickets = Tickets::new(&channels);
    let query = format!("?ticket={}", tickets.issue("ann"));
    let mut clients: Vec<_> = (0..20).map(|_| client(&channels, &query)).collect();
    let connecting = futures_util::future::join_all(clients.iter_mut().map(Communicator::connect));
    assert_eq!(connecting.await.into_iter().filter(Result::is_ok).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_ticket_ends() {
    let channels = Channels::memory();
    let tickets = Tickets::new(&channels);
    let (early, late) = (tickets.issue("ann"), tickets.issue("ann"));
    tokio::time::advance(Duration::from_secs(29)).await;
    is_let_in(&channels, &early, "ann").await;
    tokio::time::advance(Duration::from_secs(2)).await;
    is_refused(&channels, &format!("?ticket={late}")).await;
}

#[tokio::test]
async fn what_is_no_ticket_opens_nothing() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let channels = Channels::memory();
    let tickets = Tickets::new(&channels);
    let known = String::from_utf8(URL_SAFE_NO_PAD.decode(tickets.issue("ann")).unwrap()).unwrap();
    let name = known.split_once(':').unwrap().0;
    let member = channels.untyped().new_channel();
    for text in [format!("{name}:wrong"), format!("{name}:"), "thumbnails:x".into(), "a b:c".into(), "x".into()] {
        is_refused(&channels, &format!("?ticket={}", URL_SAFE_NO_PAD.encode(text))).await;
    }
    for query in ["", "?ticket", "?ticket=", "?ticket=%00", "?tickets=x"] {
        is_refused(&channels, query).await;
    }
    // Somebody else's channel is told nothing that would be an answer.
    let elsewhere = URL_SAFE_NO_PAD.encode(format!("{}:x", member.name()));
    drop(member);
    is_refused(&channels, &format!("?ticket={elsewhere}")).await;
}
