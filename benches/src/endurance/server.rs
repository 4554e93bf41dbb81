//! The server in a process of its own, with the limits that users have.

use std::{net::SocketAddr, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

use crate::{
    load::Process,
    servers::{Places, pinned},
};

/// Nothing takes longer, whatever the server does.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// The chat and the echo of `src/bin/ours.rs`; it ends with this value.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    child: Child,
}

impl Server {
    /// Starts one; an address that is still taken is tried again.
    pub(super) async fn start(places: &Places, address: SocketAddr) -> Result<Self, String> {
        let since = Instant::now();
        loop {
            match Self::try_start(places, address).await {
                Err(why) if since.elapsed() > PATIENCE => return Err(why),
                Err(_) => sleep(Duration::from_millis(20)).await,
                started => return started,
            }
        }
    }

    async fn try_start(places: &Places, address: SocketAddr) -> Result<Self, String> {
        let program = places.release.join("ours").to_string_lossy().into_owned();
        let mut command = Command::from(pinned(&[program, address.to_string(), "limited".into()], None));
        command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| format!("cannot start the server: {error}"))?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no pipe")?).lines();
        let line = lines.next_line().await.map_err(|error| error.to_string())?;
        let address = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
        Ok(Self { address: address.ok_or("the server does not listen")?, child })
    }

    fn id(&self) -> Result<u32, String> {
        self.child.id().ok_or_else(|| "the server has ended by itself".into())
    }

    pub(super) fn process(&self) -> Result<Process, String> {
        self.id().map(Process)
    }

    /// Asks it to end.
    pub(super) fn terminate(&self) -> Result<(), String> {
        let process = Pid::from_raw(self.id()?.cast_signed()).ok_or("no process")?;
        kill_process(process, Signal::TERM).map_err(|error| error.to_string())
    }

    /// Waits for its end, which must be a good one.
    pub(super) async fn ended(mut self) -> Result<(), String> {
        match timeout(PATIENCE, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(format!("the server ended badly: {status}")),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the server does not end".into()),
        }
    }
}
