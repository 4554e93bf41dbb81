//! The client as browsers' engines and `tsc` see it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use axum::Router;
use consumer_runtime::{prelude::*, schema::Declarations};
use tests::Site;

use crate::{
    everything::{EverythingConsumer, declarations},
    files::{additive, before, breaking, shop},
};

pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/typescript");
pub(crate) const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../clients/typescript");

/// Runs a program of Node's to its end, in a folder.
fn run(folder: &str, program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).envs(environment.iter().copied());
    command.output().unwrap_or_else(|error| panic!("{program}: {error}; `tests/run` installs it"))
}

#[track_caller]
pub(crate) fn succeeds(output: &Output) {
    let said = format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    println!("{said}");
}

fn tsc(arguments: &[&str]) -> Output {
    run(FOLDER, &format!("{FOLDER}/node_modules/.bin/tsc"), arguments, &[])
}

/// What `tsc` says of one page.
pub(crate) fn tsc_of(page: &Path) -> Output {
    let options = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom", "--module", "nodenext"];
    let more = ["--types", "", "--allowImportingTsExtensions", "--ignoreConfig", page.to_str().unwrap()];
    tsc(&[&options[..], &more[..]].concat())
}

#[test]
#[ignore = "needs node"]
fn the_package_passes_its_own_tests_in_node() {
    succeeds(&run(PACKAGE, "npm", &["test", "--silent"], &[]));
}

#[test]
#[ignore = "needs node"]
fn the_types_allow_what_fits_and_nothing_else_in_node() {
    succeeds(&tsc(&["--project", "."]));
}

#[test]
#[ignore = "needs node"]
fn the_boards_page_fits_its_client_in_node() {
    succeeds(&tsc(&["--project", "../../examples/board/page"]));
}

/// A page on the client, and the field that it reads.
const PAGE: &str = r#"
import { Shop } from "./shop.ts";
const shop = Shop.open({}, { url: "http://localhost" });
const reply = await shop.list({ limit: 1 });
if (reply.ok) console.log(reply.value.items.join());
export {};
"#;

#[test]
#[ignore = "needs node"]
fn tsc_points_at_each_use_of_what_changed_in_node() {
    fn tsc_says<C: Consumer>() -> Output {
        let folder = tempfile::tempdir_in(FOLDER).unwrap();
        let runtime = format!("{PACKAGE}/index.js");
        shop::<C>().files().runtime(runtime).typescript(folder.path().join("shop.ts")).write().unwrap();
        fs::write(folder.path().join("page.ts"), PAGE).unwrap();
        let page = folder.path().join("page.ts");
        tsc_of(&page)
    }
    succeeds(&tsc_says::<before::Shop>());
    succeeds(&tsc_says::<additive::Shop>());
    let broken = tsc_says::<breaking::Shop>();
    let said = String::from_utf8_lossy(&broken.stdout);
    assert!(!broken.status.success());
    assert!(said.contains("page.ts(4,") && said.contains("'shelf' is missing"), "{said}");
}

/// A JavaScript module of everything, which Node loads.
fn module(folder: &Path) -> PathBuf {
    let path = folder.join("everything.mjs");
    declarations().files().runtime(format!("file://{PACKAGE}/index.js")).javascript(&path).write().unwrap();
    path
}

async fn round_trip(transport: &'static str) {
    let site = Site::new(Router::new().consumer::<EverythingConsumer>()).await;
    let server = format!("http://{}", site.address);
    let folder = tempfile::tempdir().unwrap();
    let module = module(folder.path());
    let output = tokio::task::spawn_blocking(move || {
        let module = module.to_str().unwrap();
        run(FOLDER, "node", &["roundtrip.mjs"], &[("MODULE", module), ("SERVER", &server), ("TRANSPORT", transport)])
    });
    succeeds(&output.await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs node"]
async fn values_go_both_ways_unchanged_by_websocket_in_node() {
    round_trip("websocket").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs node"]
async fn values_go_both_ways_unchanged_by_events_in_node() {
    round_trip("sse").await;
}

/// The official parser takes the documents, which have so many channels.
pub(crate) fn parses(declarations: &Declarations, channels: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (json, yaml) = (folder.path().join("api.json"), folder.path().join("api.yaml"));
    declarations.files().asyncapi(&json).asyncapi(&yaml).write().unwrap();
    let output = run(FOLDER, "node", &["asyncapi.mjs", json.to_str().unwrap(), yaml.to_str().unwrap()], &[]);
    succeeds(&output);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.matches(&format!("{channels} channels")).count(), 2, "{said}");
    assert!(!said.contains("warning"), "{said}");
}

#[test]
#[ignore = "needs node"]
fn the_official_parser_takes_the_documents_in_node() {
    parses(&declarations(), 1);
}
