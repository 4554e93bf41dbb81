import { encode, unsafe } from "./json.js";
import { fault } from "./reply.js";

/**
 * Takes what arrives to those who wait for it.
 *
 * @param {any} spec
 * @param {import("./hub.js").Hub} hub
 * @param {(id: any, reply: any) => boolean} settle takes a reply, null when it can't be read; false: nobody waits
 */
export function incoming({ types, untyped }, { last, tell, guard, report }, settle) {
    /**
     * @param {any} data
     * @param {(text: string) => void} send belongs to the line that it came by
     */
    return (data, send) => {
        const bad = (/** @type {string} */ code) => report(code, { frame: data });
        if (typeof data !== "string") return tell("~bytes", new Uint8Array(data)) || bad("bad_frame");
        const heard = tell("~text", data);
        let frame;
        try {
            frame = JSON.parse(data);
        } catch {
            // No JSON is no object either.
        }
        if (!frame || !/^\s*{/.test(data)) return heard || bad("bad_frame");
        const { type, id, error } = frame;
        const rounded = unsafe(data);
        if (rounded) bad("unsafe_integer");
        if (type === "reply") {
            // A frame without an id may be answered without one.
            settle(id, rounded ? null : error ? { ok: false, error } : { ok: true, value: frame.ok })
                || id && bad("unknown_reply");
        } else if (rounded) {
            // Told already.
        } else if (type === "ask") {
            guard(async () => {
                const reply = (/** @type {object} */ outcome) => send(encode({ type: "reply", id, ...outcome }));
                const { question } = frame, handler = last("?" + question?.type);
                try {
                    if (!handler) throw { error: fault("unhandled") };
                    reply({ ok: await handler(question) ?? null });
                } catch (/** @type {any} */ cause) {
                    // A `ReplyFailed` is an answer too; all else is a fault.
                    reply({ error: cause?.error ?? fault("failed") });
                    if (!cause?.error) throw cause;
                }
            });
        } else if (type === "error") {
            report("refused", { message: frame.message, error: frame });
        } else {
            const known = types.includes(type);
            if (!known && !untyped && typeof type === "string") return bad("unknown_message");
            tell(known ? type : "message", frame);
            tell("~message", frame);
        }
    };
}
