//! One entry of `hosts` as a config value.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::Value;

use super::RedisHost;

/// What may be said of a host.
const ALLOWED: &str = "`address`, `host`, `port`, `path`, `db`, `username`, `password`, `protocol`, `ssl`, `ssl_ca_certs`, \
                       `ssl_certfile`, `ssl_keyfile`, `sentinels`, `master_name` and `sentinel_kwargs`";

/// Settings of redis-py's that say how it is to do what is done here in another way, or not at all.
const IDLE: &[&str] = &[
    "client_name",
    "health_check_interval",
    "lib_name",
    "lib_version",
    "max_connections",
    "min_other_sentinels",
    "retry",
    "retry_on_error",
    "retry_on_timeout",
    "single_connection_client",
    "socket_connect_timeout",
    "socket_keepalive",
    "socket_keepalive_options",
    "socket_read_size",
    "socket_timeout",
    "ssl_min_version",
    "timeout",
];

/// Settings that ask for certificates not to be checked, and what they say when they ask for the opposite.
const CHECKS: &[(&str, &[&str])] = &[("ssl_cert_reqs", &["required"]), ("ssl_check_hostname", &["true", "True"])];

fn read<T: DeserializeOwned>(key: &str, value: Value) -> Result<Option<T>, String> {
    serde_json::from_value(value).map_err(|error| match key {
        // What stands there is nobody's business.
        "password" => format!("`{key}` is no text"),
        _ => format!("`{key}`: {error}"),
    })
}

impl RedisHost {
    /// Takes one setting over.
    ///
    /// # Errors
    /// They name the setting, and what may stand there.
    pub(super) fn set(&mut self, key: &str, value: Value) -> Result<(), String> {
        if IDLE.contains(&key) {
            self.idle.push(key.to_owned());
            return Ok(());
        }
        if let Some((_, checked)) = CHECKS.iter().find(|(name, _)| *name == key) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return if value.is_null() || checked.contains(&&*text) {
                Ok(())
            } else {
                Err(format!("`{key}`: certificates are always checked; name who has signed it with `ssl_ca_certs`"))
            };
        }
        match key {
            "address" => self.address = read(key, value)?,
            "host" => self.host = read(key, value)?,
            "port" => self.port = read(key, value)?,
            "path" | "unix_socket_path" => self.path = read(key, value)?,
            "db" => self.db = read(key, value)?,
            "username" => self.username = read(key, value)?,
            "password" => self.password = read(key, value)?,
            "protocol" => self.protocol = read(key, value)?,
            "ssl" => self.ssl = read(key, value)?,
            "ssl_ca_certs" => self.ssl_ca_certs = read(key, value)?,
            "ssl_certfile" => self.ssl_certfile = read(key, value)?,
            "ssl_keyfile" => self.ssl_keyfile = read(key, value)?,
            "sentinels" => self.sentinels = read(key, value)?.unwrap_or_default(),
            "master_name" => self.master_name = read(key, value)?,
            "sentinel_kwargs" => self.sentinel_kwargs = read(key, value)?,
            _ => return Err(format!("`{key}` is no setting of a host; {ALLOWED} are")),
        }
        Ok(())
    }

    /// The setting of a URL's query, where everything is text.
    pub(super) fn set_text(&mut self, key: &str, text: &str) -> Result<(), String> {
        let value = match (key, text) {
            ("protocol", "resp2") => Value::from(2),
            ("protocol", "resp3") => Value::from(3),
            ("db" | "protocol", _) => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
            _ => Value::from(text),
        };
        self.set(key, value)
    }

    /// True when it is a URL and nothing else.
    fn is_url(&self) -> bool {
        self.address.is_some() && *self == Self { address: self.address.clone(), ..Self::default() }
    }
}

