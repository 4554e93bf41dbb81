//! Settings out of the environment, as twelve-factor programs have them.

use std::{env, ffi::OsString, fmt};

use serde_json::{Map, Value};

use super::Settings;

/// A variable of the environment that is no setting, or has no value for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSetting {
    variable: String,
    reason: String,
}

impl InvalidSetting {
    /// The variable's name.
    pub fn variable(&self) -> &str {
        &self.variable
    }
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the variable {} is no good: {}", self.variable, self.reason)
    }
}

impl std::error::Error for InvalidSetting {}

impl Settings {
    /// The defaults with what the environment says: each variable that begins with `prefix` is a setting, its name in upper
    /// case.
    ///
    /// Values are written as in a settings file of JSON, where the quotes of a text may be left out: `CONSUMER_MAX_MESSAGE=1048576`,
    /// `CONSUMER_PING_INTERVAL=10s`, `CONSUMER_ORIGINS=["https://example.com"]`, `CONSUMER_RATE=null`.
    ///
    /// ```
    /// use consumer_runtime::Settings;
    ///
    /// let settings = Settings::from_env("CONSUMER_").unwrap();
    /// ```
    ///
    /// # Errors
    /// [`InvalidSetting`] names the variable, and says what its setting takes or which settings there are.
    pub fn from_env(prefix: &str) -> Result<Self, InvalidSetting> {
        Self::from_variables(prefix, env::vars_os())
    }

    fn from_variables(
        prefix: &str,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Self, InvalidSetting> {
        let mut fields = Map::new();
        for (variable, value) in variables {
            // What is no text is no variable of ours.
            let Some(variable) = variable.to_str() else { continue };
            let Some(name) = variable.strip_prefix(prefix) else { continue };
            let invalid = |reason: String| InvalidSetting { variable: variable.to_owned(), reason };
            let value = value.into_string().map_err(|_| invalid("its value is not UTF-8".into()))?;
            let value = serde_json::from_str(&value).unwrap_or(Value::String(value));
            let field = Map::from_iter([(name.to_ascii_lowercase(), value)]);
            // By itself, so that the error is this variable's.
            serde_json::from_value::<Self>(Value::Object(field.clone())).map_err(|error| invalid(error.to_string()))?;
            fields.extend(field);
        }
        serde_json::from_value(Value::Object(fields))
            .map_err(|error| InvalidSetting { variable: prefix.to_owned(), reason: error.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::settings::Overflow;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, InvalidSetting> {
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Settings::from_variables("CONSUMER_", variables)
    }

    #[test]
    fn variables_are_settings() {
        let settings = read(&[
            ("CONSUMER_MAX_MESSAGE", "1048576"),
            ("CONSUMER_PING_INTERVAL", "10s"),
            ("CONSUMER_ORIGINS", r#"["https://example.com"]"#),
            ("CONSUMER_RATE", "null"),
            ("CONSUMER_BYTE_RATE", r#"{"per_second": 10, "burst": 20}"#),
            ("CONSUMER_OVERFLOW", "drop_oldest"),
            ("CONSUMER_TRUSTED_PROXIES", r#"["loopback"]"#),
            ("CONSUMER_REQUIRE_TLS", "true"),
            ("OTHER_MAX_MESSAGE", "1"),
        ])
        .unwrap();
        assert_eq!((settings.max_message, settings.ping_interval), (1_048_576, Duration::from_secs(10)));
        assert_eq!((settings.rate, settings.byte_rate.unwrap().burst), (None, 20));
        assert_eq!((settings.overflow, settings.require_tls), (Overflow::DropOldest, true));
        assert_eq!(settings.origins, crate::Origins::only(["https://example.com"]).unwrap());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (name, value, told) in [
            ("CONSUMER_MAX_MESSAGE", "many", "invalid type: string \"many\", expected usize"),
            ("CONSUMER_MAX_MESAGE", "1", "unknown field `max_mesage`, expected one of `origins`"),
            ("CONSUMER_PING_INTERVAL", "soon", "expected a duration"),
            ("CONSUMER_TRUSTED_PROXIES", r#"["proxy"]"#, "\"proxy\" names no proxies"),
        ] {
            let error = read(&[("CONSUMER_MAX_GROUPS", "7"), (name, value)]).unwrap_err();
            assert_eq!(error.variable(), name);
            assert!(error.to_string().contains(told), "{error}");
        }
    }
}
