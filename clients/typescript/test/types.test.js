import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";

test("the code fits its types, and wrong programs do not compile", () => {
    const run = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "--project", "."], {
        cwd: new URL("..", import.meta.url),
        encoding: "utf8",
    });
    assert.equal(run.stdout + run.stderr, "");
    assert.equal(run.status, 0);
});
