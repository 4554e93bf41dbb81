//! Django's signed texts (`django.core.signing`), read.

use std::{
    io::Read,
    time::{Duration, SystemTime},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::read::ZlibDecoder;
use hmac::{Hmac, Mac};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The most that a session may hold once it is unpacked; a signed one is Django's own, but a bound costs nothing.
const MOST: u64 = 1024 * 1024;

/// How far in the future a signature's time may lie, since clocks differ.
const AHEAD: Duration = Duration::from_secs(60);

/// `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
#[derive(Clone)]
pub(super) struct Secrets(Vec<String>);

/// Something signed, and when that was.
#[derive(Debug, PartialEq)]
pub(super) struct Signed {
    pub(super) data: Map<String, Value>,
    pub(super) at: SystemTime,
}

impl Secrets {
    pub(super) fn new(key: String) -> Self {
        Self(vec![key])
    }

    pub(super) fn add(&mut self, fallbacks: impl Iterator<Item = String>) {
        self.0.extend(fallbacks);
    }

    /// `signing.loads(text, salt=salt)`: nothing, when it was not signed with one of the secrets.
    ///
    /// `body:time:signature`, where the body is JSON in base64, packed by zlib when it begins with a dot.
    pub(super) fn read(&self, salt: &str, text: &str) -> Option<Signed> {
        let (signed, signature) = text.rsplit_once(':')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let by = |secret: &String| mac(&format!("{salt}signer"), secret, signed).verify_slice(&signature).is_ok();
        if !self.0.iter().any(by) {
            return None;
        }
        let (body, at) = signed.rsplit_once(':')?;
        let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(base62(at)?))?;
        if at > SystemTime::now() + AHEAD {
            return None;
        }
        Some(Signed { data: serde_json::from_slice(&unpacked(body)?).ok()?, at })
    }

    /// Whether a session's `_auth_user_hash` is that of a password as it is stored
    /// (`AbstractBaseUser.get_session_auth_hash`): it is not any more, once the password was changed.
    pub(super) fn knows_login(&self, hash: &str, password: &str) -> bool {
        const SALT: &str = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";
        let Some(hash) = unhex(hash) else { return false };
        self.0.iter().any(|secret| mac(SALT, secret, password).verify_slice(&hash).is_ok())
    }
}

/// `salted_hmac(salt, text, secret, algorithm="sha256")`
fn mac(salt: &str, secret: &str, text: &str) -> Hmac<Sha256> {
    let key = Sha256::new().chain_update(salt).chain_update(secret).finalize();
    let Ok(mac) = Hmac::new_from_slice(&key) else { unreachable!("HMAC takes keys of any length") };
    Mac::chain_update(mac, text)
}

fn unpacked(body: &str) -> Option<Vec<u8>> {
    let Some(packed) = body.strip_prefix('.') else { return URL_SAFE_NO_PAD.decode(body).ok() };
    let packed = URL_SAFE_NO_PAD.decode(packed).ok()?;
    let mut unpacked = Vec::new();
    ZlibDecoder::new(&*packed).take(MOST + 1).read_to_end(&mut unpacked).ok()?;
    (unpacked.len() as u64 <= MOST).then_some(unpacked)
}

