//! What operators filter and search by stays what it is: names of spans, fields, targets.

use std::{collections::BTreeSet, fs, path::Path};

use axum::{Router, http::StatusCode};
use consumer_runtime::prelude::*;
use tests::{Client, Log, Site};

#[event("stage.cue")]
struct Cue {}

#[group("stage", events(Cue))]
struct Stage {}

#[consumer("/ws/actor/{name}/", group = Stage)]
struct Actor {
    name: String,
}

#[consumer]
impl Actor {
    #[connect]
    async fn connect(&mut self) -> Result<(), Refusal> {
        tracing::info!("on connect");
        if self.name == "nobody" { Err(Refusal::response(StatusCode::NOT_FOUND)) } else { Ok(()) }
    }

    #[receive("play")]
    async fn play(&mut self, _: (), context: &mut Context<Self>) -> Result {
        tracing::info!("on play");
        context.group().send(Cue {}).await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, _: Vec<u8>) {
        tracing::info!("on bytes");
    }

    #[event("stage.cue")]
    async fn cue(&mut self, _: &Cue, context: &mut Context<Self>) -> Result {
        tracing::info!("on cue");
        context.send_text("cue").await
    }

    #[disconnect]
    async fn disconnect(&mut self) {
        tracing::info!("on disconnect");
    }
}

/// The one line with these words.
fn line(log: &str, words: &str) -> String {
    let lines: Vec<_> = log.lines().filter(|line| line.contains(words)).collect();
    assert_eq!(lines.len(), 1, "{words} in\n{log}");
    lines[0].to_owned()
}

#[tokio::test]
async fn spans_and_their_fields_stay() {
    let log = Log::begin();
    let site = Site::new(Router::new().consumer::<Actor>()).await;
    let origin = format!("http://{}", site.address);
    let mut client = Client::try_connect(site.address, "/ws/actor/ann/", &[("origin", &origin)]).await.unwrap();
    client.say_bytes(b"").await;
    client.say(r#"{"type": "play"}"#).await;
    assert_eq!(client.hear().await, "cue");
    client.close(4001, "").await;
    site.settled().await;
    Client::try_connect(site.address, "/ws/actor/nobody/", &[]).await.unwrap_err();

    let text = log.text();
    let is_in = |words: &str, span: &str, fields: &[&str]| {
        let lines: Vec<_> = text.lines().filter(|line| line.contains(words)).collect();
        assert!(!lines.is_empty(), "{words} in\n{text}");
        let line = lines[0];
        assert!(line.contains(&format!("{span}{{consumer=\"Actor\" channel=specific.")), "{line}");
        for field in fields {
            assert!(line.contains(field), "{field} in {line}");
        }
    };
    is_in("on connect", "connect", &[]);
    is_in("on play", "receive", &["kind=\"json\""]);
    is_in("on bytes", "receive", &["kind=\"bytes\""]);
    is_in("on cue", "event", &["event=\"stage.cue\""]);
    assert!(!line(&text, "on cue").contains("connect{"), "no span lives as long as the connection");

    let accepted = line(&text, "consumer_runtime::connection::connect: accepted");
    assert!(accepted.contains("DEBUG") && accepted.contains("connect{consumer=\"Actor\""), "{accepted}");
    assert!(accepted.contains("peer=Some(127.0.0.1:") && accepted.contains(&format!("origin=Some({origin:?})")));
    let refused = line(&text, "consumer_runtime::connection::connect: refused");
    assert!(refused.contains("DEBUG") && refused.contains("status=404"), "{refused}");
    let end =
        text.lines().find(|line| line.contains("consumer_runtime::connection::run: disconnected")).expect("an end");
    assert!(end.contains("DEBUG") && end.contains("consumer=\"Actor\" channel=specific."), "{end}");
    assert!(end.contains("code=4001 cause=Client"), "{end}");
    let end = text.lines().find(|line| line.contains("on disconnect")).expect("a handler");
    assert!(end.contains("disconnect{consumer=\"Actor\" channel=specific."), "{end}");
}

/// Every target and level that the runtime logs by, as its source has them.
fn logged(folder: &Path, module: &str, found: &mut BTreeSet<(String, &'static str)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        let module = format!("{module}::{name}");
        if path.is_dir() {
            logged(&path, &module, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).expect("a text");
            let levels = ["error", "warn", "info", "debug", "trace"];
            let levels = levels.into_iter().filter(|level| source.contains(&format!("tracing::{level}!")));
            found.extend(levels.map(|level| (module.clone(), level)));
        }
    }
}

#[test]
fn every_target_and_level_is_in_the_guide() {
    let guide = include_str!("../../docs/observability.md");
    let (_, table) = guide.split_once("| target | levels | what |").expect("the table");
    let rows: Vec<(&str, &str)> = table
        .lines()
        .filter_map(|row| {
            let mut cells = row.strip_prefix("| `")?.split(" | ");
            Some((cells.next()?.trim_end_matches('`'), cells.next()?))
        })
        .collect();
    let mut found = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../consumer-runtime/src");
    logged(&source, "consumer_runtime", &mut found);
    assert!(found.len() > 20, "{found:?}");
    for (target, level) in found {
        let row = rows.iter().find(|(known, _)| target.starts_with(known));
        assert!(
            row.is_some_and(|(_, levels)| levels.split(", ").any(|known| known == level)),
            "docs/observability.md lacks `{level}` in the row of `{target}`"
        );
    }
}
