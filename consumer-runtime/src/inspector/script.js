"use strict";

const base = document.body.dataset.base;
const $ = id => document.getElementById(id);
const SAMPLES = 60;

const rates = [
  { name: "Connections", unit: "open", of: counts => counts.accepted - counts.ended, level: true },
  { name: "Accepted", unit: "/s", of: counts => counts.accepted },
  { name: "Frames in", unit: "/s", of: counts => counts.frames_in },
  { name: "Frames out", unit: "/s", of: counts => counts.frames_out },
  { name: "Events", unit: "/s", of: counts => counts.events },
  { name: "Drops", unit: "/s", of: counts => counts.dropped, bad: true },
];

// Texts are set as texts, never as markup: an origin or a subprotocol is whatever a client says.
function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function drawn(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

for (const rate of rates) {
  const card = element("div", undefined, rate.bad ? "rate bad" : "rate");
  card.append(element("p", rate.name));
  rate.value = element("strong", "–");
  card.append(rate.value, " ", element("small", rate.unit));
  const chart = drawn("svg", { viewBox: `0 0 ${SAMPLES - 1} 36`, preserveAspectRatio: "none", "aria-hidden": "true" });
  rate.line = drawn("polyline", { points: "" });
  chart.append(drawn("line", { x1: 0, x2: SAMPLES - 1, y1: 35, y2: 35 }), rate.line);
  card.append(chart);
  rate.samples = [];
  $("rates").append(card);
}

let before;

function showRates(counts, at) {
  for (const rate of rates) {
    const now = rate.of(counts);
    let sample = now;
    if (!rate.level) {
      if (!before) continue;
      sample = Math.max(0, (now - rate.of(before.counts)) / Math.max(0.001, (at - before.at) / 1000));
    }
    rate.samples.push(sample);
    if (rate.samples.length > SAMPLES) rate.samples.shift();
    rate.value.textContent = sample >= 10 || rate.level ? Math.round(sample).toLocaleString() : +sample.toFixed(1);
    const top = Math.max(...rate.samples, 1);
    const first = SAMPLES - rate.samples.length;
    const point = (value, index) => `${first + index},${(35 - 33 * value / top).toFixed(1)}`;
    rate.line.setAttribute("points", rate.samples.map(point).join(" "));
  }
  before = { counts, at };
}

function ago(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

function bytes(count) {
  if (count < 1024) return `${count} B`;
  return count < 1048576 ? `${(count / 1024).toFixed(1)} KiB` : `${(count / 1048576).toFixed(1)} MiB`;
}

// Each cell: its column's name, its text or content, and its class.
function fill(id, rows, empty) {
  const body = $(id).tBodies[0];
  const made = rows.map(cells => {
    const row = element("tr");
    for (const [name, content, className, more] of cells) {
      const cell = element("td", undefined, className);
      cell.dataset.name = name;
      const value = element("span");
      value.append(content);
      if (more) value.append(element("small", more));
      cell.append(value);
      row.append(cell);
    }
    return row;
  });
  if (!made.length) {
    const row = element("tr");
    const cell = element("td", empty, "none");
    cell.colSpan = 8;
    row.append(cell);
    made.push(row);
  }
  body.replaceChildren(...made);
}

function count(id, list) {
  const part = list.found < list.total ? `${list.found.toLocaleString()} of ${list.total.toLocaleString()}` : list.total.toLocaleString();
  $(id).textContent = list.shown.length < list.found ? `${part}, the first ${list.shown.length}` : part;
}

const named = (layer, name) => layer === "default" ? name : `${name} (${layer})`;

function button(connection) {
  const made = element("button", "Disconnect");
  made.type = "button";
  made.setAttribute("aria-label", `Disconnect ${connection.channel}`);
  made.onclick = async () => {
    if (!confirm(`Disconnect ${connection.consumer}\n${connection.channel}?`)) return;
    made.disabled = true;
    const answer = await fetch(`${base}disconnect`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-inspector": "disconnect" },
      body: JSON.stringify({ layer: connection.layer, channel: connection.channel }),
    });
    if (!answer.ok) alert(await answer.text());
    // While a button has the focus its list stays as it is.
    made.blur();
    look();
  };
  return made;
}

function show(state) {
  const status = state.draining ? "draining" : state.away.length ? `layer away: ${state.away.join("; ")}` : "running";
  $("status").textContent = status;
  $("status").className = status === "running" ? "" : "bad";
  showRates(state.counts, performance.now());
  count("connections-count", state.connections);
  count("groups-count", state.groups);
  // A button that somebody is about to press stays where it is.
  if (!$("connections").contains(document.activeElement) && !$("connections").matches(":active")) {
    fill("connections", state.connections.shown.map(connection => [
      ["Consumer", named(connection.layer, connection.consumer), "", connection.subprotocol],
      ["Client", connection.peer ?? "unknown", "", connection.origin],
      ["Groups", connection.groups.join(", ") || "–", "", connection.groups_total > connection.groups.length
        ? `and ${connection.groups_total - connection.groups.length} more` : ""],
      ["Open", ago(connection.seconds), "number"],
      ["Idle", ago(connection.idle), "number"],
      ["Waiting", bytes(connection.waiting), "number"],
      ["Channel", connection.channel, "code"],
      ["", button(connection), "number"],
    ]), "nobody");
  }
  fill("groups", state.groups.shown.map(group => [
    ["Group", named(group.layer, group.name)],
    ["Members here", group.members.toLocaleString(), "number"],
  ]), "none");
  fill("tail", state.tail.map(passed => [
    ["Event", passed.event],
    ["To", named(passed.layer, passed.group ?? "one channel")],
    ["Members", passed.members.toLocaleString(), "number"],
    ["Ago", ago(passed.seconds), "number"],
  ]), "none since this page looks");
  fill("consumers", state.consumers.map(consumer => [
    ["Consumer", named(consumer.layer, consumer.consumer)],
    ["Path", consumer.path, "code"],
    ["Open", consumer.open.toLocaleString(), "number"],
    ["Groups", consumer.groups.join(", ") || "–"],
    ["Events", consumer.events.join(", ") || "–"],
    ["Frames", consumer.frames.join(", ") || "–"],
  ]), "none that a client has asked for");
}

let looking = false;

async function look() {
  if (looking) return;
  looking = true;
  try {
    const answer = await fetch(`${base}state?search=${encodeURIComponent($("search").value.trim())}`);
    if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
    show(await answer.json());
  } catch (error) {
    $("status").textContent = `no answer: ${error.message}`;
    $("status").className = "bad";
    before = undefined;
  } finally {
    looking = false;
  }
}

$("find").onsubmit = event => { event.preventDefault(); look(); };
$("search").oninput = look;
document.addEventListener("visibilitychange", () => { before = undefined; if (!document.hidden) look(); });
setInterval(() => { if (!document.hidden) look(); }, 1000);
look();
