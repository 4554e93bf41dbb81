// @ts-check
// The page: what is on the board is kept here, by the notes' ids, and drawn anew when it changes.

import { Board } from "./client.js";

/** @import { Note, Person } from "./client.js" */

/** @type {<T extends HTMLElement>(id: string, kind: new () => T) => T} */
const part = (id, kind) => {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
};

const page = {
  title: part("title", HTMLElement),
  state: part("state", HTMLElement),
  retry: part("retry", HTMLButtonElement),
  people: part("people", HTMLElement),
  board: part("board", HTMLElement),
  empty: part("empty", HTMLElement),
  history: part("history", HTMLElement),
  showHistory: part("show-history", HTMLButtonElement),
  entries: part("entries", HTMLElement),
  older: part("older", HTMLButtonElement),
  clear: part("clear", HTMLButtonElement),
  writing: part("writing", HTMLElement),
  draft: part("draft", HTMLFormElement),
  text: part("text", HTMLInputElement),
  told: part("told", HTMLElement),
  question: part("question", HTMLDialogElement),
  asked: part("asked", HTMLElement),
  hello: part("hello", HTMLDialogElement),
  name: part("name", HTMLInputElement),
};

/** How long somebody counts as writing after a keystroke, in milliseconds. */
const WRITING = 2500;

const boardName = decodeURIComponent(location.pathname.split("/")[2] ?? "main");
page.title.textContent = boardName === "main" ? "Board" : boardName;

const name = await askName();
const board = Board.open({ board: boardName }, { query: { name } });

/** @type {Map<number, Note>} */
const notes = new Map();
/** Notes that the server does not know yet, by numbers below zero. @type {Map<number, Note>} */
const unsent = new Map();
/** @type {Map<number, HTMLElement>} */
const papers = new Map();
/** @type {Person | undefined} */
let me;

// What may have been missed meanwhile is asked for each time the connection opens, the first time too.
board.onStatus(async status => {
  showStatus(status);
  if (status.state !== "open") return;
  const reply = await board.open();
  if (!reply.ok) return tell(reply.error.message);
  me = reply.value.me;
  notes.clear();
  for (const note of reply.value.notes) notes.set(note.id, note);
  draw();
  drawPeople(reply.value.people);
});

board.on("note.added", ({ note, by }) => {
  if (by === me?.id) return; // the reply brings it
  hasWritten(by);
  notes.set(note.id, note);
  draw();
});
board.on("note.moved", ({ place, by }) => {
  const note = notes.get(place.note);
  if (!note || by === me?.id) return;
  Object.assign(note, { x: place.x, y: place.y });
  draw();
});
board.on("note.removed", ({ note }) => {
  notes.delete(note);
  draw();
});
board.on("board.cleared", ({ by }) => {
  notes.clear();
  draw();
  if (by.id !== me?.id) tell(`${by.name} cleared the board.`);
});
board.on("people.changed", ({ people }) => drawPeople(people));
board.on("person.writing", ({ person }) => {
  if (person.id !== me?.id) isWriting(person);
});
board.answer("board.confirm", async ({ question }) => {
  page.asked.textContent = question;
  page.question.returnValue = "no";
  page.question.showModal();
  await new Promise(done => page.question.addEventListener("close", done, { once: true }));
  return page.question.returnValue === "yes";
});

let unsentId = 0;
/** When the others were last told that this person is writing. */
let wroteAt = 0;
page.draft.addEventListener("submit", async event => {
  event.preventDefault();
  const text = page.text.value.trim();
  if (!text) return;
  const colour = /** @type {Note["colour"]} */ (new FormData(page.draft).get("colour"));
  const draft = { text, colour, x: 120 + Math.floor(Math.random() * 760), y: 140 + Math.floor(Math.random() * 700) };
  // It is on the board at once, pale until the server has it.
  const own = --unsentId;
  unsent.set(own, { id: own, author: name, ...draft });
  page.text.value = "";
  wroteAt = 0;
  draw();
  const reply = await board.add(draft);
  unsent.delete(own);
  if (reply.ok) {
    notes.set(reply.value.id, reply.value);
  } else {
    page.text.value ||= text;
    switch (reply.error.code) {
      case "too_long": tell(`That is too long: ${reply.error.data.max} characters fit.`); break;
      case "full": tell(`The board is full with its ${reply.error.data.max} notes.`); break;
      default: tell(reply.error.message);
    }
  }
  draw();
  if (!page.history.hidden) showHistory();
});

