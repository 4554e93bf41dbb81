/** From 1000 on. */
const KINDS = "normal,restart,protocol,protocol,,,,protocol,policy,too_big,protocol,crashed,restart,slow".split(",");
/** The framework's own.
 * @type {Record<number, string>} */
const OWN = { 4401: "expired", 4409: "contract" };

/**
 * What a close code means, and whether the connection comes back on its own; `expired` and `application` depend on the
 * options, and here they do not.
 *
 * @param {number} code
 * @param {string} reason
 * @returns {any}
 */
export function describe(code, reason) {
    const kind = code < 3000 ? KINDS[code - 1000] || "lost" : OWN[code] || "application";
    // Six characters at most: a timer holds 31 bits of milliseconds, and fires at once beyond.
    const hint = /retry-after=([\d.]{1,6})/.exec(reason);
    return { code, reason, kind, retry: /crash|rest|slow|lost/.test(kind), ...hint && { retryAfter: +hint[1] } };
}
