//! What an acknowledged channel could not have handled.

use crate::{
    channels::Channels,
    error::{Error, Result},
    layer::{DeadLetter, LayerError, WorkQueue},
    names::ChannelName,
};

/// How many letters are looked at at once.
const PAGE: usize = 100;

/// The dead letters of one acknowledged channel: messages whose last attempt failed, or which no handler fits.
///
/// They stay until somebody sends them again or removes them.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # use consumer_runtime::prelude::*;
/// # let channels = Channels::memory();
/// let letters = channels.untyped().dead_letters("thumbnails-generate");
/// for letter in letters.list(100).await? {
///     println!("{} after {} attempts: {}", letter.id, letter.attempts, letter.error);
///     letters.resend(&letter.letter).await?;
/// }
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Debug)]
pub struct DeadLetters {
    channels: Channels,
    channel: Result<ChannelName>,
}

impl DeadLetters {
    pub(crate) fn new(channels: Channels, channel: Result<ChannelName>) -> Self {
        Self { channels, channel }
    }

    fn queue(&self) -> Result<(&dyn WorkQueue, ChannelName)> {
        let channel = match &self.channel {
            Ok(channel) => channel.clone(),
            Err(error) => return Err(Error::msg(error.to_string())),
        };
        let queue = self.channels.layer().work().ok_or(LayerError::NoWork { channel: channel.clone() })?;
        Ok((queue, channel))
    }

    /// Up to `most`, oldest first.
    ///
    /// # Errors
    /// When the layer is away or has no acknowledged channels, or the channel's name breaks the rule.
    pub async fn list(&self, most: usize) -> Result<Vec<DeadLetter>> {
        let (queue, channel) = self.queue()?;
        Ok(queue.dead(channel, None, most).await?)
    }

    /// Up to `most` of those that came after a letter, oldest first.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn list_after(&self, letter: &str, most: usize) -> Result<Vec<DeadLetter>> {
        let (queue, channel) = self.queue()?;
        Ok(queue.dead(channel, Some(letter.to_owned()), most).await?)
    }

    /// Sends a message again, under its old id and to be tried as often as a new one; false when there is no such letter.
    ///
    /// # Errors
    /// As [`list`](Self::list), and when the channel is full; the letter stays then.
    pub async fn resend(&self, letter: &str) -> Result<bool> {
        let (queue, channel) = self.queue()?;
        Ok(queue.revive(channel, letter.to_owned()).await?)
    }

    /// Sends all that are there now again, and says how many.
    ///
    /// # Errors
    /// As [`resend`](Self::resend); what is not sent again stays.
    pub async fn resend_all(&self) -> Result<usize> {
        // Listed first, since one that fails again is a new letter, behind the others.
        let mut all = Vec::new();
        loop {
            let (queue, channel) = self.queue()?;
            let page = queue.dead(channel, all.last().cloned(), PAGE).await?;
            if page.is_empty() {
                break;
            }
            all.extend(page.into_iter().map(|letter| letter.letter));
        }
        let mut count = 0;
        for letter in all {
            count += usize::from(self.resend(&letter).await?);
        }
        Ok(count)
    }

    /// Forgets a message; false when there is no such letter.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn remove(&self, letter: &str) -> Result<bool> {
        let (queue, channel) = self.queue()?;
        Ok(queue.forget(channel, letter.to_owned()).await?)
    }
}
