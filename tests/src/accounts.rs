//! The accounts of a Django project.

use std::path::PathBuf;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::python::pythons;

/// A project with nothing but accounts, of which each step is a process of its own.
#[derive(Debug)]
pub struct Accounts {
    python: PathBuf,
    settings: Value,
}

impl Accounts {
    /// A project with these settings beside those that every such project has.
    ///
    /// # Panics
    /// When there is no Python with Django.
    #[must_use]
    pub fn new(settings: Value) -> Self {
        Self { python: pythons().swap_remove(0), settings }
    }

    /// Does what `tests/interop/accounts.py` has functions for, one after the other.
    ///
    /// # Panics
    /// When one of them fails.
    pub async fn steps(&self, steps: Value) -> Vec<Value> {
        let done = Command::new(&self.python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/interop/accounts.py"))
            .args([self.settings.to_string(), steps.to_string()])
            .kill_on_drop(true)
            .output()
            .await
            .expect("Python runs");
        assert!(done.status.success(), "{steps}: {}", String::from_utf8_lossy(&done.stderr));
        let text = String::from_utf8(done.stdout).expect("JSON");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// Does one of them, and takes the text that it returns.
    ///
    /// # Panics
    /// When it fails, or returns something else.
    pub async fn step(&self, name: &str, arguments: Value) -> String {
        let mut step = vec![json!(name)];
        step.extend(arguments.as_array().cloned().unwrap_or_default());
        let told = self.steps(json!([step])).await.pop().unwrap_or_default();
        told.as_str().unwrap_or_default().to_owned()
    }
}
