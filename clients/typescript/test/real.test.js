import assert from "node:assert/strict";
import { createServer } from "node:http";
import net from "node:net";
import test from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { Board } from "./board.js";

/** A server that answers pings and adds notes. */
async function serve(port = 0) {
    const http = createServer();
    const sockets = new Set();
    const seen = [];
    const server = new WebSocketServer({ server: http });
    server.on("connection", (socket, request) => {
        sockets.add(socket);
        seen.push(request.url);
        socket.on("close", () => sockets.delete(socket));
        socket.on("message", (data, binary) => {
            if (binary) return socket.send(data, { binary });
            const { type, id, text } = JSON.parse(data);
            if (type === "ping") socket.send(JSON.stringify({ type: "reply", id, ok: null }));
            if (type === "board.add") {
                socket.send(JSON.stringify({ type: "note.added", note: { id: 1, text } }));
                if (id) socket.send(JSON.stringify({ type: "reply", id, ok: { id: 1, text } }));
            }
        });
    });
    await new Promise(resolve => http.listen(port, "127.0.0.1", resolve));
    return {
        sockets, seen,
        port: http.address().port,
        kill: () => new Promise(resolve => {
            for (const socket of sockets) socket.terminate();
            server.close();
            http.close(resolve);
            http.closeAllConnections();
        }),
    };
}

const open = (port, options) => Board.open({ board: "main" }, {
    url: `http://127.0.0.1:${port}`,
    WebSocket,
    fallback: "none",
    backoff: { first: 10, max: 50 },
    ...options,
});

/** Waits for a status, which may be there already. */
export const until = (connection, fits) => new Promise(resolve => {
    if (fits(connection.status)) return resolve(connection.status);
    const stop = connection.onStatus(status => {
        if (!fits(status)) return;
        stop();
        resolve(status);
    });
});
const isOpen = ({ state }) => state === "open";
const isResumed = ({ state, resumed }) => state === "open" && resumed;

test("a request, a message, bytes and the close over a real socket", { timeout: 30_000 }, async t => {
    const server = await serve();
    t.after(server.kill);
    const board = open(server.port);
    const note = new Promise(resolve => board.on("note.added", resolve));
    assert.deepEqual(await board.add({ text: "hé" }), { ok: true, value: { id: 1, text: "hé" } });
    assert.equal((await note).note.text, "hé");
    const bytes = new Promise(resolve => board.onBytes(resolve));
    board.sendBytes(new Uint8Array([1, 2, 3]));
    assert.deepEqual([...await bytes], [1, 2, 3]);
    assert.match(server.seen[0], /^\/ws\/board\/main\/\?_schema=contract%201%0A/);
    const [socket] = server.sockets;
    const closed = new Promise(resolve => socket.on("close", (code, reason) => resolve([code, String(reason)])));
    board.close(4002, "done");
    assert.deepEqual(await closed, [4002, "done"]);
    assert.equal((await board.closed).code, 4002);
});

test("a server that is killed and started again is found again", { timeout: 30_000 }, async t => {
    let server = await serve();
    const board = open(server.port);
    t.after(() => board.close());
    await until(board, isOpen);
    await server.kill();
    await until(board, ({ state }) => state === "waiting");
    const queued = board.add({ text: "queued" });
    server = await serve(server.port);
    t.after(server.kill);
    await until(board, isResumed);
    assert.equal((await queued).ok, true);
});

test("a line that is cut is mended, and what was under way is answered", { timeout: 30_000 }, async t => {
    const server = await serve();
    t.after(server.kill);
    const board = open(server.port);
    t.after(() => board.close());
    await until(board, isOpen);
    const under = board.request("board.never", {});
    await board.add({ text: "behind it" });
    for (const socket of server.sockets) socket._socket.destroy();
    assert.equal((await under).error.code, "disconnected");
    await until(board, isResumed);
    assert.equal((await board.add({ text: "x" })).ok, true);
});

test("a server's close code ends it", { timeout: 30_000 }, async t => {
    const server = await serve();
    t.after(server.kill);
    const board = open(server.port);
    await until(board, isOpen);
    for (const socket of server.sockets) socket.close(4409, "the frame `board.add` is gone");
    assert.deepEqual(await board.closed, {
        code: 4409, reason: "the frame `board.add` is gone", kind: "contract", retry: false,
    });
});

test("a frozen line is noticed", { timeout: 30_000 }, async t => {
    const server = await serve();
    t.after(server.kill);
    // Something between that can stop passing on, as a network does.
    let frozen = false;
    const pipes = new Set();
    const proxy = net.createServer(near => {
        const far = net.connect(server.port, "127.0.0.1");
        for (const [from, to] of [[near, far], [far, near]]) {
            from.on("data", data => frozen || to.write(data));
            from.on("error", () => {});
            from.on("close", () => frozen || to.destroy());
            pipes.add(from);
        }
    });
    await new Promise(resolve => proxy.listen(0, "127.0.0.1", resolve));
    t.after(() => {
        for (const pipe of pipes) pipe.destroy();
        proxy.close();
    });
    const board = open(proxy.address().port, { heartbeat: { idle: 100, deadline: 200 } });
    t.after(() => board.close());
    await until(board, isOpen);
    await board.add({ text: "x" });
    frozen = true;
    const { close } = await until(board, ({ state }) => state === "waiting");
    assert.equal(close.kind, "lost");
    frozen = false;
    await until(board, isResumed);
    assert.equal((await board.add({ text: "x" })).ok, true);
});

test("nobody there: it keeps trying", { timeout: 30_000 }, async t => {
    const { port, kill } = await serve();
    await kill();
    const board = open(port);
    t.after(() => board.close());
    await until(board, ({ attempt }) => attempt >= 4);
    assert.equal(board.status.close?.code ?? 1006, 1006);
});
