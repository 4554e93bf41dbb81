/**
 * One `for await` loop over a connection's messages, with a buffer of its own.
 *
 * @param {import("./hub.js").Hub} hub
 * @param {{status: {state: string}}} connection
 * @param {number} limit messages that the loop may lag behind
 */
export async function* read({ on, report }, connection, limit = 1024) {
    /** @type {any[]} */
    const buffer = [];
    /** @type {(value?: any) => void} */
    let wake = () => {};
    const stops = [
        on("~message", message => {
            if (buffer.push(message) > limit) report("slow_reader", { dropped: buffer.shift() });
            wake();
        }),
        on("~status", () => wake()),
    ];
    try {
        for (;;) {
            while (buffer.length) yield buffer.shift();
            if (connection.status.state === "closed") return;
            await new Promise(resolve => { wake = resolve; });
        }
    } finally {
        stops.forEach(stop => stop());
    }
}