impl Serialize for RedisHost {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(url) = self.address.as_ref().filter(|_| self.is_url()) {
            return serializer.serialize_str(url);
        }
        fn put<M: SerializeMap, T: Serialize>(
            map: &mut M,
            key: &'static str,
            value: &Option<T>,
        ) -> Result<(), M::Error> {
            value.iter().try_for_each(|value| map.serialize_entry(key, value))
        }
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "address", &self.address)?;
        put(&mut map, "host", &self.host)?;
        put(&mut map, "port", &self.port)?;
        put(&mut map, "path", &self.path)?;
        put(&mut map, "db", &self.db)?;
        put(&mut map, "username", &self.username)?;
        put(&mut map, "password", &self.password)?;
        put(&mut map, "protocol", &self.protocol)?;
        put(&mut map, "ssl", &self.ssl)?;
        put(&mut map, "ssl_ca_certs", &self.ssl_ca_certs)?;
        put(&mut map, "ssl_certfile", &self.ssl_certfile)?;
        put(&mut map, "ssl_keyfile", &self.ssl_keyfile)?;
        put(&mut map, "sentinels", &Some(&self.sentinels).filter(|all| !all.is_empty()))?;
        put(&mut map, "master_name", &self.master_name)?;
        put(&mut map, "sentinel_kwargs", &self.sentinel_kwargs)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for RedisHost {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = RedisHost;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a URL such as \"redis://localhost:6379\", [\"localhost\", 6379], or a map of settings")
    }

    fn visit_str<E: Error>(self, url: &str) -> Result<RedisHost, E> {
        Ok(RedisHost::url(url))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<RedisHost, A::Error> {
        let host: String = list.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        let port = list.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
        match list.next_element::<serde::de::IgnoredAny>()? {
            None => Ok(RedisHost::tcp(host, port)),
            Some(_) => Err(A::Error::invalid_length(3, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RedisHost, A::Error> {
        let mut host = RedisHost::default();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            host.set(&key, value).map_err(A::Error::custom)?;
        }
        Ok(host)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn every_form_is_read_and_written() {
        for (written, host) in [
            (json!("redis://a"), RedisHost::url("redis://a")),
            (json!({"host": "a", "port": 1}), RedisHost::tcp("a", 1)),
            (json!({"path": "/tmp/r", "db": 2}), RedisHost::unix("/tmp/r").db(2)),
            (
                json!({"address": "rediss://a", "username": "u", "password": "p"}),
                RedisHost::url("rediss://a").username("u").password("p"),
            ),
            (
                json!({"host": "a", "port": 1, "ssl": true, "ssl_ca_certs": "/ca", "protocol": 3}),
                RedisHost::tcp("a", 1).tls().ca_certs("/ca").resp3(),
            ),
            (
                json!({"sentinels": [["a", 1], ["b", 2]], "master_name": "m", "sentinel_kwargs": {"password": "p"}}),
                RedisHost::sentinels("m", [("a", 1), ("b", 2)]).sentinel_login(RedisHost::default().password("p")),
            ),
        ] {
            assert_eq!(from_value::<RedisHost>(written.clone()).unwrap(), host);
            assert_eq!(to_value(&host).unwrap(), written);
        }
        assert_eq!(from_value::<RedisHost>(json!(["a", 1])).unwrap(), RedisHost::tcp("a", 1));
        let idle: RedisHost = from_value(json!({"address": "redis://a", "socket_timeout": null, "db": null})).unwrap();
        assert_eq!((idle.idle, idle.db), (vec!["socket_timeout".to_owned()], None));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let told = |value: Value| from_value::<RedisHost>(value).unwrap_err().to_string();
        let error = told(json!({"address": "redis://a", "passwort": "x"}));
        assert!(error.contains("`passwort` is no setting of a host; `address`"), "{error}");
        let error = told(json!({"host": "a", "port": "x"}));
        assert!(error.contains("`port`: invalid type"), "{error}");
        let error = told(json!({"address": "rediss://a", "ssl_cert_reqs": "none"}));
        assert!(error.contains("`ssl_cert_reqs`: certificates are always checked"), "{error}");
        assert!(told(json!(["a"])).contains("invalid length 1"));
        assert!(told(json!(7)).contains("a URL such as"));
    }
}
