import assert from "node:assert/strict";
import test from "node:test";
import { WebSocket } from "ws";
import { events } from "../src/sse.js";
import { Board } from "./board.js";
import { settle, world } from "./fakes.js";
import { sseServer } from "./sse-server.js";

const open = (server, options) => Board.open({ board: "main" }, {
    url: server.url,
    WebSocket,
    backoff: { first: 10, max: 50 },
    ...options,
});
const until = (connection, fits) => new Promise(resolve => {
    if (fits(connection.status)) return resolve(connection.status);
    const stop = connection.onStatus(status => fits(status) && (stop(), resolve(status)));
});
const isOpen = ({ state }) => state === "open";
/** Waits until something holds. */
const when = async fits => {
    while (!fits()) await new Promise(resolve => setTimeout(resolve, 5));
};

const limits = { timeout: 30_000 };

/** Answers `board.add`. */
const adds = {
    onFrame({ type, id, text }, session) {
        if (type === "board.add") session.text(JSON.stringify({ type: "reply", id, ok: { id: 1, text } }));
    },
};

test("an event stream is read in whatever pieces it comes", () => {
    const text = ": hi\r\n\r\nevent: open\ndata: é\n\ndata:one\rdata: two\r\n\n\nevent: x\n\n"
        + "data\n\nid: 7\ndata: line\u2028and\u2029end\n\ndata: cut";
    const expected = [["open", "é"], ["message", "one\ntwo"], ["message", ""], ["message", "line\u2028and\u2029end"]];
    const bytes = new TextEncoder().encode(text);
    for (let size = 1; size <= bytes.length; size++) {
        const seen = [];
        const read = events((event, data) => seen.push([event, data]));
        for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
        assert.deepEqual(seen, expected, `pieces of ${size}`);
    }
});

test("where no WebSocket opens, the event stream is next", limits, async t => {
    const server = await sseServer({ ...adds, subprotocol: "v1" });
    t.after(server.stop);
    const board = open(server, { subprotocols: ["v1", "v2"], query: { ticket: "x" } });
    t.after(() => board.close());
    const connecting = [];
    board.onStatus(status => connecting.push(status.state));
    const queued = board.add({ text: "hé" });
    const status = await until(board, isOpen);
    assert.deepEqual(status, { state: "open", resumed: false, transport: "sse", subprotocol: "v1" });
    assert.equal(connecting.filter(state => state === "connecting").length, 2, "after two attempts");
    assert.deepEqual(await queued, { ok: true, value: { id: 1, text: "hé" } });
    const query = new URL(server.log.opens[0], server.url).searchParams;
    assert.equal(query.get("ticket"), "x");
    assert.match(query.get("_schema"), /^contract 1\n/);
    assert.equal(query.get("_subprotocols"), "v1,v2");
});

test("WebSockets are tried again now and then, and trusted once they have worked", async () => {
    const tried = [];
    const page = world(Board, {
        fallback: "sse",
        backoff: { first: 1, max: 1 },
        fetch: async () => {
            tried.push("sse");
            throw new Error("no network");
        },
    });
    /** Lets attempts fail until there were so many. */
    const fail = async count => {
        while (tried.length < count) {
            if (page.connection.status.state === "waiting") await page.clock.pass(1);
            else if (page.socket.readyState === 0) {
                tried.push("websocket");
                page.socket.lose();
            } else await settle();
        }
    };
    await fail(8);
    const [ws, sse] = ["websocket", "sse"];
    assert.deepEqual(tried, [ws, ws, sse, sse, ws, sse, sse, ws]);
    while (page.socket.readyState !== 0) {
        await page.clock.pass(1);
        await settle();
    }
    page.socket.open();
    page.socket.lose();
    tried.length = 0;
    await fail(5);
    assert.deepEqual(tried, [ws, ws, ws, ws, ws]);
    // Another network may have other rules.
    page.offline(true);
    page.offline(false);
    tried.length = 0;
    await fail(4);
    assert.deepEqual(tried, [ws, ws, sse, sse]);
    page.connection.close();
    assert.deepEqual(page.leaks, { timers: 0, listeners: 0 });
});