fn base62(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0_u64, |number, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        };
        number.checked_mul(62)?.checked_add(u64::from(digit))
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        &[high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Made by Django 5.2.19.
    const DB: &str = ".eJxVjDsOwjAQBe_iGlnY6y8lPWew1rsGB5AtxUmFuDtESgHtm5n3EgnXpaZ1lDlNLE7Ci8PvlpEepW2A79huXVJvyzxluSlyp0NeOpfneXf_DiqO-q2Dd1m7qADhSFYFD2RNUNGyuZZsAoNDBC5Gg3HGOiDNHsn7EGO04MT7A7lcNqU:1r31eq:ZBf_g0v82f688dH7h5jrN-yWrDYZcmuJ30hJjBN6CBo";
    const PASSWORD: &str = "pbkdf2_sha256$1000000$abc$def=";
    const DB_SALT: &str = "django.contrib.sessions.SessionStore";

    fn secrets() -> Secrets {
        Secrets::new("django-insecure-test-key".to_owned())
    }

    #[test]
    fn a_session_that_django_has_signed() {
        let signed = secrets().read(DB_SALT, DB).unwrap();
        assert_eq!(signed.at, SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        assert_eq!(signed.data["_auth_user_id"], "7");
        let hash = signed.data["_auth_user_hash"].as_str().unwrap();
        assert!(secrets().knows_login(hash, PASSWORD));
        assert!(!secrets().knows_login(hash, "pbkdf2_sha256$1000000$abc$other="));
        for wrong in ["", "zz", &hash[1..], &hash[2..]] {
            assert!(!secrets().knows_login(wrong, PASSWORD), "{wrong}");
        }
    }

    #[test]
    fn a_fallback_counts_as_the_key() {
        let mut rotated = Secrets::new("new".to_owned());
        assert_eq!(rotated.read(DB_SALT, DB), None);
        rotated.add(["django-insecure-test-key".to_owned()].into_iter());
        assert!(rotated.read(DB_SALT, DB).is_some());
    }

    #[test]
    fn what_is_changed_is_nothing() {
        assert_eq!(secrets().read("django.contrib.sessions.backends.signed_cookies", DB), None, "another salt");
        for at in 0..DB.len() {
            let mut changed = DB.as_bytes().to_vec();
            changed[at] ^= 1;
            let changed = String::from_utf8(changed).unwrap();
            // The last digit of base64 has bits that mean nothing, and must be zero.
            assert_eq!(secrets().read(DB_SALT, &changed), None, "at {at}");
        }
        for wrong in ["", ":", "::", "a:b", "a:b:c", &DB[..DB.len() - 1]] {
            assert_eq!(secrets().read(DB_SALT, wrong), None, "{wrong:?}");
        }
    }

    fn sign(body: &str, seconds: u64) -> String {
        const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let (mut time, mut rest) = (String::new(), seconds);
        while rest > 0 {
            time.insert(0, char::from(DIGITS[(rest % 62) as usize]));
            rest /= 62;
        }
        let signed = format!("{body}:{time}");
        let signature = mac(&format!("{DB_SALT}signer"), "django-insecure-test-key", &signed).finalize().into_bytes();
        format!("{signed}:{}", URL_SAFE_NO_PAD.encode(signature))
    }

    #[test]
    fn what_is_signed_and_no_session_is_nothing() {
        let read = |body: &str, seconds| secrets().read(DB_SALT, &sign(body, seconds));
        let plain = URL_SAFE_NO_PAD.encode(r#"{"a":1}"#);
        assert_eq!(Value::Object(read(&plain, 1_700_000_000).unwrap().data), json!({"a": 1}));
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        assert!(read(&plain, now + 30).is_some());
        assert_eq!(read(&plain, now + 3600), None, "of tomorrow");
        assert_eq!(read(&URL_SAFE_NO_PAD.encode("[1]"), 1), None, "no map");
        assert_eq!(read(".AAAA", 1), None, "no zlib");
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut packer, &vec![b' '; 10 * 1024 * 1024]).unwrap();
        let bomb = format!(".{}", URL_SAFE_NO_PAD.encode(packer.finish().unwrap()));
        assert_eq!(read(&bomb, 1), None, "unpacked it is too long");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_no_session(text in ".{0,60}", body in r"\.?[A-Za-z0-9_-]{0,40}", seconds: u32) {
            proptest::prop_assert_eq!(secrets().read(DB_SALT, &text), None);
            // Signed all the same, so that what comes behind the signature is read.
            let _ = secrets().read(DB_SALT, &sign(&body, seconds.into()));
        }
    }

    #[test]
    fn times_are_base_62() {
        assert_eq!(base62("1r31eq"), Some(1_700_000_000));
        assert_eq!((base62(""), base62("-"), base62("zzzzzzzzzzzzzz")), (None, None, None));
    }
}