page.text.addEventListener("input", () => {
  if (Date.now() - wroteAt < WRITING / 2) return;
  wroteAt = Date.now();
  board.send("person.write", {});
});

page.clear.addEventListener("click", async () => {
  page.clear.disabled = true;
  const reply = await board.clear({ timeout: 40_000 });
  page.clear.disabled = false;
  if (!reply.ok) tell(reply.error.message);
});
page.retry.addEventListener("click", () => board.retryNow());

/** @type {number | undefined} */
let oldest;
page.showHistory.addEventListener("click", () => {
  page.history.hidden = !page.history.hidden;
  page.showHistory.setAttribute("aria-expanded", String(!page.history.hidden));
  if (!page.history.hidden) showHistory();
});
page.older.addEventListener("click", () => addHistory(oldest));

function showHistory() {
  page.entries.replaceChildren();
  return addHistory(undefined);
}

/** @param {number | undefined} before */
async function addHistory(before) {
  const reply = await board.history({ before, limit: 20 });
  if (!reply.ok) return tell(reply.error.message);
  for (const entry of reply.value.entries) {
    const line = document.createElement("li");
    const who = document.createElement("b");
    who.textContent = entry.who;
    line.append(who, ` ${entry.what}`);
    page.entries.append(line);
    oldest = entry.number;
  }
  page.older.hidden = !reply.value.more;
}

function draw() {
  const all = [...notes.values(), ...unsent.values()];
  for (const [id, paper] of papers) {
    if (!notes.has(id) && !unsent.has(id)) {
      paper.remove();
      papers.delete(id);
    }
  }
  for (const note of all) {
    const paper = papers.get(note.id) ?? newPaper(note);
    if (paper.classList.contains("held")) continue;
    put(paper, note);
  }
  page.empty.hidden = all.length > 0 || !me;
}

/** The style sheet keeps it within the board. @param {HTMLElement} paper @param {Note} note */
function put(paper, note) {
  paper.style.setProperty("--x", `${note.x / 10}%`);
  paper.style.setProperty("--y", `${note.y / 10}%`);
}

/** @param {Note} note */
function newPaper(note) {
  const paper = document.createElement("div");
  paper.className = note.id < 0 ? "note unsent" : "note";
  paper.style.setProperty("--paper", `var(--${note.colour})`);
  paper.style.setProperty("--tilt", `${(Math.abs(note.x * 7 + note.y * 3) % 50) / 10 - 2.5}deg`);
  const text = document.createElement("p");
  text.textContent = note.text;
  const author = document.createElement("small");
  author.textContent = note.author;
  paper.append(text, author);
  if (note.id > 0) {
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", `Take down: ${note.text}`);
    remove.addEventListener("click", () => takeDown(note.id));
    paper.append(remove);
    paper.addEventListener("pointerdown", event => hold(event, note.id, paper));
  }
  papers.set(note.id, paper);
  page.board.append(paper);
  return paper;
}

/** @param {number} id */
async function takeDown(id) {
  const note = notes.get(id);
  notes.delete(id);
  draw();
  const reply = await board.remove({ note: id });
  if (reply.ok || reply.error.code === "gone") return;
  if (note) notes.set(id, note);
  draw();
  tell(reply.error.message);
}

