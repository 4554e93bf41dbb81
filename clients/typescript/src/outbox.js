import { alarm } from "./clock.js";
import { frame } from "./json.js";
import { fault } from "./reply.js";

/**
 * One frame that goes out, as `data` or in parts; `sent` once it has. A request's can fail, or be done with a reply.
 *
 * @typedef {{
 *   data?: any, type?: string, payload?: any, id?: number, size?: number, sent?: boolean,
 *   fail?: any, done?: any,
 * }} Item
 */

/**
 * Frames that wait for a connection, in order and bounded, and requests that wait for their replies.
 *
 * @param {any} clock
 * @param {any} options
 * @param {(item: Item, limit: number) => string} transmit sends it if there is an open line
 */
export function outbox(clock, { queue: { frames = 256, bytes = 1 << 20 } = {}, requestTimeout = 30_000 }, transmit) {
    /** A set keeps the order and lets go of any frame at once.
     * @type {Set<Item>} */
    const queue = new Set();
    /** @type {Map<unknown, Item>} */
    const requests = new Map();
    let last = 0;

    const post = (/** @type {Item} */ item) => {
        try {
            item.data ??= frame(item);
        } catch (/** @type {any} */ { message }) {
            item.fail?.("unfit", { message });
            return "unfit";
        }
        const how = transmit(item, bytes);
        if (how) return how;
        let held = item.size = new Blob([item.data]).size;
        for (const { size } of queue) held += /** @type {number} */ (size);
        if (queue.size >= frames || held > bytes) return "full";
        // The caller may write into its buffer again before this goes out.
        item.data = item.data.slice();
        queue.add(item);
        return "queued";
    };

    return {
        post,
        /**
         * @param {string} type
         * @param {any} [payload]
         * @param {{timeout?: number, signal?: AbortSignal}} [options]
         */
        request: (type, payload, { timeout = requestTimeout, signal } = {}) => new Promise(resolve => {
            const id = ++last;
            const timer = alarm(clock);
            const done = (/** @type {any} */ reply) => {
                requests.delete(id);
                queue.delete(item);
                timer();
                signal?.removeEventListener("abort", abort);
                resolve(reply);
            };
            const fail = (/** @type {string} */ code, /** @type {object | void} */ more) =>
                done({ ok: false, error: fault(code, { sent: !!item.sent, ...more }) });
            const abort = () => fail("aborted");
            /** @type {Item} */
            const item = { type, payload, id, done, fail };
            requests.set(id, item);
            if (signal?.aborted) return abort();
            signal?.addEventListener("abort", abort);
            // Beyond 31 bits a timer fires at once.
            if (timeout < 2 ** 31) timer(() => fail("no_answer"), timeout);
            const how = post(item);
            if (how === "full") fail("queue_full");
            if (how === "closed") fail(how);
        }),
        /**
         * Whether the id was ever given out (or is a ping's); if so, the reply may merely come too late.
         *
         * @param {any} id
         * @param {any} reply null when it can't be read
         */
        reply(id, reply) {
            const item = requests.get(id);
            if (reply) item?.done(reply);
            else item?.fail("unsafe_integer");
            return id <= last || id === "~1";
        },
        /** Sends what waits, unless the connection has been closed meanwhile. */
        flush() {
            for (const item of queue) if (transmit(item, Infinity)) queue.delete(item);
        },
        /**
         * The line is gone, and with it what was under way; for good: also what would have been sent.
         *
         * @param {boolean} [final]
         */
        lost(final) {
            for (const { sent, fail } of requests.values()) {
                if (sent || final) fail(sent ? "disconnected" : "closed");
            }
        },
    };
}
