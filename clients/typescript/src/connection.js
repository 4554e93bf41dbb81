import { address } from "./address.js";
import { backoff } from "./backoff.js";
import { alarm, REAL } from "./clock.js";
import { describe } from "./close.js";
import { heartbeat } from "./heartbeat.js";
import { hub } from "./hub.js";
import { incoming } from "./incoming.js";
import { frame } from "./json.js";
import { outbox } from "./outbox.js";
import { page } from "./page.js";
import { read } from "./reader.js";

/**
 * A connection that heals itself: one socket after the other, with waits and pauses in between, until the final close.
 *
 * @param {any} spec
 * @param {any} params
 * @param {any} options
 * @returns {any}
 */
export function connect(spec, params, options = {}) {
    const { clock = REAL, WebSocket = globalThis.WebSocket, fallbackAfter = 2, query, reauthenticate } = options;
    const subprotocols = options.subprotocols ?? spec.subprotocols ?? [];
    const url = address(spec, params, options);
    const events = hub(spec.name);
    const { on, tell, guard, report } = events;

    /** A new object with each change, so that what comes back late sees that it is late.
     * @type {any} */
    let status;
    /** The one that counts; what others still say is not heard.
     * @type {any} */
    let socket;
    /** Since a connection was last stable. */
    let attempt = 0;
    /** When a socket last opened, if one ever did. */
    let openedAt = 0;
    /** The deadline of an attempt, or the wait for the next: never both. */
    const timer = alarm(clock);
    let retryAt = 0;
    /** Attempts since it is unknown whether WebSockets pass here; far below zero once they do. */
    let turn = 0;
    let pings = 0;
    /** Frames that stand for the connection.
     * @type {Set<any>} */
    const keeps = new Set();

    const is = (/** @type {string} */ state) => status.state === state;
    const set = (/** @type {string} */ state, /** @type {object} */ more) => {
        const mine = status = { state, ...more };
        tell("~status", mine);
        return mine;
    };

    const transmit = (/** @type {any} */ item) => {
        item.sent = true;
        socket.send(item.data);
        return "sent";
    };
    const out = outbox(clock, options, (item, limit) =>
        is("closed") ? "closed"
            // A socket that the server has begun to close would swallow it without a word.
            : !is("open") || socket?.readyState !== 1 ? undefined
            : socket.bufferedAmount > limit ? "full"
            : transmit(item));
    const take = incoming(spec, events, out.reply);
    const post = (/** @type {any} */ data) => out.post({ data });

    /** A request, so that its reply is known from others; its answer when the line is lost is to be sent again. */
    const renew = (/** @type {any} */ keep) => guard(async () => {
        const { type, payload, listener } = keep;
        const reply = await out.request(type, typeof payload === "function" ? payload() : payload, { timeout: Infinity });
        if (!keeps.has(keep) || reply.error?.code === "disconnected") return;
        if (listener) await listener(reply);
        else if (!reply.ok) report("keep", { type, error: reply.error });
    });

    const beats = spec.heartbeat !== false && options.heartbeat !== false ? heartbeat(
        clock,
        options.heartbeat,
        () => socket.send(frame("ping", {}, "~" + ++pings)),
        () => lost(1006, "no answer to a ping"),
    ) : undefined;

    const surroundings = page(options, () => {
        const away = surroundings.offline();
        // Maybe another network comes next, with other rules.
        if (away) turn = 0;
        if (is("open")) return surroundings.hidden() || beats?.probe();
        if (!idle()) return;
        // Back: at once, unless the server said when.
        if (!away && !surroundings.hidden() && !status.close.retryAfter) retryAt = 0;
        wait(status.close);
    });
    const idle = () => is("waiting") || is("paused");

    async function start() {
        timer(() => lost(1006, "connect timeout"), options.connectTimeout ?? 10_000);
        const mine = set("connecting", { attempt: ++attempt });
        // The event stream's turn: WebSockets have failed, and every third attempt is one again.
        const since = turn - fallbackAfter;
        const sse = options.transport === "sse" ||
            options.fallback !== "none" && (!WebSocket || since >= 0 && since % 3 < 2);
        try {
            if (mine !== status) return;
            const pairs = typeof query === "function" ? await query() : query;
            const open = sse && (await import("./sse.js")).open;
            if (mine !== status) return;
            turn++;
            const made = socket = open
                ? open(url(pairs, subprotocols), clock, options.fetch)
                : new WebSocket(url(pairs), subprotocols);
            made.binaryType = "arraybuffer";
            const hear = {
                open: () => opened(sse),
                message(/** @type {any} */ { data }) {
                    beats?.alive();
                    take(data, text => made === socket && made.send(text));
                },
                // What an event stream hears beside messages.
                life: () => beats?.alive(),
                error() {},
                close: (/** @type {any} */ { code, reason }) => lost(code, reason),
            };
            for (const [name, run] of Object.entries(hear)) {
                made["on" + name] = (/** @type {any} */ event) => made === socket && run(event);
            }
        } catch (/** @type {any} */ cause) {
            if (mine !== status) return;
            report("connect", { cause });
            lost(1006, cause.message);
        }
    }

    function opened(/** @type {boolean} */ sse) {
        const mine = status = {
            state: "open",
            resumed: openedAt > 0,
            transport: sse ? "sse" : "websocket",
            subprotocol: socket.protocol || null,
        };
        timer();
        openedAt = clock.now();
        if (!sse) turn = -Infinity;
        beats?.start();
        keeps.forEach(renew);
        out.flush(transmit);
        // Told last, so that what listeners send comes behind what waited.
        if (mine === status) tell("~status", mine);
    }

    /**
     * Lets go of the socket and all that ran beside it. Waits for no closing handshake: nobody may be there to take part.
     *
     * @param {number} [code]
     * @param {string} [reason]
     */
    function drop(code, reason) {
        const old = socket;
        socket = undefined;
        timer();
        beats?.stop();
        try {
            old.close(code, reason);
        } catch {
            // There is none, or the code is one that a page may not send.
            old?.close?.();
        }
    }

    function lost(/** @type {number} */ code, /** @type {string} */ reason) {
        if (is("open") && clock.now() - openedAt >= (options.stableAfter ?? 10_000)) attempt = 0;
        drop();
        const close = describe(code, reason);
        const { kind } = close;
        if (kind === "application") close.retry = !!guard(() => options.retryOn?.(close));
        if (kind === "expired") close.retry = !!reauthenticate;
        if (!close.retry) return finish(close);
        out.lost();
        retryAt = clock.now() + (close.retryAfter * 1000 || backoff(attempt, kind, options));
        if (kind !== "expired") return wait(close);
        const mine = set("authenticating", { close });
        guard(async () => {
            let done = false;
            try {
                done = mine === status && await reauthenticate(close) !== false;
            } finally {
                if (mine === status) done ? wait(close) : finish(close);
            }
        });
    }

    /**
     * Waits for the next attempt, or for the page to come back.
     *
     * @param {any} close
     */
    function wait(close) {
        timer();
        const why = surroundings.why();
        const rest = retryAt - clock.now();
        if (why) {
            if (status.why !== why) set("paused", { why, close });
        } else if (rest > 0) {
            timer(start, rest);
            set("waiting", { attempt: attempt + 1, retryAt, close });
        } else {
            start();
        }
    }

    function finish(/** @type {any} */ close) {
        close.retry = false;
        surroundings.stop();
        set("closed", { close });
        out.lost(true);
        keeps.clear();
    }

    start();
    return {
        get status() {
            return status;
        },
        closed: new Promise(resolve => on("~status", ({ state, close }) => state === "closed" && resolve(close))),
        on,
        onStatus: on.bind(null, "~status"),
        onError: on.bind(null, "~error"),
        onText: on.bind(null, "~text"),
        onBytes: on.bind(null, "~bytes"),
        [Symbol.asyncIterator]() {
            return read(events, this, options.buffer);
        },
        request: out.request,
        send: (/** @type {string} */ type, /** @type {any} */ payload) => out.send({}, type, payload),
        sendText: post,
        sendBytes: post,
        keep(/** @type {string} */ type, /** @type {any} */ payload, /** @type {any} */ listener) {
            const keep = { type, payload, listener };
            keeps.add(keep);
            if (is("open")) renew(keep);
            return () => void keeps.delete(keep);
        },
        answer: (/** @type {string} */ type, /** @type {any} */ handler) => on("?" + type, handler),
        retryNow() {
            if (idle()) start();
            else if (is("open")) beats?.probe();
        },
        close(code = 1000, reason = "") {
            if (is("closed")) return;
            drop(code, reason);
            finish(describe(code, reason));
        },
    };
}
