//! Who sends to the rooms.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use super::super::{crowd::PATIENCE, process::Process, socket::Socket, speech::Speech};

/// A member of the room itself, or a process that has no sockets and reaches the room through a channel layer.
#[derive(Debug)]
pub(crate) enum Voice {
    Members,
    Process(Speaker),
}

/// A process that is told line by line what to send, and says so when it has.
#[derive(Debug)]
pub(crate) struct Speaker {
    child: Child,
    tell: ChildStdin,
    told: usize,
    said: Arc<AtomicUsize>,
}

impl Voice {
    /// Starts the process, and waits until it is ready.
    pub(crate) fn process(words: &[String]) -> Result<Self, String> {
        let (program, arguments) = words.split_first().ok_or("a sender needs a program")?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start the sender `{program}`: {error}"))?;
        let (Some(tell), Some(out)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the sender has no pipes".into());
        };
        let said = Arc::new(AtomicUsize::new(0));
        let (ready, is_ready) = mpsc::channel();
        let counted = Arc::clone(&said);
        thread::spawn(move || {
            let mut lines = BufReader::new(out).lines().map_while(Result::ok);
            if lines.next().is_some() && ready.send(()).is_ok() {
                lines.for_each(|_| {
                    counted.fetch_add(1, Ordering::Relaxed);
                });
            }
        });
        // Ends with this value, also when it never gets ready.
        let speaker = Speaker { child, tell, told: 0, said };
        is_ready.recv_timeout(PATIENCE).map_err(|_| "the sender did not get ready".to_owned())?;
        Ok(Self::Process(speaker))
    }

    /// Sends a message to the room of this member.
    pub(crate) fn say(&mut self, member: &mut Socket, speech: Speech, message: &str) -> Result<(), String> {
        match self {
            Self::Members => member.say(speech.say(message).as_bytes()),
            Self::Process(speaker) => {
                let line = format!("say chat_r{} {message}\n", member.room);
                speaker.tell.write_all(line.as_bytes()).map_err(|error| format!("the sender is gone: {error}"))?;
                speaker.told += 1;
            }
        }
        Ok(())
    }

    /// How many messages its process has sent.
    pub(crate) fn said(&self) -> usize {
        match self {
            Self::Members => 0,
            Self::Process(speaker) => speaker.said.load(Ordering::Relaxed),
        }
    }

    /// How many its process has not sent yet.
    pub(crate) fn waiting(&self) -> usize {
        match self {
            Self::Members => 0,
            Self::Process(speaker) => speaker.told.saturating_sub(self.said()),
        }
    }

    /// Its process, if it has one.
    pub(crate) fn companion(&self) -> Option<Process> {
        match self {
            Self::Members => None,
            Self::Process(speaker) => Some(Process(speaker.child.id())),
        }
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn sh(script: &str) -> Result<Voice, String> {
        Voice::process(&["sh", "-c", script].map(str::to_owned))
    }

    #[test]
    fn what_a_process_says_is_counted_once_it_is_ready() {
        let mut voice = sh("echo ready; echo '{}'; cat").unwrap();
        let Voice::Process(speaker) = &mut voice else { unreachable!() };
        speaker.tell.write_all(b"say chat_r0 a\n").unwrap();
        speaker.told = 3;
        let start = Instant::now();
        while voice.said() < 2 {
            assert!(start.elapsed() < Duration::from_secs(20), "{} said", voice.said());
            thread::yield_now();
        }
        assert_eq!(voice.waiting(), 1);
        assert!(voice.companion().is_some());
    }

    #[test]
    fn a_process_that_ends_at_once_is_an_error() {
        assert_eq!(sh("exit 3").unwrap_err(), "the sender did not get ready");
    }
}
