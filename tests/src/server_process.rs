//! A server in a process of its own that ends by a signal.

use std::{
    net::SocketAddr,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::sleep,
};

use crate::soon;

/// A process that serves an echo on `/ws/echo/`, and on `/ws/stuck/` a consumer that never says goodbye.
#[derive(Debug)]
pub struct ServerProcess {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
}

impl ServerProcess {
    /// Starts one of `program`, `env!("CARGO_BIN_EXE_restarting")`, that waits so many seconds at its end.
    ///
    /// An address that is still taken by a process that ends is tried again.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn start(program: &str, address: SocketAddr, patience: u32) -> Self {
        soon("a process listens", async {
            loop {
                match Self::try_start(program, address, patience).await {
                    Some(process) => return process,
                    None => sleep(Duration::from_millis(20)).await,
                }
            }
        })
        .await
    }

    async fn try_start(program: &str, address: SocketAddr, patience: u32) -> Option<Self> {
        let mut child = Command::new(program)
            .args([address.to_string(), patience.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the tests' own program");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let address = lines.next_line().await.expect("a pipe")?.parse().expect("an address");
        Some(Self { address, child })
    }

    /// Asks it to end, as an orchestrator does.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn terminate(&self) {
        let process = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("it runs");
        kill_process(process, Signal::TERM).expect("it is our child");
    }

    /// How it ended.
    ///
    /// # Panics
    /// When it does not in time.
    pub async fn ended(mut self) -> ExitStatus {
        soon("the process ends", self.child.wait()).await.expect("a child")
    }
}
