//! Encryption: Fernet tokens under keys made of `symmetric_encryption_keys`.

use std::{borrow::Cow, fmt, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE};
use fernet::Fernet;
use sha2::{Digest, Sha256};

/// The keys of a layer. The first encrypts, each may decrypt, so that keys can be changed one process at a time.
#[derive(Clone)]
pub(crate) struct Keys(Vec<Fernet>);

impl fmt::Debug for Keys {
    /// How many there are, and nothing of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keys").field(&self.0.len()).finish()
    }
}

/// A token that no key opens, or that is too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl Keys {
    /// The keys of these secrets, which may be of any length.
    pub(crate) fn new<S: AsRef<[u8]>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let key = |secret: S| Fernet::new(&fernet_key(secret.as_ref()));
        Self(secrets.into_iter().filter_map(key).collect())
    }

    /// Encrypts, when there is a key to do so.
    pub(crate) fn seal<'p>(&self, payload: Cow<'p, [u8]>) -> Cow<'p, [u8]> {
        match self.0.first() {
            Some(key) => key.encrypt(&payload).into_bytes().into(),
            None => payload,
        }
    }

    /// Decrypts what is not older than `ttl`.
    ///
    /// # Errors
    /// [`Unreadable`]
    pub(crate) fn open(&self, payload: &[u8], ttl: Option<Duration>) -> Result<Vec<u8>, Unreadable> {
        if self.0.is_empty() {
            return Ok(payload.to_vec());
        }
        let token = std::str::from_utf8(payload).map_err(|_| Unreadable)?;
        let open = |key: &Fernet| match ttl {
            Some(ttl) => key.decrypt_with_ttl(token, ttl.as_secs()).ok(),
            None => key.decrypt(token).ok(),
        };
        self.0.iter().find_map(open).ok_or(Unreadable)
    }
}

/// The key of a secret, as Fernet writes keys.
pub(crate) fn fernet_key(secret: &[u8]) -> String {
    URL_SAFE.encode(Sha256::digest(secret))
}
