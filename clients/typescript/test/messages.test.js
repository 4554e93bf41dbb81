import assert from "node:assert/strict";
import test from "node:test";
import { define, ReplyFailed, unwrap } from "../index.js";
import { Board } from "./board.js";
import { fakeSockets, settle, world } from "./fakes.js";

/** A page whose connection is open. */
function open(options, endpoint = Board) {
    const page = world(endpoint, options);
    page.socket.open();
    return page;
}

test("methods, requests and sends have the form of the wire", async () => {
    const { connection, socket } = open();
    connection.add({ text: "x", type: "no", id: 99 });
    connection.typing();
    connection.request("board.add", { text: "y" });
    assert.equal(connection.send("board.typing", {}), "sent");
    connection.request("", { a: 1 });
    assert.deepEqual(socket.sent, [
        '{"type":"board.add","text":"x","id":1}',
        '{"type":"board.typing","id":2}',
        '{"type":"board.add","text":"y","id":3}',
        '{"type":"board.typing"}',
        '{"a":1,"id":4}',
    ]);
});

test("replies find their requests", async () => {
    const { connection, socket, problems, clock } = open();
    const first = connection.add({ text: "x" }), second = connection.typing();
    socket.say({ type: "reply", id: 2, ok: null });
    socket.say({ type: "reply", id: 1, error: { code: "full", message: "no more", data: { max: 3 } } });
    assert.deepEqual(await second, { ok: true, value: null });
    assert.deepEqual(await first, { ok: false, error: { code: "full", message: "no more", data: { max: 3 } } });
    assert.equal(unwrap(await second), null);
    assert.throws(() => unwrap({ ok: false, error: { code: "full", message: "no more", data: { max: 3 } } }), error =>
        error instanceof ReplyFailed && error.code === "full" && error.data.max === 3 && error.message === "no more");
    assert.equal(clock.timers.size, 1, "the heartbeat's alone");
    // Late, without an id, to a ping: nobody's fault. Of an id that never was: told.
    socket.say({ type: "reply", id: 1, ok: null });
    socket.say({ type: "reply", ok: [1] });
    socket.say({ type: "reply", id: "~1", ok: null });
    assert.deepEqual(problems, []);
    socket.say({ type: "reply", id: 3, ok: null });
    socket.say({ type: "reply", id: "x", ok: null });
    assert.deepEqual(problems.map(({ code }) => code), ["unknown_reply", "unknown_reply"]);
});

test("a request waits so long and no longer", async () => {
    const { connection, socket, clock } = open({ requestTimeout: 2000 });
    const replies = [{}, { timeout: 500 }, { timeout: Infinity }].map(options => connection.typing(options));
    await clock.pass(500);
    assert.deepEqual((await replies[1]).error, { code: "no_answer", message: "no answer", sent: true });
    await clock.pass(1500);
    assert.equal((await replies[0]).error.code, "no_answer");
    socket.say({ type: "reply", id: 3, ok: null });
    assert.equal((await replies[2]).ok, true);
});

test("a signal gives a request up", async () => {
    const { connection, socket } = open();
    const abort = new AbortController();
    const reply = connection.add({ text: "x" }, { signal: abort.signal });
    abort.abort();
    assert.deepEqual((await reply).error, { code: "aborted", message: "aborted", sent: true });
    const never = await connection.add({ text: "y" }, { signal: abort.signal });
    assert.deepEqual([never.error.code, never.error.sent], ["aborted", false]);
    assert.equal(socket.sent.length, 1);
});

test("what JSON can't hold is not sent", async () => {
    const { connection, socket } = open();
    const cycle = {};
    cycle.cycle = cycle;
    for (const text of [NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 60), 10n, cycle, [{ deep: NaN }]]) {
        assert.equal(connection.send("board.add", { text }), "unfit");
        const reply = await connection.add({ text });
        assert.equal(reply.error.code, "unfit");
        assert.equal(reply.error.sent, false);
    }
    assert.equal(socket.sent.length, 0);
    for (const text of [2 ** 53 - 1, -(2 ** 53 - 1), 0.1, 1e-9, null, "x"]) {
        assert.equal(connection.send("board.add", { text }), "sent");
    }
});

