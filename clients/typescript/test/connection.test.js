import assert from "node:assert/strict";
import test from "node:test";
import { Board } from "./board.js";
import { settle, world } from "./fakes.js";

test("the first open is told from later ones", async () => {
    const { connection, clock, sockets, statuses } = world(Board);
    assert.deepEqual(connection.status, { state: "connecting", attempt: 1 });
    sockets[0].open("v2");
    assert.deepEqual(connection.status, { state: "open", resumed: false, transport: "websocket", subprotocol: "v2" });
    sockets[0].lose();
    await clock.pass(100);
    sockets[1].open();
    assert.equal(connection.status.resumed, true);
    assert.equal(connection.status.subprotocol, null);
    assert.deepEqual(statuses.map(({ state }) => state), ["open", "waiting", "connecting", "open"]);
});

test("an attempt that fails without a close, as in some engines, has failed at once", async () => {
    const { connection, socket } = world(Board);
    socket.onerror({});
    assert.equal(connection.status.state, "waiting");
    assert.equal(connection.status.close.kind, "lost");
});

test("an error of an open line waits for the close, which knows more", async () => {
    const { connection, socket } = world(Board);
    socket.open();
    socket.onerror({});
    assert.equal(connection.status.state, "open");
    socket.onclose({ code: 1013, reason: "too slow" });
    assert.equal(connection.status.close.kind, "slow");
});

test("waits double, have full jitter, and end at the maximum", async () => {
    for (const random of [0, 0.25, 0.999]) {
        const page = world(Board, { random: () => random });
        const waits = [];
        for (let attempt = 1; attempt <= 12; attempt++) {
            page.socket.lose();
            const { retryAt } = page.connection.status;
            waits.push(retryAt - page.clock.time);
            assert.equal(page.connection.status.attempt, attempt + 1);
            await page.clock.pass(waits.at(-1));
        }
        waits.forEach((wait, failed) => {
            const bound = Math.min(30_000, 100 * 2 ** (failed + 1));
            assert.ok(Math.abs(wait - random * bound) < 0.001, `${failed}: ${wait}`);
        });
    }
});

test("the bounds of the waits are options", async () => {
    const page = world(Board, { backoff: { first: 8, max: 20 } });
    page.socket.lose();
    assert.equal(page.connection.status.retryAt - page.clock.time, 8);
    await page.clock.pass(8);
    page.socket.lose();
    assert.equal(page.connection.status.retryAt - page.clock.time, 10);
});

test("a server that accepts and closes is not hammered; one that stayed open is tried soon", async () => {
    const page = world(Board);
    const wait = async lasting => {
        page.socket.open();
        page.clock.time += lasting;
        page.socket.lose();
        const wait = page.connection.status.retryAt - page.clock.time;
        await page.clock.pass(wait);
        return wait;
    };
    assert.equal(await wait(100), 100);
    assert.equal(await wait(100), 200);
    assert.equal(await wait(9_999), 400);
    assert.equal(await wait(10_000), 50);
    assert.equal(await wait(0), 100);
});

test("the server's hint is obeyed exactly", async () => {
    const page = world(Board, { random: () => 1 });
    page.socket.open();
    page.socket.lose(1012, "the server restarts; retry-after=1.8");
    const { close, retryAt } = page.connection.status;
    assert.deepEqual(close, {
        code: 1012, reason: "the server restarts; retry-after=1.8", kind: "restart", retry: true, retryAfter: 1.8,
    });
    assert.equal(retryAt - page.clock.time, 1800);
    await page.clock.pass(1799);
    assert.equal(page.sockets.length, 1);
    await page.clock.pass(1);
    assert.equal(page.sockets.length, 2);
});

test("a page that comes back does not come before the server wants it", async () => {
    const page = world(Board);
    page.socket.open();
    page.socket.lose(1012, "retry-after=5.0");
    page.hide(true);
    assert.equal(page.connection.status.why, "hidden");
    await page.clock.pass(2000);
    page.hide(false);
    assert.equal(page.connection.status.state, "waiting");
    await page.clock.pass(2999);
    assert.equal(page.sockets.length, 1);
    await page.clock.pass(1);
    assert.equal(page.sockets.length, 2);
});

test("a hint that no timer holds is cut", () => {
    const page = world(Board);
    page.socket.lose(1012, "retry-after=99999999999");
    assert.equal(page.connection.status.retryAt - page.clock.time, 999_999_000);
});

test("a crash or a full queue costs a second in any case", () => {
    for (const code of [1011, 1013]) {
        const page = world(Board);
        page.socket.open();
        page.socket.lose(code);
        assert.equal(page.connection.status.retryAt - page.clock.time, 1100);
    }
});

