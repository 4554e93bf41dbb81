/**
 * Milliseconds until the next attempt: at random between nothing and a bound that doubles (full jitter), so that
 * clients which lost their lines together do not come back together.
 *
 * @param {number} failed attempts since a connection was last stable
 * @param {string} kind of the close; a server that crashed or fell behind gets a second in any case
 * @param {any} options
 */
export function backoff(failed, kind, { random = Math.random, backoff: { first = 100, max = 30_000 } = {} }) {
    return (/crash|slow/.test(kind) ? 1000 : 0) + random() * Math.min(max, first * 2 ** failed);
}
