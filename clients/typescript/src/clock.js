/** Functions of its own, for browsers' must not be called as methods of another object. */
export const REAL = {
    now: Date.now,
    setTimeout: (/** @type {() => void} */ run, /** @type {number} */ ms) => setTimeout(run, ms),
    clearTimeout: (/** @type {any} */ timer) => clearTimeout(timer),
};

/**
 * One timer: setting it ends the one before, and setting it to nothing ends it.
 *
 * @param {any} clock
 */
export function alarm(clock) {
    /** @type {any} */
    let timer;
    return (/** @type {(() => void) | void} */ run, /** @type {number | void} */ ms) => {
        clock.clearTimeout(timer);
        timer = run && clock.setTimeout(run, ms);
    };
}