/** @param {PointerEvent} event @param {number} id @param {HTMLElement} paper */
function hold(event, id, paper) {
  if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
  const box = page.board.getBoundingClientRect();
  const at = notes.get(id);
  if (!at) return;
  const from = { ...at };
  const offset = { x: event.clientX - box.left - (at.x / 1000) * box.width, y: event.clientY - box.top - (at.y / 1000) * box.height };
  paper.setPointerCapture(event.pointerId);
  paper.classList.add("held");
  /** @param {PointerEvent} event */
  const move = event => {
    const within = (/** @type {number} */ part) => Math.round(Math.min(Math.max(part, 0.03), 0.97) * 1000);
    at.x = within((event.clientX - box.left - offset.x) / box.width);
    at.y = within((event.clientY - box.top - offset.y) / box.height);
    put(paper, at);
  };
  const drop = async () => {
    paper.removeEventListener("pointermove", move);
    paper.classList.remove("held");
    if (at.x === from.x && at.y === from.y) return;
    const reply = await board.moveNote({ note: id, x: at.x, y: at.y });
    if (reply.ok) return;
    if (reply.error.code !== "gone") tell(reply.error.message);
    Object.assign(at, { x: from.x, y: from.y });
    draw();
  };
  paper.addEventListener("pointermove", move);
  paper.addEventListener("pointerup", drop, { once: true });
  paper.addEventListener("pointercancel", drop, { once: true });
}

/** @param {Person[]} people */
function drawPeople(people) {
  page.people.replaceChildren(...people.map(person => {
    const badge = document.createElement("li");
    badge.textContent = person.name.slice(0, 2);
    badge.title = person.name;
    badge.setAttribute("aria-label", person.name);
    badge.style.setProperty("--tint", `hsl(${(person.id * 137) % 360} 45% 42%)`);
    badge.classList.toggle("me", person.id === me?.id);
    return badge;
  }));
}

/** @type {Map<number, { name: string, timer: number }>} */
const writers = new Map();
/** @param {Person} person */
function isWriting(person) {
  clearTimeout(writers.get(person.id)?.timer);
  const timer = setTimeout(() => hasWritten(person.id), WRITING);
  writers.set(person.id, { name: person.name, timer });
  showWriters();
}
/** @param {number} person */
function hasWritten(person) {
  clearTimeout(writers.get(person)?.timer);
  if (writers.delete(person)) showWriters();
}
function showWriters() {
  const names = [...writers.values()].map(writer => writer.name);
  page.writing.textContent = names.length === 0 ? "" : `${names.join(", ")} ${names.length === 1 ? "is" : "are"} writing …`;
}

/** @param {import("./client.js").Board["status"]} status */
function showStatus(status) {
  page.state.dataset.state = status.state;
  page.retry.hidden = status.state !== "waiting";
  switch (status.state) {
    case "connecting": page.state.textContent = "connecting …"; break;
    case "open": page.state.textContent = status.transport === "sse" ? "live, by events" : "live"; break;
    case "waiting": page.state.textContent = "lost; trying again soon"; break;
    case "paused": page.state.textContent = status.why === "offline" ? "offline" : "paused"; break;
    case "closed": page.state.textContent = status.close.kind === "contract" ? "this page is out of date: load it anew" : "closed"; break;
  }
}

/** @type {number | undefined} */
let telling;
/** @param {string} text */
function tell(text) {
  page.told.textContent = text;
  page.told.hidden = false;
  clearTimeout(telling);
  telling = setTimeout(() => { page.told.hidden = true; }, 4000);
}

/** The name in the address, or the one that was given before, or a question. @returns {Promise<string>} */
async function askName() {
  const given = new URLSearchParams(location.search).get("name") ?? sessionStorage.getItem("name");
  if (given) return given;
  page.hello.showModal();
  page.hello.addEventListener("cancel", event => event.preventDefault());
  await new Promise(done => page.hello.addEventListener("close", done, { once: true }));
  const name = page.name.value.trim() || "Somebody";
  sessionStorage.setItem("name", name);
  return name;
}
