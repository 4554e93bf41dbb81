import { fault } from "./reply.js";

/**
 * Listeners by name: messages under their types, the connection's own things under names that begin with `~`.
 *
 * @typedef {ReturnType<typeof hub>} Hub
 */
export function hub() {
    /** Entries of their own, so that one function may stand in here twice.
     * @type {Set<[string, (value: any) => any]>} */
    const all = new Set();

    /**
     * @param {string} code
     * @param {object} [more]
     */
    const report = (code, more) => {
        const problem = fault(code, more);
        tell("~error", problem) || console.warn(problem);
    };

    /** What a page's function threw, or its promise. */
    const failed = (/** @type {any} */ cause) => report("listener", { cause });

    /**
     * Runs a page's function, at once; it harms nobody else when it throws, then or later.
     *
     * @param {() => any} run
     */
    const guard = async (run, report = failed) => {
        try {
            await run();
        } catch (cause) {
            report(cause);
        }
    };

    /**
     * Whether anybody was told.
     *
     * @param {string} name
     * @param {any} [value]
     */
    const tell = (name, value) => {
        let heard = false;
        // A copy: who subscribes while listening is not told the same, and again, without an end.
        for (const [wanted, listener] of [...all]) {
            if (wanted !== name) continue;
            heard = true;
            // A listener of problems that has one itself is not told of it.
            guard(() => listener(value), name === "~error" ? console.warn : failed);
        }
        return heard;
    };

    return {
        /**
         * @param {string} name
         * @param {(value: any) => any} listener
         */
        on(name, listener) {
            /** @type {[string, (value: any) => any]} */
            const entry = [name, listener];
            all.add(entry);
            return () => {
                // Without its name it is passed over where others are being told just now.
                entry.shift();
                all.delete(entry);
            };
        },
        /** The listener that came last.
         * @param {string} name */
        last: name => [...all].findLast(([wanted]) => wanted === name)?.[1],
        tell,
        guard,
        report,
    };
}
