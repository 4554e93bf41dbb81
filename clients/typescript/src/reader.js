/**
 * One `for await` loop over a connection's messages, with a buffer of its own.
 *
 * @param {import("./hub.js").Hub} hub
 * @param {(state: string) => boolean} is whether the connection is in this state
 * @param {number} limit messages that the loop may lag behind
 */
export async function* read({ on, report }, is, limit = 1024) {
    /** @type {any[]} */
    const buffer = [];
    /** @type {((value?: any) => void) | undefined} */
    let wake;
    const stop = on("~message", message => {
        if (message && buffer.push(message) > limit) report("slow_reader", { dropped: buffer.shift() });
        wake?.();
    });
    try {
        while (buffer.length || !is("closed")) {
            if (buffer.length) yield buffer.shift();
            else await new Promise(resolve => { wake = resolve; });
        }
    } finally {
        stop();
    }
}
