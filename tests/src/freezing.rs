//! Processes that are there, and say nothing.

use tokio::process::Command;

use crate::eventually;

/// Freezes a process of the test's own, or lets it go on, and waits until that is so.
///
/// # Panics
/// When it has ended.
pub(crate) async fn freeze(process: u32, frozen: bool) {
    let (signal, id) = (if frozen { "-STOP" } else { "-CONT" }, process.to_string());
    let told = Command::new("kill").args([signal, &id]).status().await;
    assert!(told.is_ok_and(|status| status.success()), "our own child");
    // It has several threads, and they stop one after the other.
    eventually("it is as it was told to be", || is_stopped(&id) == frozen).await;
}

/// Whether all threads of a process are stopped: the field after the name, which stands in brackets.
fn is_stopped(process: &str) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).expect("it runs");
    let mut about = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("stat")).ok());
    about.all(|about| about.rsplit_once(") ").is_some_and(|(_, fields)| fields.starts_with('T')))
}
