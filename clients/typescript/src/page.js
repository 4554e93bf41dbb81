/**
 * Whether the page is in the background or the browser offline, and when that changes.
 *
 * @param {any} options
 * @param {() => void} changed
 */
export function page({
    document = globalThis.document,
    window = globalThis.self,
}, changed) {
    // Its `signal` is the option that ends them all.
    const listening = new AbortController();
    for (const name of ["visibilitychange", "freeze", "resume"]) document?.addEventListener(name, changed, listening);
    for (const name of ["online", "offline", "pageshow"]) window?.addEventListener(name, changed, listening);
    return {
        /** Why not to connect now. */
        why: () => document?.hidden ? "hidden" : window?.navigator?.onLine === false ? "offline" : "",
        stop: () => listening.abort(),
    };
}
