/**
 * Listens to whether the page is in the background or the browser offline; what it returns says why not to connect now.
 *
 * @param {any} options
 * @param {AbortController} ended its `signal` is the option that ends the listeners
 * @param {() => void} changed
 * @returns {() => string}
 */
export function page({ document = globalThis.document, window = globalThis.self }, ended, changed) {
    // A page that freezes is hidden already.
    for (const name of ["visibilitychange", "resume"]) document?.addEventListener(name, changed, ended);
    for (const name of ["online", "offline", "pageshow"]) window?.addEventListener(name, changed, ended);
    return () => document?.hidden ? "hidden" : window?.navigator?.onLine === false ? "offline" : "";
}