test("what is sent while there is no line waits, in order", async () => {
    const page = world(Board);
    const { connection } = page;
    assert.equal(connection.send("board.add", { text: "1" }), "queued");
    const request = connection.add({ text: "2" });
    const bytes = new Uint8Array([1, 2]);
    assert.equal(connection.sendBytes(bytes), "queued");
    bytes[0] = 9;
    connection.onStatus(({ state }) => state === "open" && connection.send("board.add", { text: "4" }));
    connection.sendText("3");
    page.socket.open();
    assert.deepEqual(page.socket.sent.map(data => typeof data === "string" ? data : [...data]), [
        '{"type":"board.add","text":"1"}', '{"type":"board.add","text":"2","id":1}', [1, 2], "3",
        '{"type":"board.add","text":"4"}',
    ]);
    page.socket.say({ type: "reply", id: 1, ok: { id: 5, text: "2" } });
    assert.deepEqual(await request, { ok: true, value: { id: 5, text: "2" } });
});

test("the queue is bounded by frames and by bytes", async () => {
    const page = world(Board, { queue: { frames: 2, bytes: 100 } });
    const { connection, clock } = page;
    assert.equal(connection.sendText("€".repeat(33)), "queued");
    assert.equal(connection.sendText("xx"), "full", "bytes of UTF-8 count");
    const request = connection.typing({ timeout: 1000 });
    assert.equal((await request).error.code, "queue_full");
    assert.equal(connection.sendText("x"), "queued");
    assert.equal(connection.sendText(""), "full");
    assert.equal((await connection.typing()).error.code, "queue_full");
    page.socket.open();
    assert.equal(page.socket.sent.length, 2);
    page.socket.lose();
    assert.equal(connection.sendText("x".repeat(100)), "queued", "what was sent takes no room");
    assert.equal(clock.timers.size, 1);
});

test("an open socket that holds back too much takes no more", async () => {
    const { connection, socket } = open({ queue: { bytes: 100 } });
    socket.bufferedAmount = 100;
    assert.equal(connection.sendText("x"), "sent");
    socket.bufferedAmount = 101;
    assert.equal(connection.sendText("x"), "full");
    assert.equal((await connection.typing()).error.code, "queue_full");
});

test("a request that waits in the queue times out or is given up without being sent", async () => {
    const page = world(Board);
    const abort = new AbortController();
    const late = page.connection.add({ text: "1" }, { timeout: 100 });
    const given = page.connection.add({ text: "2" }, { signal: abort.signal });
    abort.abort();
    await page.clock.pass(100);
    for (const reply of [await late, await given]) assert.equal(reply.error.sent, false);
    page.socket.open();
    assert.deepEqual(page.socket.sent, []);
});

test("requests under way are not sent again; those that waited are", async () => {
    const page = open();
    const under = page.connection.add({ text: "1" });
    page.socket.readyState = 2;
    const waits = page.connection.add({ text: "2" });
    page.socket.lose();
    assert.deepEqual((await under).error, { code: "disconnected", message: "disconnected", sent: true });
    await page.clock.pass(100);
    page.socket.open();
    assert.deepEqual(page.socket.sent, ['{"type":"board.add","text":"2","id":2}']);
    page.socket.say({ type: "reply", id: 2, ok: null });
    assert.equal((await waits).ok, true);
});

test("at the final close all requests are answered", async () => {
    const page = open();
    const under = page.connection.typing();
    page.socket.readyState = 2;
    const waits = page.connection.typing();
    page.socket.lose(4409, "the frame `x` is gone");
    assert.equal((await under).error.code, "disconnected");
    assert.equal((await waits).error.code, "closed");
    assert.equal(page.connection.status.close.kind, "contract");
    assert.equal(page.connection.status.close.reason, "the frame `x` is gone");
    assert.deepEqual(page.leaks, { timers: 0, listeners: 0 });
});

