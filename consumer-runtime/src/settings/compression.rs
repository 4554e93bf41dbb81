//! `Settings::compression`.

#[cfg(not(feature = "deflate"))]
pub use off::Compression;
#[cfg(feature = "deflate")]
pub use on::Compression;

#[cfg(feature = "deflate")]
mod on {
    use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

    /// How messages are compressed (permessage-deflate, RFC 7692), with clients that offer it.
    ///
    /// Needs the feature `deflate`. Without it this type has no values, and reading one from a configuration is an error
    /// that says so.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct Compression {
        /// The shortest frame that is compressed, in bytes. Default: 256.
        pub min_size: usize,
        /// From 1, the quickest, to 9. Default: 1.
        #[serde(deserialize_with = "level")]
        pub level: u8,
        /// Whether messages to a client may refer to those before them. Each connection then has a compressor of its own,
        /// and what a group is sent is compressed for each member. Default: no.
        pub server_context_takeover: bool,
        /// Whether messages of a client may refer to those before them. Each connection that has sent a compressed one then
        /// keeps what it may refer to. Default: no.
        pub client_context_takeover: bool,
        /// How far back a message to a client may refer: 9 (512 bytes) to 15 (32 KiB). A client may ask for less.
        /// Default: 15.
        #[serde(deserialize_with = "window_bits")]
        pub server_window_bits: u8,
        /// How far back a message of a client may refer: 9 to 15, told to clients that let themselves be told. It spares
        /// their memory, not the server's. Default: 15.
        #[serde(deserialize_with = "window_bits")]
        pub client_window_bits: u8,
    }

    impl Default for Compression {
        fn default() -> Self {
            Self {
                min_size: 256,
                level: 1,
                server_context_takeover: false,
                client_context_takeover: false,
                server_window_bits: 15,
                client_window_bits: 15,
            }
        }
    }

    impl Compression {
        /// What is out of its range, and the range.
        pub(crate) fn check(&self) -> Result<(), String> {
            in_range("level", self.level, 1, 9)?;
            in_range("server_window_bits", self.server_window_bits, 9, 15)?;
            in_range("client_window_bits", self.client_window_bits, 9, 15)
        }
    }

    fn in_range(name: &str, value: u8, least: u8, most: u8) -> Result<(), String> {
        if (least..=most).contains(&value) {
            return Ok(());
        }
        Err(format!("`compression.{name}` is {value}; it must be from {least} to {most}"))
    }

    fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        let level = u8::deserialize(deserializer)?;
        in_range("level", level, 1, 9).map_err(D::Error::custom)?;
        Ok(level)
    }

    fn window_bits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        let bits = u8::deserialize(deserializer)?;
        in_range("window_bits", bits, 9, 15).map_err(D::Error::custom)?;
        Ok(bits)
    }
}

#[cfg(not(feature = "deflate"))]
mod off {
    use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

    /// How messages are compressed, which needs the feature `deflate`. Without it this type has no values.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Compression {}

    impl<'de> Deserialize<'de> for Compression {
        fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            Err(D::Error::custom("`compression` needs the feature `deflate` of `consumer-runtime`; turn it on there"))
        }
    }
}

#[cfg(all(test, not(feature = "deflate")))]
mod tests {
    use crate::settings::Settings;

    #[test]
    fn without_the_feature_a_configuration_is_told_so() {
        assert_eq!(serde_json::from_str::<Settings>(r#"{"compression": null}"#).unwrap().compression, None);
        let error = serde_json::from_str::<Settings>(r#"{"compression": {"level": 1}}"#).unwrap_err().to_string();
        assert!(error.contains("feature `deflate`"), "{error}");
    }
}
