//! Runs servers side by side.

use std::{
    collections::BTreeMap,
    io::Read,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use clap::Args;

use crate::{
    figures::Figures,
    limits, machine, peers,
    results::{Failure, Results, Run},
    servers::{self, Broker, Kits, Part, Places, Running, Server},
    works::{Section, Sender, Work},
};

/// No measurement takes longer, whatever the server does.
const LIMIT: Duration = Duration::from_secs(150);

/// How to run.
#[derive(Clone, Debug, Args)]
pub(crate) struct Plan {
    /// How often each server has its turn; by default 5 for the table, 3 for growth, storm and layers, 2 for slow, spread and
    /// bridge, 1 for idle.
    #[arg(long)]
    rounds: Option<u32>,
    /// Only these servers, and the floors that their ratios are to; all by default.
    #[arg(long, value_delimiter = ',', value_parser = servers::named)]
    servers: Vec<Server>,
    /// Only these works of the section; all by default.
    #[arg(long, value_delimiter = ',')]
    works: Vec<String>,
    /// Let the server and the client run on all cores, instead of one each.
    #[arg(long)]
    unpinned: bool,
    /// Small and short, to see that all works; keeps no results.
    #[arg(long)]
    quick: bool,
    /// Forget the section's earlier results.
    #[arg(long)]
    fresh: bool,
    /// A checkout of uWebSockets with its uSockets, which no registry has.
    #[arg(long, value_name = "FOLDER")]
    uws: Option<PathBuf>,
}

/// Runs all works of a section, and keeps what they give after each round.
pub(crate) fn run(section: Section, plan: &Plan, kits: &mut Kits) -> Result<(), String> {
    if cfg!(debug_assertions) {
        return Err("this is a debug build; use `cargo run --release -p benches -- ..`".into());
    }
    limits::raise();
    let places = Places::find()?;
    let works = chosen_works(section, plan)?;
    let folder = if plan.quick { places.work.join("quick") } else { places.results() };
    let kept = if plan.fresh || plan.quick { None } else { Results::read(&folder, section)? };
    let mut results = kept.unwrap_or_default();
    results.pinned = !plan.unpinned;
    let missing = missing_servers(&works, plan, &places, kits);
    for work in &works {
        for server in chosen_servers(work, plan) {
            results.forget(work.name, server.name, work.references().contains(&server.name));
        }
    }
    results.left_out.extend(missing.clone());
    machine::note(&places, &folder)?;
    let (first, rounds) = (results.next_round(), plan.rounds.unwrap_or(if plan.quick { 1 } else { section.rounds() }));
    for round in first..first + rounds {
        for work in &works {
            for server in chosen_servers(work, plan).filter(|server| !missing.contains_key(server.name)) {
                let start = Instant::now();
                let measured = measure(work, server, plan, &places);
                report(work, server, round - first, &measured, start.elapsed());
                let (work, server) = (work.name.to_owned(), server.name.to_owned());
                match measured {
                    Ok(figures) => results.runs.push(Run { work, server, round, figures }),
                    Err(error) => results.failures.push(Failure { work, server, error }),
                }
            }
        }
        results.write(&folder, section)?;
    }
    for (server, why) in &results.left_out {
        eprintln!("left out: {server}: {why}");
    }
    match results.failures.len() {
        0 => Ok(()),
        failures => Err(format!("{failures} measurements failed")),
    }
}

/// Runs several sections; one that fails does not keep the others from running.
pub(crate) fn run_all(sections: &[Section], plan: &Plan) -> Result<(), String> {
    if !plan.works.is_empty() {
        return Err("`--works` needs a section, as in `table --works one`".into());
    }
    let mut kits = Kits::default();
    let errors: Vec<_> = sections
        .iter()
        .filter_map(|&section| Some(format!("{}: {}", section.name(), run(section, plan, &mut kits).err()?)))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
}

fn chosen_works(section: Section, plan: &Plan) -> Result<Vec<Work>, String> {
    let works = section.works();
    if let Some(unknown) = plan.works.iter().find(|name| works.iter().all(|work| work.name != name.as_str())) {
        let names: Vec<_> = works.iter().map(|work| work.name).collect();
        return Err(format!("there is no work `{unknown}` in {}; there are {}", section.name(), names.join(", ")));
    }
    Ok(works
        .into_iter()
        .filter(|work| plan.works.is_empty() || plan.works.iter().any(|name| name == work.name))
        .collect())
}

fn chosen_servers(work: &Work, plan: &Plan) -> impl Iterator<Item = Server> {
    work.servers().filter(|server| {
        let reference = work.references().contains(&server.name);
        plan.servers.is_empty() || plan.servers.contains(server) || reference
    })
}

/// Makes ready what the servers need, and answers those that cannot be had.
fn missing_servers(works: &[Work], plan: &Plan, places: &Places, kits: &mut Kits) -> BTreeMap<String, String> {
    let mut missing = BTreeMap::new();
    for server in works.iter().flat_map(|work| chosen_servers(work, plan)) {
        let ready = kits.ready(server.kit, places, plan.uws.as_deref());
        if let Err(why) = ready.and_then(|()| server.carrier.missing().map_or(Ok(()), Err)) {
            missing.insert(server.name.to_owned(), why);
        }
    }
    missing
}

/// Starts the server, lets the client measure it, and ends it.
fn measure(work: &Work, server: Server, plan: &Plan, places: &Places) -> Result<Figures, String> {
    let (server_core, client_core) = if plan.unpinned { (None, None) } else { (Some(0), Some(1)) };
    if work.part == Part::Layer {
        let words: Vec<_> = work.act(server, plan.quick).collect();
        return peers::measure(&words, server, places, [server_core, client_core]);
    }
    // What carries messages stands on the client's side, as another machine would.
    let broker = Broker::start(server.carrier, client_core)?;
    let mut running = Running::start(server, work.part, &broker, places, server_core)?;
    // By this process, so that it is the same program even when cargo has built another one meanwhile.
    let mut words = vec![format!("/proc/{}/exe", std::process::id()), "load".into()];
    words.extend(["--address".into(), running.address.to_string()]);
    words.extend(["--pid".into(), running.process().to_string()]);
    words.extend(["--speech".into(), server.speech.name().into()]);
    if let Some(process) = broker.process() {
        words.extend(["--with".into(), process.0.to_string()]);
    }
    // Where others share its core, it must leave it when there is nothing to do.
    words.extend((!plan.unpinned && work.part != Part::Bridge).then(|| "--spin".into()));
    if work.part == Part::Bridge {
        let sender = match work.sender {
            Sender::Django => servers::django(&broker.url(), places),
            Sender::Ours => server.peer(&broker.url(), places),
        };
        words.extend(["--sender".into(), serde_json::to_string(&sender).map_err(|error| error.to_string())?]);
    }
    words.extend(work.act(server, plan.quick).map(str::to_owned));
    let client = servers::pinned(&words, client_core).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let output = output(client.map_err(|error| format!("cannot start the client: {error}"))?);
    if let Some(end) = running.ended() {
        return Err(end);
    }
    serde_json::from_str(&output?).map_err(|error| format!("the client's figures: {error}"))
}

/// What the client prints; its error, if it has one or takes too long.
fn output(mut client: Child) -> Result<String, String> {
    let start = Instant::now();
    let status = loop {
        match client.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() < LIMIT => thread::sleep(Duration::from_millis(10)),
            _ => {
                // Ended or not, nothing more comes of it.
                let _ = client.kill();
                let _ = client.wait();
                return Err(format!("not done after {LIMIT:?}"));
            }
        }
    };
    let (mut figures, mut error) = (String::new(), String::new());
    let read = (client.stdout.take().map(|mut out| out.read_to_string(&mut figures)))
        .and(client.stderr.take().map(|mut out| out.read_to_string(&mut error)));
    match read {
        Some(Ok(_)) if status.success() => Ok(figures),
        _ => Err(error.trim().to_owned()),
    }
}

fn report(work: &Work, server: Server, round: u32, measured: &Result<Figures, String>, time: Duration) {
    let told = match measured {
        Ok(figures) => figures.to_string(),
        Err(error) => format!("FAILED: {error}"),
    };
    println!("{:>5.1} s  round {}  {:16} {:16} {told}", time.as_secs_f64(), round + 1, work.name, server.name);
}
