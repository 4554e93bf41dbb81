import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

async function size(entry, external) {
    const { outputFiles } = await build({
        absWorkingDir: new URL("..", import.meta.url).pathname,
        entryPoints: [entry],
        external,
        bundle: true,
        minify: true,
        format: "esm",
        target: "es2022",
        write: false,
    });
    const [{ contents }] = outputFiles;
    return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}

test("the core stays small", async t => {
    const core = await size("index.js", ["./sse.js"]);
    const sse = await size("src/sse.js", []);
    t.diagnostic(`core: ${core.minified} bytes minified, ${core.gzipped} gzipped`);
    t.diagnostic(`event stream, loaded when needed: ${sse.minified} bytes minified, ${sse.gzipped} gzipped`);
    assert.ok(core.gzipped <= 4096, `${core.gzipped} bytes`);
});
