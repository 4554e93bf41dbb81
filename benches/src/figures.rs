//! The named numbers that one measurement gives.

use std::{
    collections::BTreeMap,
    fmt::{self, Display},
    fs,
    path::Path,
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// Numbers by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Figures(BTreeMap<String, f64>);

impl Figures {
    /// Sets a number; one that is none, as of a division by zero, is left out.
    pub(crate) fn set(&mut self, name: &str, value: f64) {
        if value.is_finite() {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// Sets the middle of some times and what only one in a hundred exceeds, as `p50_ms` and `p99_ms`.
    pub(crate) fn set_times(&mut self, times: &mut [Duration]) {
        times.sort_unstable();
        if let Some(last) = times.len().checked_sub(1) {
            for (name, percent) in [("p50_ms", 50), ("p99_ms", 99)] {
                self.set(name, times[last * percent / 100].as_secs_f64() * 1e3);
            }
        }
    }

    /// Keeps them as JSON under this name.
    pub(crate) fn write(&self, folder: &Path, name: &str) -> Result<(), String> {
        let path = folder.join(name).with_extension("json");
        let text = serde_json::to_vec_pretty(self).map_err(|error| error.to_string())?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| format!("{}: {error}", path.display()))
    }

    /// What is kept under this name, if anything.
    pub(crate) fn read(folder: &Path, name: &str) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(name).with_extension("json")).ok()?).ok()
    }

    pub(crate) fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }
}

impl Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            let (space, digits) = (if index > 0 { "  " } else { "" }, if value.abs() < 100.0 { 2 } else { 0 });
            write!(out, "{space}{name} {value:.digits$}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_their_middle_and_their_end() {
        let mut figures = Figures::default();
        figures.set_times(&mut []);
        assert_eq!(figures, Figures::default());
        let mut times: Vec<_> = (0..=100).rev().map(Duration::from_millis).collect();
        figures.set_times(&mut times);
        assert_eq!((figures.get("p50_ms"), figures.get("p99_ms")), (Some(50.0), Some(99.0)));
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        let mut figures = Figures::default();
        figures.set("per_second", 1.0 / 0.0);
        assert_eq!(figures.get("per_second"), None);
    }
}
