/**
 * Whether the page is in the background or the browser offline, and when that changes.
 *
 * @param {any} options
 * @param {() => void} changed
 */
export function page({
    document = globalThis.document,
    window = /** @type {any} */ (globalThis).addEventListener && globalThis,
    pauseWhenHidden = true,
}, changed) {
    const listening = new AbortController();
    const { signal } = listening;
    for (const name of ["visibilitychange", "freeze", "resume"]) document?.addEventListener(name, changed, { signal });
    for (const name of ["online", "offline", "pageshow"]) window?.addEventListener(name, changed, { signal });
    const hidden = () => document?.visibilityState === "hidden";
    const offline = () => window?.navigator?.onLine === false;
    return {
        hidden,
        offline,
        /** Why not to connect now. */
        why: () => pauseWhenHidden && hidden() ? "hidden" : offline() ? "offline" : "",
        stop: () => listening.abort(),
    };
}
