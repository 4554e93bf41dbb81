//! Senders outside of the runtime that serves, or of any.

use std::{
    pin::pin,
    task::{Poll, Waker},
};

use super::*;

#[tokio::test]
async fn what_a_runtime_that_ends_has_promised_is_written_all_the_same() {
    let site = Site::new(app()).await;
    let mut members = members(&site, 3).await;
    let channels = site.channels.clone();
    // The runtime that sends first writes on behalf of all senders, and this one ends before it comes to that.
    let sending = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(square("a").send(&channels, told("first"))).unwrap();
    });
    sending.await.unwrap();
    for client in &mut members {
        assert_eq!(client.hear().await, line("first"));
    }
    tell(&site, "second").await;
    for client in &mut members {
        assert_eq!(client.hear().await, line("second"));
    }
}

#[tokio::test]
async fn what_is_sent_without_a_runtime_is_written_by_the_sender() {
    let site = Site::new(app()).await;
    let mut members = members(&site, LARGE).await;
    let channels = site.channels.clone();
    let sending = std::thread::spawn(move || {
        for number in 0..20 {
            let sent = pin!(square("a").send(&channels, told(number.to_string())));
            let mut context = std::task::Context::from_waker(Waker::noop());
            assert!(matches!(sent.poll(&mut context), Poll::Ready(Ok(()))));
        }
    });
    for client in &mut members {
        for number in 0..20 {
            assert_eq!(client.hear().await, line(&number.to_string()));
        }
    }
    sending.join().unwrap();
}