test("an attempt has a deadline", async () => {
    const page = world(Board);
    await page.clock.pass(9_999);
    assert.equal(page.connection.status.state, "connecting");
    await page.clock.pass(1);
    assert.equal(page.connection.status.state, "waiting");
    assert.ok(page.sockets[0].closed);
    // What the old one still says is not heard.
    page.sockets[0].open();
    assert.equal(page.connection.status.state, "waiting");
});

test("close codes decide who comes back", async () => {
    const expected = {
        1000: ["normal", false], 1001: ["restart", true], 1002: ["protocol", false], 1003: ["protocol", false],
        1005: ["lost", true], 1006: ["lost", true], 1007: ["protocol", false], 1008: ["policy", false],
        1009: ["too_big", false], 1010: ["protocol", false], 1011: ["crashed", true], 1012: ["restart", true],
        1013: ["slow", true], 1014: ["lost", true], 4401: ["expired", false], 4409: ["contract", false],
        3000: ["application", false], 4999: ["application", false],
    };
    for (const [code, [kind, retry]] of Object.entries(expected)) {
        const page = world(Board);
        page.socket.open();
        page.socket.lose(+code, "why");
        assert.equal(page.connection.status.state, retry ? "waiting" : "closed", code);
        assert.deepEqual(page.connection.status.close, { code: +code, reason: "why", kind, retry });
        if (!retry) {
            assert.deepEqual(await page.connection.closed, page.connection.status.close);
            assert.deepEqual(page.leaks, { timers: 0, listeners: 0 });
        }
        page.connection.close();
    }
});

test("the application's own codes come back when it says so", async () => {
    const asked = [];
    const page = world(Board, { retryOn: close => asked.push(close.code) && close.code === 4001 });
    page.socket.open();
    page.socket.lose(4001, "later");
    assert.equal(page.connection.status.state, "waiting");
    assert.equal(page.connection.status.close.retry, true);
    await page.clock.pass(10_000);
    page.socket.open();
    page.socket.lose(4002);
    assert.equal(page.connection.status.state, "closed");
    assert.deepEqual(asked, [4001, 4002]);

    const bad = world(Board, { retryOn() { throw new Error("oops"); } });
    bad.socket.open();
    bad.socket.lose(4001);
    assert.equal(bad.connection.status.state, "closed");
    assert.equal(bad.problems[0].code, "listener");
});

test("an expired connection comes back once it has logged in anew", async () => {
    let login;
    const page = world(Board, { reauthenticate: close => new Promise((...done) => { login = { close, done }; }) });
    page.socket.open();
    page.socket.lose(4401, "the session is over");
    assert.equal(page.connection.status.state, "authenticating");
    assert.equal(login.close.code, 4401);
    await page.clock.pass(60_000);
    assert.equal(page.sockets.length, 1);
    login.done[0]();
    await page.clock.pass(1000);
    assert.equal(page.sockets.length, 2);
    page.socket.open();
    assert.equal(page.connection.status.resumed, true);

    for (const fail of ["reject", "false"]) {
        page.socket.lose(4401);
        await settle();
        if (fail === "reject") {
            login.done[1](new Error("wrong password"));
            await settle();
            assert.equal(page.connection.status.state, "closed");
            assert.equal(page.connection.status.close.retry, false);
            assert.equal(page.problems[0].cause.message, "wrong password");
        }
    }
    const other = world(Board, { reauthenticate: () => false });
    other.socket.open();
    other.socket.lose(4401);
    await settle();
    assert.equal(other.connection.status.state, "closed");
    assert.deepEqual(other.leaks, { timers: 0, listeners: 0 });
});

test("a close while it logs in is final", async () => {
    let login;
    const page = world(Board, { reauthenticate: () => new Promise(done => { login = done; }) });
    page.socket.open();
    page.socket.lose(4401);
    page.connection.close();
    login();
    await page.clock.pass(60_000);
    assert.equal(page.connection.status.state, "closed");
    assert.equal(page.sockets.length, 1);
});

test("a hidden page waits, and comes back at once", async () => {
    const page = world(Board);
    page.socket.open();
    page.hide(true);
    await page.clock.pass(1000);
    assert.equal(page.connection.status.state, "open", "an open socket stays");
    page.socket.lose();
    assert.deepEqual({ ...page.connection.status, close: 0 }, { state: "paused", why: "hidden", close: 0 });
    await page.clock.pass(3_600_000);
    assert.equal(page.sockets.length, 1);
    assert.equal(page.clock.timers.size, 0);
    page.hide(false);
    assert.equal(page.sockets.length, 2);
});

test("hiding pauses a wait, unless told not to", async () => {
    const page = world(Board);
    page.socket.lose();
    page.hide(true);
    assert.equal(page.connection.status.state, "paused");
    page.hide(true);
    assert.equal(page.statuses.filter(({ state }) => state === "paused").length, 1);

    const eager = world(Board, { document: null });
    eager.socket.lose();
    eager.hide(true);
    assert.equal(eager.connection.status.state, "waiting");
    await eager.clock.pass(100);
    assert.equal(eager.sockets.length, 2);
});