test("no fallback when it is not wanted", limits, async t => {
    const server = await sseServer();
    t.after(server.stop);
    const board = open(server, { fallback: "none" });
    await until(board, ({ attempt }) => attempt > 5);
    assert.equal(server.log.opens.length, 0);
    board.close();
});

test("frames of all kinds, both ways, in order", limits, async t => {
    const server = await sseServer({
        onFrame(json, session, frame) {
            if (typeof frame === "string") session.text(frame);
            else session.bytes(frame);
        },
    });
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    t.after(() => board.close());
    await until(board, isOpen);
    const seen = [];
    board.onText(text => seen.push(text));
    board.onBytes(bytes => seen.push([...bytes]));
    const sent = ['{"n":1}', '{"n":2}', "plain\ntext", [0, 255, 10], '{"n":3}', "x"];
    for (const frame of sent) {
        if (typeof frame === "string") board.sendText(frame);
        else board.sendBytes(new Uint8Array(frame));
    }
    await when(() => seen.length === sent.length);
    assert.deepEqual(seen, sent);
});

test("a text with a line end that the stream has no room for comes quoted", limits, async t => {
    const server = await sseServer();
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    t.after(() => board.close());
    await until(board, isOpen);
    const heard = [];
    board.onText(text => heard.push(text));
    [...server.sessions.values()][0].raw.write(`event: quoted\ndata: ${JSON.stringify("a\rb\r\nc")}\n\n`);
    await when(() => heard.length);
    assert.deepEqual(heard, ["a\rb\r\nc"]);
});

test("frames that wait go out together", limits, async t => {
    const server = await sseServer();
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    t.after(() => board.close());
    await until(board, isOpen);
    for (let n = 0; n < 100; n++) board.send("board.add", { text: String(n) });
    await when(() => server.log.frames.length === 100);
    assert.deepEqual(server.log.frames.map(frame => JSON.parse(frame).text), [...Array(100).keys()].map(String));
    assert.ok(server.log.posts.length <= 3, `${server.log.posts.length} posts`);
});

test("a busy server is asked again, with the same frames", limits, async t => {
    let busy = 2;
    const server = await sseServer({
        ...adds,
        refuse: ({ method }) => method === "POST" && busy-- > 0
            ? { status: busy ? 429 : 503, headers: { "Retry-After": "0.01" } }
            : null,
    });
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    t.after(() => board.close());
    const replies = await Promise.all(["1", "2", "3"].map(text => board.add({ text })));
    assert.deepEqual(replies.map(({ value }) => value.text), ["1", "2", "3"]);
    assert.equal(server.log.frames.length, 3);
});

test("frames that are too much at once go one by one", limits, async t => {
    const most = 60;
    const server = await sseServer({
        ...adds,
        refuse: ({ method, headers }) =>
            method === "POST" && +headers["content-length"] > most ? { status: 413 } : null,
    });
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    t.after(() => board.close());
    const replies = await Promise.all(["1", "2", "3"].map(text => board.add({ text })));
    assert.deepEqual(replies.map(({ value }) => value?.text), ["1", "2", "3"]);
    board.add({ text: "x".repeat(most) });
    assert.equal((await board.closed).kind, "too_big", "alone it is no smaller");
});

test("the server's close is what counts, not that it no longer takes frames", limits, async t => {
    let posted;
    const server = await sseServer({ refuse: ({ method }) => method === "POST" ? (posted(), { status: 404 }) : null });
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    await until(board, isOpen);
    posted = () => setTimeout(() => {
        for (const session of server.sessions.values()) session.close(4001, "banned");
    }, 100);
    board.send("board.typing", {});
    assert.equal((await board.closed).code, 4001);
    assert.equal(server.log.opens.length, 1);
});