test("kept frames go out with each socket, before what waits", async () => {
    const page = world(Board);
    let last = 0;
    const told = [];
    page.connection.sendText("queued");
    const stop = page.connection.keep("board.watch", () => ({ after: last }), reply => told.push(reply));
    page.connection.keep("board.typing", {});
    page.socket.open();
    assert.deepEqual(page.socket.sent, [
        '{"type":"board.watch","after":0,"id":1}', '{"type":"board.typing","id":2}', "queued",
    ]);
    page.socket.say({ type: "reply", id: 1, ok: [1] });
    page.socket.say({ type: "reply", id: 2, error: { code: "denied", message: "no" } });
    await settle();
    assert.deepEqual(told, [{ ok: true, value: [1] }]);
    assert.deepEqual(page.problems, [
        { code: "keep", message: "keep", type: "board.typing", error: { code: "denied", message: "no" } },
    ]);
    last = 7;
    page.connection.sendText("x");
    page.socket.lose();
    await page.clock.pass(100);
    page.socket.open();
    assert.deepEqual(page.socket.sent, ['{"type":"board.watch","after":7,"id":3}', '{"type":"board.typing","id":4}']);
    stop();
    page.socket.lose();
    await page.clock.pass(1000);
    page.socket.open();
    assert.deepEqual(page.socket.sent, ['{"type":"board.typing","id":5}']);
    assert.equal(told.length, 1, "a lost line is no answer");
    page.connection.keep("board.now", { x: 1 });
    assert.equal(page.socket.sent.at(-1), '{"type":"board.now","x":1,"id":6}');
    page.connection.keep("board.now", { x: NaN });
    page.connection.keep("board.now", () => { throw new Error("oops"); });
    await settle();
    assert.deepEqual(page.problems.slice(1).map(({ code, error, cause }) => [code, error?.code ?? cause.message]), [
        ["keep", "unfit"], ["listener", "oops"],
    ].sort((a, b) => page.problems[1].code === a[0] ? -1 : 1));
    page.connection.close();
    await settle();
    assert.equal(page.problems.length, 3);
});

test("what is kept may close the connection while a socket opens", async () => {
    const page = world(Board);
    page.connection.send("board.typing", {});
    page.connection.keep("board.watch", () => page.connection.close(4000));
    page.socket.open();
    await settle();
    assert.deepEqual([page.socket.sent, page.connection.status.state, page.problems], [[], "closed", []]);
    assert.deepEqual(page.leaks, { timers: 0, listeners: 0 });
});

test("messages go to the listeners of their type", async () => {
    const { connection, socket, problems } = open();
    const seen = [];
    const off = connection.on("note.added", message => seen.push(["a", message.note]));
    connection.on("note.added", message => seen.push(["b", message.note]));
    connection.on("message", message => seen.push(["m", message.text]));
    socket.say({ type: "note.added", note: 1 });
    off();
    off();
    socket.say({ type: "note.added", note: 2 });
    socket.say({ text: "plain" });
    socket.say({ type: 7, text: "a number" });
    assert.deepEqual(seen, [["a", 1], ["b", 1], ["b", 2], ["m", "plain"], ["m", "a number"]]);
    assert.deepEqual(problems, []);
    socket.say({ type: "note.new", text: "of a newer server" });
    assert.equal(problems[0].code, "unknown_message");
    assert.equal(seen.length, 5);
});

test("payloads without a declared type may have any other, if the module says so", () => {
    const { connection, socket, problems } = open({}, define({ ...Board.spec, untyped: true }));
    const seen = [];
    connection.on("message", message => seen.push(message));
    socket.say({ type: "whatever" });
    assert.deepEqual(seen, [{ type: "whatever" }]);
    assert.deepEqual(problems, []);
});

test("what does not fit is told and harms nobody", () => {
    const { connection, socket, problems } = open();
    for (const frame of ["", "{", "nonsense", "[1]", "null", "7", '"x"']) socket.say(frame);
    assert.deepEqual([...new Set(problems.map(({ code }) => code))], ["bad_frame"]);
    assert.equal(problems.length, 7);
    assert.equal(problems[1].frame, "{");
    socket.say(new ArrayBuffer(3));
    assert.equal(problems.at(-1).frame.byteLength, 3);
    socket.say({ type: "error", code: "bad_frame", message: "field `x`", data: { x: 1 } });
    const { code, message, error } = problems.at(-1);
    assert.deepEqual([code, message, error.code, error.data.x], ["refused", "field `x`", "bad_frame", 1]);
    assert.equal(connection.status.state, "open");
    socket.say({ constructor: 1, text: "an odd field" });
    assert.equal(problems.at(-1).code, "refused");
});

