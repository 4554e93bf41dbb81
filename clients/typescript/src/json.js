/**
 * Refuses numbers that would arrive as others: JSON has no NaN, and integers from 2^53 on are rounded already.
 *
 * @param {string} _
 * @param {unknown} value
 */
function fit(_, value) {
    if (typeof value === "number" && !(Math.abs(value) < 2 ** 53)) throw RangeError(`unfit: ${value}`);
    return value;
}

/** @param {unknown} value */
export const encode = value => JSON.stringify(value, fit);

/**
 * A frame of the client's; throws when the payload does not fit. `type` comes first, the way servers read fastest,
 * and no field of the payload replaces it or the id.
 *
 * @param {{type?: string, payload?: any, id?: number | string}} parts
 */
export const frame = ({ type, payload, id }) => {
    const head = type && { type };
    return encode({ ...head, ...payload, ...head, id });
};

/**
 * Whether a JSON text has an integer that JavaScript's numbers can't hold. Goes through the text once, since engines
 * that tell a number's source while they parse are still few.
 *
 * @param {string} text
 */
export function unsafe(text) {
    if (!/\d{16}/.test(text)) return false;
    let quoted = false;
    for (const [token] of text.matchAll(/\\.|"|\d[\d.e+-]*/gi)) {
        if (token === '"') quoted = !quoted;
        else if (!quoted && +token >= 2 ** 53 && /^\d+$/.test(token)) return true;
    }
    return false;
}