test("cookies go along to other origins, as with a WebSocket", async () => {
    const asked = [];
    world(Board, { transport: "sse", fetch: async (_, { credentials }) => (asked.push(credentials), Promise.reject(Error())) });
    while (!asked.length) await settle();
    assert.deepEqual(asked, ["include"]);
});

test("a session that is gone is opened anew", limits, async t => {
    const server = await sseServer(adds);
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    t.after(() => board.close());
    await until(board, isOpen);
    server.sessions.clear();
    const lost = board.add({ text: "x" });
    assert.equal((await lost).error.code, "disconnected");
    assert.equal((await until(board, ({ state, resumed }) => state === "open" && resumed)).transport, "sse");
    assert.equal((await board.add({ text: "y" })).ok, true);
});

test("the server's close and hint come through", limits, async t => {
    const server = await sseServer();
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    await until(board, isOpen);
    const waits = until(board, ({ state }) => state === "waiting");
    for (const session of server.sessions.values()) session.close(1012, "the server restarts; retry-after=0.1");
    const { close } = await waits;
    assert.deepEqual([close.kind, close.retryAfter], ["restart", 0.1]);
    await until(board, isOpen);
    for (const session of server.sessions.values()) session.close(4409, "another contract");
    assert.equal((await board.closed).kind, "contract");
});

test("a stream that breaks is a lost line", limits, async t => {
    const server = await sseServer();
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    t.after(() => board.close());
    await until(board, isOpen);
    for (const session of server.sessions.values()) session.raw.destroy();
    assert.equal((await until(board, ({ state }) => state === "waiting")).close.kind, "lost");
    await until(board, ({ state, resumed }) => state === "open" && resumed);
});

test("refusals have their statuses, and Retry-After is obeyed", limits, async t => {
    let refusal = { status: 503, headers: { "Retry-After": "2" } };
    const server = await sseServer({ refuse: () => refusal });
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    const { close } = await until(board, ({ state }) => state === "waiting");
    assert.deepEqual([close.code, close.reason, close.retryAfter], [1006, "status 503; retry-after=2", 2]);
    refusal = { status: 401 };
    board.retryNow();
    assert.equal((await board.closed).kind, "expired");
});

test("a page in the stream's place is a lost line", limits, async t => {
    const server = await sseServer({ refuse: () => ({ status: 200, headers: { "Content-Type": "text/html" } }) });
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    t.after(() => board.close());
    assert.equal((await until(board, ({ state }) => state === "waiting")).close.reason, "status 200");
});

test("close sends what waits, then says goodbye", limits, async t => {
    const server = await sseServer();
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    await until(board, isOpen);
    for (let n = 0; n < 3; n++) board.send("board.add", { text: "x" });
    board.close(4001, "bye é");
    await when(() => server.log.closes.length);
    assert.equal(server.log.frames.length, 3);
    assert.deepEqual(server.log.closes, ["4001 bye%20%C3%A9"]);
    await when(() => server.log.streams === 0);
});

test("a reason that can't be sent is no error", limits, async t => {
    const server = await sseServer();
    t.after(server.stop);
    const board = open(server, { transport: "sse" });
    await until(board, isOpen);
    board.close(4001, "\ud800");
    await when(() => server.log.streams === 0);
});

test("a heartbeat goes over POSTs, and comments prove life", limits, async t => {
    const server = await sseServer();
    t.after(server.stop);
    const board = open(server, { transport: "sse", heartbeat: { idle: 60, deadline: 5000 } });
    t.after(() => board.close());
    await until(board, isOpen);
    await when(() => server.log.frames.some(frame => JSON.parse(frame).type === "ping"));
    assert.equal(board.status.state, "open");
});

test("without a WebSocket class the event stream is first", limits, async t => {
    const server = await sseServer(adds);
    t.after(server.stop);
    const board = open(server, { WebSocket: null });
    t.after(() => board.close());
    assert.equal((await board.add({ text: "x" })).ok, true);
    assert.equal(board.status.transport, "sse");
});