test("an offline browser waits, and comes back at once", async () => {
    const page = world(Board);
    page.socket.lose();
    page.offline(true);
    assert.equal(page.connection.status.why, "offline");
    await page.clock.pass(3_600_000);
    assert.equal(page.sockets.length, 1);
    page.hide(true);
    assert.equal(page.connection.status.why, "hidden");
    page.hide(false);
    assert.equal(page.connection.status.why, "offline");
    page.offline(false);
    assert.equal(page.sockets.length, 2);
});

test("a page out of the cache or the freezer tries at once", async () => {
    for (const name of ["pageshow", "resume"]) {
        const page = world(Board, { random: () => 1 });
        for (let i = 0; i < 5; i++) {
            page.socket.lose();
            if (i < 4) await page.clock.pass(page.connection.status.retryAt - page.clock.time);
        }
        (name === "resume" ? page.document : page.window).tell(name);
        assert.equal(page.sockets.length, 6);
    }
});

test("retryNow does not wait", async () => {
    const page = world(Board);
    page.socket.lose(1012, "retry-after=20.0");
    page.connection.retryNow();
    assert.equal(page.sockets.length, 2);
    page.connection.retryNow();
    assert.equal(page.sockets.length, 2, "an attempt is under way");
    page.socket.open();
    page.connection.retryNow();
    assert.equal(page.socket.frames.at(-1).type, "ping");
});

test("a silent line is asked, and dropped when it does not answer", async () => {
    const page = world(Board, { queue: { frames: 10 } });
    page.socket.open();
    await page.clock.pass(29_999);
    assert.deepEqual(page.socket.frames, []);
    await page.clock.pass(1);
    assert.deepEqual(page.socket.frames, [{ type: "ping", id: "~1" }]);
    page.socket.say({ type: "reply", id: "~1", ok: null });
    await page.clock.pass(9_999);
    assert.equal(page.socket.frames.length, 1);
    await page.clock.pass(40_000);
    assert.equal(page.sockets.length, 2, "dropped without waiting for a handshake");
    assert.ok(page.sockets[0].closed);
    const lost = page.statuses.find(({ state }) => state === "waiting");
    assert.equal(lost.close.kind, "lost");
    assert.deepEqual(page.problems, []);
});

test("any frame proves life", async () => {
    const page = world(Board);
    page.socket.open();
    for (let i = 0; i < 10; i++) {
        await page.clock.pass(20_000);
        page.socket.say({ type: "note.added", note: {} });
    }
    assert.deepEqual(page.socket.frames, []);
    await page.clock.pass(30_000);
    assert.equal(page.socket.frames.length, 1);
    page.socket.say({ type: "note.added", note: {} });
    await page.clock.pass(25_000);
    assert.equal(page.connection.status.state, "open");
});

test("a machine that slept asks at once and waits little", async () => {
    const page = world(Board);
    page.socket.open();
    await page.clock.pass(5_000);
    await page.clock.sleep(3_600_000);
    assert.equal(page.socket.frames.length, 1);
    await page.clock.pass(5_000);
    assert.equal(page.sockets[0].closed !== null, true);
});

test("an answer that was held up with the timer still counts", async () => {
    const page = world(Board);
    page.socket.open();
    await page.clock.pass(30_000);
    await page.clock.sleep(100_000);
    assert.equal(page.socket.frames.length, 2, "the deadline was late, so it asks again");
    assert.equal(page.connection.status.state, "open");
    page.socket.say({ type: "reply", id: "~1", ok: null });
    await page.clock.pass(10_000);
    assert.equal(page.connection.status.state, "open");
    // But not for ever: throttled timers are always late.
    await page.clock.pass(30_000);
    await page.clock.sleep(60_000);
    await page.clock.sleep(60_000);
    assert.notEqual(page.sockets[0].closed, null);
});

test("a clock that goes back stops no heartbeat", async () => {
    const page = world(Board);
    page.socket.open();
    await page.clock.pass(5_000);
    const [[, timer]] = page.clock.timers;
    page.clock.time -= 3_600_000;
    timer.at -= 3_600_000;
    await page.clock.pass(40_000);
    assert.equal(page.socket.frames.length, 1);
});

test("an open line is asked when the page or the network comes back", async () => {
    const page = world(Board);
    page.socket.open();
    page.hide(true);
    assert.equal(page.socket.frames.length, 0);
    page.hide(false);
    assert.equal(page.socket.frames.length, 1);
    page.offline(true);
    assert.equal(page.socket.frames.length, 2);
    await page.clock.pass(5_000);
    assert.equal(page.connection.status.why, "offline");
});

