// @ts-self-types="./index.d.ts"
export { define } from "./src/define.js";
export { ReplyFailed, unwrap } from "./src/reply.js";
