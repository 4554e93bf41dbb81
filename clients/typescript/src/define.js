import { connect } from "./connection.js";

/**
 * Makes the endpoint that a generated module exports: a connection whose methods are the frames.
 *
 * @type {typeof import("../index.js").define}
 */
export const define = spec => ({
    spec,
    open(/** @type {any} */ ...[params, options]) {
        /** @type {any} */
        const connection = connect(spec, params, options);
        for (const [method, type] of Object.entries(spec.methods)) {
            connection[method] = (/** @type {any[]} */ ...rest) =>
                connection.request(type, ...(spec.bare?.includes(method) ? [{}] : []), ...rest);
        }
        return connection;
    },
});
