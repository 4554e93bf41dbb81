/**
 * Checks what can be wrong with an address, once, and returns what writes it for each attempt.
 *
 * @param {any} spec
 * @param {any} params
 * @param {any} options
 * @returns {(query: Record<string, any> | undefined) => string}
 */
export function address({ path, contract }, params, { url = "" }) {
    const base = new URL(url, globalThis.location?.origin);
    base.pathname = base.pathname.replace(/\/$/, "") + path.replace(
        /{(\*?)(.+?)}/g,
        (/** @type {string} */ _, /** @type {string} */ rest, /** @type {string} */ name) => {
            let text = encodeURIComponent(params[name] ?? "");
            if (rest) text = text.replaceAll("%2F", "/");
            // URLs resolve `.` and `..` even when they are encoded, and would lead to another path.
            if (/^$|(^|\/)\.\.?(\/|$)/.test(text)) throw TypeError(`bad ${name} "${text}"`);
            return text;
        },
    );
    return query => {
        const address = new URL(base);
        for (const [name, value] of Object.entries({ ...query, _schema: contract })) {
            if (`${value ?? ""}`) address.searchParams.append(name, value);
        }
        // Not every server takes a plus for a space.
        address.search = address.search.replaceAll("+", "%20");
        return address.href.replace(/^http/, "ws");
    };
}
