import { alarm } from "./clock.js";

/** A timer that is later than this was held up by more than a busy page; ms. */
const LATE = 5_000;

/**
 * Notices a line that is dead although nobody closed it.
 *
 * @param {any} clock
 * @param {{idle?: number, deadline?: number, wake?: number}} options
 * @param {() => void} ping
 * @param {() => void} dead
 */
export function heartbeat(clock, { idle = 30_000, deadline = 10_000, wake = 5_000 } = {}, ping, dead) {
    /** When something last arrived; when the timer is due. */
    let seen = 0, due = 0;
    /** Pings since then. */
    let asked = 0;
    const timer = alarm(clock);

    const arm = (/** @type {number} */ wait) => {
        due = clock.now() + wait;
        timer(tick, wait);
    };
    const probe = (wait = wake) => {
        asked++;
        arm(wait);
        ping();
    };
    const tick = () => {
        const now = clock.now(), late = now - due > LATE;
        // Clocks of the wall go back now and then.
        const silent = now - (seen = Math.min(seen, now));
        // The answer may wait behind this timer when both were held up: one more ping tells.
        if (asked) late && asked < 2 ? probe() : dead();
        else if (silent >= idle || late && silent > LATE) probe(late ? wake : deadline);
        // It looks often, so that a machine that wakes up is noticed soon.
        else arm(Math.min(10_000, idle - silent));
    };
    /** Something arrived. */
    const alive = () => {
        seen = clock.now();
        asked = 0;
    };

    return {
        start() {
            alive();
            tick();
        },
        stop: timer,
        alive,
        /** Asks now, for there is a reason to doubt: called without a deadline. */
        probe,
    };
}
