import { connect } from "./connection.js";

/**
 * Makes the endpoint that a generated module exports: a connection whose methods are the frames.
 *
 * @type {any}
 */
export const define = (/** @type {import("../index.js").Spec} */ spec) => ({
    spec,
    open(/** @type {any} */ params, /** @type {any} */ options) {
        /** @type {any} */
        const connection = connect(spec, params, options);
        for (const [method, type] of Object.entries(spec.methods)) {
            connection[method] = (/** @type {any[]} */ ...rest) =>
                connection.request(type, ...(spec.bare.includes(method) ? [{}, ...rest] : rest));
        }
        return connection;
    },
});
