/** From 1000 on. */
const KINDS = "normal,away,protocol,protocol,,,,protocol,policy,too_big,protocol,crashed,restart,slow".split(",");

/**
 * What a close code means, and whether the connection comes back on its own; `expired` and `application` depend on the
 * options, and here they do not.
 *
 * @param {number} code
 * @param {string} reason
 * @returns {any}
 */
export function describe(code, reason) {
    const kind = code < 3000 ? KINDS[code - 1000] || "lost"
        : code === 4401 ? "expired"
        : code === 4409 ? "contract"
        : "application";
    const hint = /retry-after=([\d.]+)/.exec(reason);
    return {
        code,
        reason,
        kind,
        retry: /away|crash|rest|slow|lost/.test(kind),
        // A timer holds 31 bits of milliseconds and fires at once beyond.
        ...hint && { retryAfter: Math.min(+hint[1], 2e6) },
    };
}
