/** What `unwrap` throws, and what a handler of questions may throw to choose its code. */
export class ReplyFailed extends Error {
    /** @param {{code: string, message: string, data?: unknown}} error */
    constructor(error) {
        super(error.message);
        Object.assign(this, error, { name: "ReplyFailed", error });
    }
}

/** @param {{ok: boolean, value?: any, error?: any}} reply */
export function unwrap(reply) {
    if (!reply.ok) throw new ReplyFailed(reply.error);
    return reply.value;
}

/**
 * An error of this side's own; its message is the code in words unless there is a better one.
 *
 * @param {string} code
 * @param {object} [more]
 */
export const fault = (code, more) => ({ code, message: code.replace("_", " "), ...more });
