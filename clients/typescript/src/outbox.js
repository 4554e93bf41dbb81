import { alarm } from "./clock.js";
import { frame } from "./json.js";
import { fault } from "./reply.js";

/**
 * One frame that goes out: `sent` once it has. A request's can fail, or be done with a reply.
 *
 * @typedef {{
 *   data?: any, size: number, sent?: boolean, more?: object,
 *   fail(code: string): void, done(reply: any): void,
 * }} Item
 */

/**
 * Frames that wait for a connection, in order and bounded, and requests that wait for their replies.
 *
 * @param {any} clock
 * @param {any} options
 * @param {(item: Item, limit: number) => string | undefined} transmit sends it if there is an open line
 */
export function outbox(clock, { queue: { frames = 256, bytes = 1 << 20 } = {}, requestTimeout = 30_000 }, transmit) {
    /** A set keeps the order and lets go of any frame at once.
     * @type {Set<Item>} */
    const queue = new Set();
    /** @type {Map<unknown, Item>} */
    const requests = new Map();
    let last = 0;

    const post = (/** @type {any} */ item) => {
        const how = transmit(item, bytes);
        if (how) return how;
        const { data } = item;
        let held = item.size = new Blob([data]).size;
        for (const { size } of queue) held += size;
        if (queue.size >= frames || held > bytes) return "full";
        // The caller may write into its buffer again before this goes out.
        item.data = data.slice();
        queue.add(item);
        return "queued";
    };
    /**
     * @param {any} item
     * @param {string} type
     * @param {any} payload
     * @param {number} [id]
     */
    const send = (item, type, payload, id) => {
        try {
            item.data = frame(type, payload, id);
        } catch (/** @type {any} */ error) {
            item.more = { message: error.message };
            return "unfit";
        }
        return post(item);
    };

    return {
        post,
        send,
        /**
         * @param {string} type
         * @param {any} [payload]
         * @param {{timeout?: number, signal?: AbortSignal}} [options]
         */
        request: (type, payload, { timeout = requestTimeout, signal } = {}) => new Promise(resolve => {
            const id = ++last;
            const timer = alarm(clock);
            const abort = () => item.fail("aborted");
            /** @type {Item} */
            const item = {
                size: 0,
                done(reply) {
                    requests.delete(id);
                    queue.delete(item);
                    timer();
                    signal?.removeEventListener("abort", abort);
                    resolve(reply);
                },
                fail(code) {
                    item.done({ ok: false, error: fault(code, { sent: !!item.sent, ...item.more }) });
                },
            };
            if (signal?.aborted) return abort();
            const how = send(item, type, payload, id);
            if (!/sent|queued/.test(how)) return item.fail(how === "full" ? "queue_full" : how);
            requests.set(id, item);
            signal?.addEventListener("abort", abort);
            // Beyond 31 bits a timer fires at once.
            if (timeout < 2 ** 31) timer(() => item.fail("no_answer"), timeout);
        }),
        /**
         * Whether the id was ever given out (those with `~` to pings); if so, the reply may merely come too late.
         *
         * @param {any} id
         * @param {any} reply null when it can't be read
         */
        reply(id, reply) {
            const item = requests.get(id);
            if (reply) item?.done(reply);
            else item?.fail("unsafe_integer");
            return id > 0 && id <= last || /^~/.test(id);
        },
        /** @param {(item: Item) => void} transmit */
        flush(transmit) {
            for (const item of queue) {
                queue.delete(item);
                transmit(item);
            }
        },
        /**
         * The line is gone, and with it what was under way; for good: also what would have been sent.
         *
         * @param {boolean} [final]
         */
        lost(final) {
            for (const { sent, fail } of requests.values()) {
                if (sent) fail("disconnected");
                else if (final) fail("closed");
            }
        },
    };
}
