//! Handing everything to the recorder of the `metrics` facade.

use std::{collections::BTreeMap, time::Duration};

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge};

use super::labelled::Labels;
use crate::{channels::Channels, counters::Counts};

/// How many connections are asked how much waits for them; of more, every so manieth is, and stands for the others.
const SAMPLE: usize = 10_000;

impl Channels {
    /// Hands everything that was counted to the recorder of the `metrics` facade, with a description of each; the channels of every
    /// [alias](crate::ChannelsBuilder::alias) are added up with these. For the feature `metrics`.
    ///
    /// To be called right before an exporter is asked for its text, so that the text is of that moment, and nothing runs
    /// while nobody asks; or now and then, for an exporter that pushes. The names are listed in `docs/observability.md`. Only the
    /// times of handlers reach the recorder by themselves: install it before the server runs.
    ///
    /// Call it for one of the channels of a process, the one that has the others as aliases: the recorder adds nothing up.
    ///
    /// ```
    /// use consumer_runtime::Channels;
    ///
    /// let channels = Channels::memory();
    /// channels.publish_metrics();
    /// ```
    pub fn publish_metrics(&self) {
        describe();
        let mut all = Sums::default();
        for (_, channels) in self.with_aliases() {
            all.add(channels);
        }
        all.publish();
    }
}

/// What some channels come to together.
#[derive(Default)]
struct Sums {
    counts: Counts,
    labelled: BTreeMap<Labels, u64>,
    open: BTreeMap<&'static str, usize>,
    waiting: usize,
    groups: usize,
    members: usize,
    frames_in: u64,
    bytes_in: u64,
    frames_out: u64,
    bytes_out: u64,
    away: usize,
    away_seconds: f64,
    lag: Option<Duration>,
}

impl Sums {
    fn add(&mut self, channels: &Channels) {
        let local = channels.local();
        self.counts.add(&channels.counts());
        local.meters().forget_recorder();
        local.meters().add_to(&mut self.labelled);
        let connections = local.connections();
        for connection in &connections {
            *self.open.entry(connection.kind().consumer()).or_default() += 1;
        }
        let step = connections.len().div_ceil(SAMPLE).max(1);
        self.waiting +=
            connections.iter().step_by(step).map(|connection| connection.waiting_bytes()).sum::<usize>() * step;
        let (groups, members) = local.count_groups();
        self.groups += groups;
        self.members += members;
        let traffic = local.traffic().sum();
        self.frames_in += traffic.frames_in;
        self.bytes_in += traffic.bytes_in;
        self.frames_out += traffic.frames_out;
        self.bytes_out += traffic.bytes_out;
        self.lag = self.lag.max(local.meters().last_lag());
        let away = local.all_away();
        self.away += away.len();
        self.away_seconds = away.first().map_or(0.0, |first| first.lasting.as_secs_f64()).max(self.away_seconds);
    }

    fn publish(&self) {
        // A consumer whose last connection has ended is none again, and not as many as before.
        for labels in self.labelled.keys() {
            if let Labels::Handshake { consumer, .. } = labels {
                gauge!("consumer_connections", "consumer" => *consumer).set(0.0);
            }
        }
        for (consumer, open) in &self.open {
            gauge!("consumer_connections", "consumer" => *consumer).set(*open as f64);
        }
        gauge!("consumer_outgoing_bytes").set(self.waiting as f64);
        gauge!("consumer_groups").set(self.groups as f64);
        gauge!("consumer_group_members").set(self.members as f64);
        gauge!("consumer_layer_away").set(self.away as f64);
        gauge!("consumer_layer_away_seconds").set(self.away_seconds);
        if let Some(lag) = self.lag {
            gauge!("consumer_layer_lag_seconds").set(lag.as_secs_f64());
        }
        counter!("consumer_client_frames_received_total").absolute(self.frames_in);
        counter!("consumer_client_bytes_received_total").absolute(self.bytes_in);
        counter!("consumer_client_frames_sent_total").absolute(self.frames_out);
        counter!("consumer_client_bytes_sent_total").absolute(self.bytes_out);
        self.publish_counts();
        self.labelled.iter().for_each(|(labels, count)| publish(*labels, *count));
    }

