import { address } from "./address.js";
import { backoff } from "./backoff.js";
import { alarm } from "./clock.js";
import { describe } from "./close.js";
import { heartbeat } from "./heartbeat.js";
import { hub } from "./hub.js";
import { incoming } from "./incoming.js";
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
    const {
        clock = { now: Date.now, setTimeout, clearTimeout },
        WebSocket = globalThis.WebSocket,
        subprotocols = spec.subprotocols,
        fallbackAfter = 2,
        query,
        reauthenticate,
    } = options;
    const url = address(spec, params, options);
    const events = hub();
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
    /** Of the event stream, from 0 on; far below once a WebSocket has opened. */
    let turn = -fallbackAfter;
    /** Send the frames that stand for the connection.
     * @type {Set<() => void>} */
    const keeps = new Set();

    const is = (/** @type {string} */ state) => status.state === state;
    /**
     * @param {string} state
     * @param {object} more
     * @param {() => void} [first] before listeners are told, so that what they send comes behind what waited
     */
    const set = (state, more, first) => {
        const mine = status = { state, ...more };
        first?.();
        if (mine === status) tell("~status", mine);
        return mine;
    };

    const out = outbox(clock, options, (item, limit) => {
        if (is("closed")) return "closed";
        // A socket that the server has begun to close would swallow it without a word.
        if (is("open") && socket?.readyState === 1) {
            if (socket.bufferedAmount > limit) return "full";
            item.sent = true;
            socket.send(item.data);
            return "sent";
        }
        return "";
    });
    const take = incoming(spec, events, out.reply);
    const post = (/** @type {any} */ data) => out.post({ data });

    const dead = () => lost(1006, "no answer");
    const beats = spec.heartbeat && options.heartbeat !== false ? heartbeat(
        clock,
        options.heartbeat,
        () => socket.send('{"type":"ping","id":"~1"}'),
        dead,
    ) : null;

    const ended = new AbortController();
    const away = page(options, ended, () => {
        const why = away();
        // Maybe another network comes next, with other rules.
        if (why === "offline") turn = -fallbackAfter;
        if (is("open") && why !== "hidden") beats?.probe();
        // Back: at once, unless the server said when.
        if (idle()) (why || status.close.retryAfter ? wait : start)(status.close);
    });
    const idle = () => is("waiting") || is("paused");

    async function start() {
        timer(dead, options.connectTimeout ?? 10_000);
        const mine = set("connecting", { attempt: ++attempt });
        // The event stream's turn: WebSockets have failed, and every third attempt is one again.
        const sse = options.transport === "sse" ||
            options.fallback !== "none" && (!WebSocket || turn >= 0 && turn % 3 < 2);
        try {
            const pairs = typeof query === "function" ? await query() : query;
            const open = sse && (await import("./sse.js")).open;
            if (mine !== status) return;
            turn++;
            const made = socket = open
                ? open(url(pairs), subprotocols, () => alarm(clock), options.fetch)
                : new WebSocket(url(pairs), subprotocols);
            made.binaryType = "arraybuffer";
            const heard = (/** @type {(event: any) => void} */ run) =>
                (/** @type {any} */ event) => made === socket && run(event);
            made.onopen = heard(() => set("open", {
                resumed: openedAt > 0,
                transport: sse ? "sse" : "websocket",
                subprotocol: made.protocol || null,
            }, () => {
                timer();
                openedAt = clock.now();
                if (!sse) turn = -Infinity;
                beats?.start();
                keeps.forEach(renew => renew());
                out.flush();
            }));
            made.onmessage = heard(({ data }) => {
                beats?.alive();
                take(data, heard(text => made.send(text)));
            });
            // What an event stream hears beside messages.
            made.onlife = heard(() => beats?.alive());
            // Some fire nothing else when an attempt fails; elsewhere a close follows, which knows more.
            made.onerror = heard(() => is("connecting") && dead());
            made.onclose = heard(({ code, reason }) => lost(code, reason));
        } catch (/** @type {any} */ cause) {
            if (mine === status) {
                report("connect", { cause });
                lost(1006, cause.message);
            }
        }
    }

    /**
     * Lets go of the socket and all that ran beside it. Waits for no closing handshake: nobody may be there to take
     * part.
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
            old?.close();
        }
    }

    function lost(/** @type {number} */ code, /** @type {string} */ reason) {
        if (is("open") && clock.now() - openedAt >= (options.stableAfter ?? 10_000)) attempt = 0;
        drop();
        const close = describe(code, reason);
        const { kind } = close;
        if (kind === "application") guard(() => { close.retry = !!options.retryOn?.(close); });
        if (kind === "expired") close.retry = !!reauthenticate;
        if (!close.retry) return finish(close);
        out.lost();
        retryAt = clock.now() + (close.retryAfter * 1000 || backoff(attempt, kind, options));
        if (kind !== "expired") return wait(close);
        const mine = set("authenticating", { close });
        guard(async () => {
            let next = finish;
            try {
                if (mine === status && await reauthenticate(close) !== false) next = wait;
            } finally {
                if (mine === status) next(close);
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
        const why = away();
        if (why) {
            if (status.why !== why) set("paused", { why, close });
        } else {
            timer(start, retryAt - clock.now());
            set("waiting", { attempt: attempt + 1, retryAt, close });
        }
    }

    function finish(/** @type {any} */ close) {
        close.retry = false;
        ended.abort();
        set("closed", { close });
        tell("~closed", close);
        tell("~message");
        out.lost(true);
        keeps.clear();
    }

    start();
    return {
        get status() {
            return status;
        },
        closed: new Promise(resolve => on("~closed", resolve)),
        on,
        onStatus: on.bind(null, "~status"),
        onError: on.bind(null, "~error"),
        onText: on.bind(null, "~text"),
        onBytes: on.bind(null, "~bytes"),
        [Symbol.asyncIterator]: () => read(events, is, options.buffer),
        request: out.request,
        send: (/** @type {string} */ type, /** @type {any} */ payload) => out.post({ type, payload }),
        sendText: post,
        sendBytes: post,
        keep(/** @type {string} */ type, /** @type {any} */ payload, /** @type {any} */ listener) {
            // A request, so that its reply is known from others.
            const renew = () => guard(async () => {
                const now = typeof payload === "function" ? payload() : payload;
                const reply = await out.request(type, now, { timeout: Infinity });
                // It is sent again.
                if (!keeps.has(renew) || reply.error?.code === "disconnected") return;
                if (listener) await listener(reply);
                else if (!reply.ok) report("keep", { type, error: reply.error });
            });
            keeps.add(renew);
            if (is("open")) renew();
            return () => keeps.delete(renew);
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