test("text and bytes have listeners of their own", () => {
    const { connection, socket, problems } = open();
    const texts = [], bytes = [];
    const off = connection.onText(text => texts.push(text));
    connection.onBytes(data => bytes.push(...data));
    socket.say("plain");
    socket.say(new Uint8Array([1, 2]).buffer);
    socket.say('{"text":"x"}');
    assert.deepEqual(texts, ["plain", '{"text":"x"}']);
    assert.deepEqual(bytes, [1, 2]);
    assert.deepEqual(problems, []);
    off();
    socket.say("plain");
    assert.equal(problems[0].code, "bad_frame");
});

test("integers that JavaScript rounds are not delivered", async () => {
    const { connection, socket, problems } = open();
    const seen = [];
    connection.on("message", message => seen.push(message));
    const frames = {
        '{"n":9007199254740993}': false,
        '{"n":-9007199254740993}': false,
        '{"n":[{"m":12345678901234567890}]}': false,
        '{"s":"x","n":9007199254740992}': false,
        '{"n":9007199254740991}': true,
        '{"s":"9007199254740993"}': true,
        '{"s":"a \\" 9007199254740993 \\\\","n":1}': true,
        '{"s":"\\\\","n":9007199254740993}': false,
        '{"9007199254740993":1}': true,
        '{"n":0.12345678901234567890}': true,
        '{"n":12345678901234567890.5}': true,
        '{"n":1e400,"s":"1234567890123456"}': true,
    };
    for (const [text, good] of Object.entries(frames)) {
        const before = [seen.length, problems.length];
        socket.say(text);
        assert.deepEqual([seen.length - before[0], problems.length - before[1]], good ? [1, 0] : [0, 1], text);
    }
    assert.deepEqual([...new Set(problems.map(({ code }) => code))], ["unsafe_integer"]);
    const reply = connection.typing();
    socket.say('{"type":"reply","id":1,"ok":{"id":9007199254740993}}');
    assert.equal((await reply).error.code, "unsafe_integer");
    assert.equal((await reply).error.sent, true);
    socket.say('{"type":"ask","id":"ask-1","question":{"type":"board.confirm","n":9007199254740993}}');
    await settle();
    assert.equal(problems.at(-1).code, "unsafe_integer");
});

test("a long frame of long numbers is read in one go", () => {
    const { connection, socket, problems } = open();
    let seen = 0;
    connection.on("message", () => seen++);
    socket.say(JSON.stringify({ text: `${"\\\"1234567890123456 ".repeat(200_000)}` }));
    assert.equal(seen, 1);
    assert.deepEqual(problems, []);
});

test("who subscribes while listening hears the next message, and who is gone hears none", () => {
    const { connection, socket } = open();
    const heard = [];
    let stop, stopOther;
    const again = () => {
        heard.push("again");
        assert.ok(heard.length < 10, "told the same again and again");
        stop();
        stopOther();
        stop = connection.on("note.added", again);
    };
    stop = connection.on("note.added", again);
    stopOther = connection.on("note.added", () => heard.push("other"));
    socket.say({ type: "note.added" });
    assert.deepEqual(heard, ["again"]);
    socket.say({ type: "note.added" });
    assert.deepEqual(heard, ["again", "again"]);
});

test("a listener that throws harms no other", async () => {
    const { connection, socket, problems } = open();
    const seen = [];
    connection.on("note.added", () => { throw new Error("one"); });
    connection.on("note.added", async () => { throw new Error("two"); });
    connection.on("note.added", message => seen.push(message));
    socket.say({ type: "note.added", note: 1 });
    await settle();
    assert.equal(seen.length, 1);
    assert.deepEqual(problems.map(({ code, cause }) => [code, cause.message]), [
        ["listener", "one"], ["listener", "two"],
    ]);
});

test("without a listener problems are warnings; a listener of problems that throws is one", t => {
    const warn = t.mock.method(console, "warn", () => {});
    const page = world(Board);
    page.connection.onError(() => { throw new Error("worse"); });
    page.socket.open();
    page.socket.say("nonsense");
    assert.equal(warn.mock.callCount(), 1);
    assert.equal(page.problems.length, 1);

    const { sockets, FakeSocket } = fakeSockets();
    const unheard = Board.open({ board: "x" }, { url: "http://host", WebSocket: FakeSocket });
    sockets[0].open();
    sockets[0].say("nonsense");
    assert.equal(warn.mock.callCount(), 2);
    unheard.close();
});