    fn publish_counts(&self) {
        let counts = &self.counts;
        for (reason, count) in counts.dropped() {
            counter!("consumer_dropped_total", "reason" => reason).absolute(count);
        }
        let work = [
            ("handled", counts.work_handled),
            ("failed", counts.work_failed),
            ("retried", counts.work_retried),
            ("dead", counts.work_dead),
            ("given_up", counts.work_given_up),
        ];
        for (outcome, count) in work {
            counter!("consumer_work_total", "outcome" => outcome).absolute(count);
        }
        counter!("consumer_delivered_total").absolute(counts.delivered);
        counter!("consumer_layer_outages_total").absolute(counts.layer_outages);
        counter!("consumer_compressed_total").absolute(counts.compressed);
        counter!("consumer_panics_total").absolute(counts.panics);
    }
}

fn publish(labels: Labels, count: u64) {
    match labels {
        Labels::Event { consumer, event, outcome } => {
            let outcome = outcome.word();
            counter!("consumer_events_total", "consumer" => consumer, "event" => event, "outcome" => outcome)
        }
        Labels::Frame { consumer, event, outcome } => {
            let outcome = outcome.word();
            counter!("consumer_client_frames_total", "consumer" => consumer, "event" => event, "outcome" => outcome)
        }
        Labels::Handshake { consumer, code } => {
            let outcome = if matches!(code, 101 | 200) { "accepted" } else { "refused" };
            let code = code.to_string();
            counter!("consumer_handshakes_total", "consumer" => consumer, "outcome" => outcome, "code" => code)
        }
        Labels::Closed { consumer, code, cause } => {
            let code = code.map_or_else(|| "other".to_owned(), |code| code.to_string());
            counter!("consumer_closes_total", "consumer" => consumer, "code" => code, "reason" => cause)
        }
    }
    .absolute(count);
}

fn describe() {
    describe_gauge!("consumer_connections", Unit::Count, "Open connections, by consumer");
    describe_gauge!(
        "consumer_outgoing_bytes",
        Unit::Bytes,
        "What waits for the sockets of all connections; sampled above 10000 connections"
    );
    describe_gauge!("consumer_groups", Unit::Count, "Groups with members in this process");
    describe_gauge!("consumer_group_members", Unit::Count, "Memberships of groups in this process");
    describe_gauge!("consumer_layer_away", Unit::Count, "Servers of the channel layer that are away");
    describe_gauge!(
        "consumer_layer_away_seconds",
        Unit::Seconds,
        "For how long the server that is away longest has been; what was sent since then may be lost"
    );
    describe_gauge!(
        "consumer_layer_lag_seconds",
        Unit::Seconds,
        "How long a message took through the channel layer when that was measured last; the slowest of several"
    );
    describe_counter!(
        "consumer_client_frames_received_total",
        Unit::Count,
        "Messages of clients, fragments put together; no control frames"
    );
    describe_counter!("consumer_client_bytes_received_total", Unit::Bytes, "Bytes of frames from clients");
    describe_counter!(
        "consumer_client_frames_sent_total",
        Unit::Count,
        "Frames of data that sockets of clients have taken"
    );
    describe_counter!(
        "consumer_client_bytes_sent_total",
        Unit::Bytes,
        "Bytes of frames that sockets of clients have taken"
    );
    describe_counter!("consumer_dropped_total", Unit::Count, "Messages and frames that were dropped, by reason");
    describe_counter!("consumer_work_total", Unit::Count, "Messages of workers, by outcome");
    describe_counter!(
        "consumer_delivered_total",
        Unit::Count,
        "Events that reached a handler, or a shared handler's frame its queue"
    );
    describe_counter!(
        "consumer_layer_outages_total",
        Unit::Count,
        "How often a server of the layer was away and came back"
    );
    describe_counter!("consumer_compressed_total", Unit::Count, "Frames that were compressed");
    describe_counter!("consumer_panics_total", Unit::Count, "Handlers and payloads that panicked");
    describe_counter!("consumer_events_total", Unit::Count, "Events for connections, by consumer, event and outcome");
    describe_counter!("consumer_client_frames_total", Unit::Count, "Frames of clients, by consumer, event and outcome");
    describe_counter!("consumer_handshakes_total", Unit::Count, "Answers to requests at a consumer's path, by status");
    describe_counter!("consumer_closes_total", Unit::Count, "Connections that ended, by close code and cause");
    describe_histogram!("consumer_handler_seconds", Unit::Seconds, "How long handlers took");
}
