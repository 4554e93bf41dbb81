/**
 * One timer: setting it ends the one before, and setting it to nothing ends it.
 *
 * Takes the functions out of the clock, for browsers' must not be called as methods of another object.
 *
 * @param {any} clock
 */
export function alarm({ setTimeout, clearTimeout }) {
    /** @type {any} */
    let timer;
    return (/** @type {(() => void) | void} */ run, /** @type {number | void} */ ms) => {
        clearTimeout(timer);
        timer = run && setTimeout(run, ms);
    };
}