test("loops see all messages from their start to the final close", async () => {
    const { connection, socket } = open();
    const loop = async limit => {
        const seen = [];
        for await (const message of connection) {
            seen.push(message.text);
            if (seen.length === limit) break;
        }
        return seen;
    };
    const all = loop(), two = loop(2);
    socket.say({ text: "1" });
    await settle();
    socket.say({ text: "2" });
    socket.say({ text: "3" });
    assert.deepEqual(await two, ["1", "2"]);
    const late = loop();
    socket.say({ text: "4" });
    connection.close();
    assert.deepEqual(await all, ["1", "2", "3", "4"]);
    assert.deepEqual(await late, ["4"]);
    assert.deepEqual(await loop(), []);
});

test("loops go on over a lost line", async () => {
    const page = open();
    const seen = [];
    const done = (async () => { for await (const { text } of page.connection) seen.push(text); })();
    page.socket.say({ text: "1" });
    page.socket.lose();
    await page.clock.pass(100);
    page.socket.open();
    page.socket.say({ text: "2" });
    page.socket.lose(1000);
    await done;
    assert.deepEqual(seen, ["1", "2"]);
});

test("a loop that lags behind loses the oldest, and is told", async () => {
    const { connection, socket, problems } = open({ buffer: 2 });
    const loop = connection[Symbol.asyncIterator]();
    const first = loop.next();
    for (let text = 0; text < 6; text++) {
        socket.say({ text });
        if (!text) await first;
    }
    assert.deepEqual(problems.map(({ code, dropped }) => [code, dropped.text]), [
        ["slow_reader", 1], ["slow_reader", 2], ["slow_reader", 3],
    ]);
    assert.deepEqual((await loop.next()).value, { text: 4 });
    assert.deepEqual((await loop.next()).value, { text: 5 });
    await loop.return();
    socket.say({ text: 7 });
    assert.equal(problems.length, 3);
});

test("questions are answered", async () => {
    const { connection, socket, problems } = open();
    const ask = async question => {
        socket.say({ type: "ask", id: "ask-1", question });
        await settle();
        return socket.frames.at(-1);
    };
    const question = { type: "board.confirm", text: "sure?" };
    assert.deepEqual(await ask(question), {
        type: "reply", id: "ask-1", error: { code: "unhandled", message: "unhandled" },
    });
    const stop = connection.answer("board.confirm", async ({ text }) => text === "sure?");
    assert.deepEqual(await ask(question), { type: "reply", id: "ask-1", ok: true });
    const stopLater = connection.answer("board.confirm", () => undefined);
    assert.deepEqual(await ask(question), { type: "reply", id: "ask-1", ok: null });
    stopLater();
    assert.deepEqual(await ask(question), { type: "reply", id: "ask-1", ok: true });
    stop();
    connection.answer("board.confirm", () => { throw new ReplyFailed({ code: "busy", message: "not now" }); });
    assert.deepEqual((await ask(question)).error, { code: "busy", message: "not now" });
    connection.answer("board.confirm", () => NaN);
    assert.deepEqual((await ask(question)).error, { code: "failed", message: "failed" });
    connection.answer("board.confirm", () => { throw new Error("a secret"); });
    assert.deepEqual((await ask(question)).error, { code: "failed", message: "failed" });
    assert.deepEqual((await ask(null)).error, { code: "unhandled", message: "unhandled" });
    assert.deepEqual(problems.map(({ code }) => code), ["listener", "listener"]);
});

test("an answer goes to the line that asked, or nowhere", async () => {
    const page = open();
    let answer;
    page.connection.answer("board.confirm", () => new Promise(done => { answer = done; }));
    page.socket.say({ type: "ask", id: "ask-1", question: { type: "board.confirm" } });
    page.socket.lose();
    await page.clock.pass(100);
    page.socket.open();
    answer(true);
    await settle();
    assert.deepEqual(page.sockets.flatMap(({ sent }) => sent), []);
    assert.deepEqual(page.problems, []);
});
