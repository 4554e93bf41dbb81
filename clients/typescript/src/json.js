/**
 * Refuses numbers that would arrive as others: JSON has no NaN, and integers beyond 2^53 are rounded already. From 1e21
 * on they are written with an exponent, so no integer is meant.
 *
 * @param {string} _
 * @param {unknown} value
 */
function fit(_, value) {
    if (typeof value === "number") {
        const size = Math.abs(value);
        if (!(size < 2 ** 53 || size >= 1e21 && size < Infinity)) throw new RangeError(`JSON can't hold ${value}`);
    }
    return value;
}

/** @param {unknown} value */
export const encode = value => JSON.stringify(value, fit);

/**
 * A frame of the client's; throws when the payload does not fit. `type` comes first, the way servers read fastest, and no
 * field of the payload replaces it or the id.
 *
 * @param {string} type
 * @param {any} payload
 * @param {number | string} [id]
 */
export const frame = (type, payload, id) => {
    const head = type && { type };
    return encode({ ...head, ...payload, ...head, id });
};

/**
 * Whether a JSON text has an integer that JavaScript's numbers can't hold. Goes through the text once, since engines that
 * tell a number's source while they parse are still few.
 *
 * @param {string} text
 */
export function unsafe(text) {
    if (!/\d{16}/.test(text)) return false;
    let quoted = false;
    for (const [token] of text.matchAll(/\\.|"|-?\d[\d.eE+-]*/g)) {
        if (token === '"') quoted = !quoted;
        else if (!quoted && /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(+token)) return true;
    }
    return false;
}