test("no heartbeat where the server answers none, or by option", async () => {
    const { define } = await import("../index.js");
    const page = world(define({ ...Board.spec, heartbeat: false }));
    const off = world(Board, { heartbeat: false });
    for (const { socket, clock, connection } of [page, off]) {
        socket.open();
        await clock.pass(600_000);
        assert.deepEqual(socket.sent, []);
        assert.equal(connection.status.state, "open");
    }
});

test("close leaves nothing behind, whatever goes on", async () => {
    const states = {
        connecting: () => {},
        open: page => page.socket.open(),
        waiting: page => page.socket.lose(),
        paused: page => {
            page.socket.lose();
            page.hide(true);
        },
    };
    for (const [state, reach] of Object.entries(states)) {
        const page = world(Board);
        const signal = new AbortController().signal;
        reach(page);
        assert.equal(page.connection.status.state, state);
        const request = page.connection.add({ text: "x" }, { signal });
        page.connection.keep("board.typing", {});
        page.connection.close(4000, "bye");
        assert.deepEqual(page.connection.status, {
            state: "closed", close: { code: 4000, reason: "bye", kind: "application", retry: false },
        });
        assert.equal((await request).ok, false);
        assert.deepEqual(page.leaks, { timers: 0, listeners: 0 });
        if (/open|connecting/.test(state)) assert.deepEqual(page.socket.closed, { code: 4000, reason: "bye" });
        page.connection.close();
        page.connection.retryNow();
        page.hide(false);
        await page.clock.pass(600_000);
        assert.equal(page.sockets.length, 1);
        assert.equal(page.connection.status.close.code, 4000);
    }
});

test("calls after close answer closed and never throw", async () => {
    const page = world(Board);
    page.connection.close(1234);
    const { connection } = page;
    assert.equal(connection.send("board.typing", {}), "closed");
    assert.equal(connection.sendText("x"), "closed");
    assert.equal(connection.sendBytes(new Uint8Array(1)), "closed");
    const reply = await connection.typing();
    assert.equal(reply.error.code, "closed");
    assert.equal(reply.error.sent, false);
    connection.keep("board.typing", {})();
    connection.answer("board.confirm", () => true)();
    connection.on("note.added", () => {})();
    for await (const _ of connection) assert.fail("nothing comes");
    assert.equal((await connection.closed).code, 1234);
});

test("a listener that closes is obeyed at once", async () => {
    for (const at of ["waiting", "open", "connecting", "authenticating"]) {
        let logins = 0;
        const page = world(Board, { reauthenticate: () => { logins++; } });
        page.connection.onStatus(({ state }) => state === at && page.connection.close());
        page.socket.open();
        if (at !== "open") page.socket.lose(at === "authenticating" ? 4401 : 1006);
        await page.clock.pass(60_000);
        assert.equal(page.connection.status.state, "closed", at);
        assert.equal(page.sockets.length, 1);
        assert.equal(logins, 0);
        assert.deepEqual(page.leaks, { timers: 0, listeners: 0 }, at);
    }
});

test("the query is asked for before each attempt", async () => {
    let tickets = 0;
    const page = world(Board, { query: async () => ({ ticket: `a b&${++tickets}`, none: null }) });
    assert.equal(page.sockets.length, 0);
    await settle();
    const schema = "_schema=contract%201%0Aframe%20board.typing%20%7B%7D";
    assert.equal(page.socket.url, `wss://host/ws/board/main/?ticket=a%20b%261&${schema}`);
    page.socket.lose();
    await page.clock.pass(200);
    assert.equal(page.socket.url, `wss://host/ws/board/main/?ticket=a%20b%262&${schema}`);
});

test("a query that fails is an attempt that failed", async () => {
    const page = world(Board, { query: async () => { throw new Error("no ticket"); } });
    await settle();
    assert.equal(page.connection.status.close.reason, "no ticket");
    assert.equal(page.connection.status.state, "waiting");
    assert.equal(page.problems[0].code, "connect");
    page.connection.close();
    assert.deepEqual(page.leaks, { timers: 0, listeners: 0 });
});

test("a query that hangs meets the deadline, and one that comes late opens nothing", async () => {
    let answer;
    const page = world(Board, { query: () => new Promise(done => { answer = done; }) });
    await page.clock.pass(10_000);
    assert.equal(page.connection.status.state, "waiting");
    answer({});
    await settle();
    assert.equal(page.sockets.length, 0);
    const closed = world(Board, { query: () => new Promise(done => { answer = done; }) });
    closed.connection.close();
    answer({});
    await settle();
    assert.equal(closed.sockets.length, 0);
});

test("a class that throws is an attempt that failed", async () => {
    const page = world(Board, { WebSocket: class { constructor() { throw new Error("mixed content"); } } });
    await settle();
    assert.equal(page.connection.status.state, "waiting");
    assert.equal(page.connection.status.close.reason, "mixed content");
});
