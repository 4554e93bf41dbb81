import assert from "node:assert/strict";
import test from "node:test";
import { define } from "../index.js";
import { Board } from "./board.js";
import { fakeSockets } from "./fakes.js";

/** The address of the first attempt. */
function address(spec, params, options) {
    const { sockets, FakeSocket } = fakeSockets();
    define({ ...Board.spec, contract: "", ...spec }).open(params, { WebSocket: FakeSocket, ...options }).close();
    return [sockets[0].url, sockets[0].protocols];
}

test("bases of all kinds", () => {
    const bases = {
        "https://host": "wss://host/ws/board/main/",
        "http://host:8000/": "ws://host:8000/ws/board/main/",
        "ws://host/base": "ws://host/base/ws/board/main/",
        "wss://host/a/b/?x=1": "wss://host/a/b/ws/board/main/?x=1",
    };
    for (const [url, expected] of Object.entries(bases)) {
        assert.equal(address({}, { board: "main" }, { url })[0], expected);
        assert.equal(address({}, { board: "main" }, { url: new URL(url) })[0], expected);
    }
});

test("the page's origin is the default base, and none is a mistake", t => {
    assert.throws(() => Board.open({ board: "main" }), TypeError);
    globalThis.location = { origin: "https://page:1" };
    t.after(() => delete globalThis.location);
    assert.equal(address({}, { board: "main" })[0], "wss://page:1/ws/board/main/");
    assert.equal(address({}, { board: "main" }, { url: "/api" })[0], "wss://page:1/api/ws/board/main/");
});

test("parameters are encoded", () => {
    const url = "http://h";
    assert.equal(address({}, { board: "a/b ?#%&é+" }, { url })[0], "ws://h/ws/board/a%2Fb%20%3F%23%25%26%C3%A9%2B/");
    assert.equal(address({}, { board: 7 }, { url })[0], "ws://h/ws/board/7/");
    const rest = { path: "/f/{user}/{*rest}" };
    assert.equal(address(rest, { user: "u", rest: "a/b c/d?" }, { url })[0], "ws://h/f/u/a/b%20c/d%3F");
    assert.equal(address(rest, { user: "u", rest: "a..b/.c" }, { url })[0], "ws://h/f/u/a..b/.c");
});

test("parameters that would lead elsewhere throw", () => {
    const bad = (spec, params) =>
        assert.throws(() => address(spec, params, { url: "http://h" }), error => error instanceof TypeError);
    for (const board of [undefined, null, "", ".", ".."]) bad({}, { board });
    bad({}, undefined);
    const rest = { path: "/f/{*rest}" };
    for (const value of ["", "..", "a/../b", "./a", "a/."]) bad(rest, { rest: value });
});

test("the contract, the query and subprotocols", () => {
    const [url, protocols] = address(
        { contract: "contract 1\nframe a.b {x?:integer|null,!}", subprotocols: ["v2", "v1"] },
        { board: "main" },
        { url: "http://h", query: { a: "x y+z", n: 0, off: false, none: undefined, empty: "" } },
    );
    const query = new URL(url).searchParams;
    assert.equal(query.get("_schema"), "contract 1\nframe a.b {x?:integer|null,!}");
    assert.ok(!/[+]/.test(url), "a plus is no space everywhere");
    assert.deepEqual([...query.keys()], ["a", "n", "off", "_schema"]);
    assert.equal(query.get("a"), "x y+z");
    assert.deepEqual(protocols, ["v2", "v1"]);
    const chosen = { url: "http://h", subprotocols: ["v1"] };
    assert.deepEqual(address({ subprotocols: ["v2", "v1"] }, { board: "x" }, chosen)[1], ["v1"]);
});
