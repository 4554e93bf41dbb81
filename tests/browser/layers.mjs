// The chat example on two processes: two Chromium windows, each with a server of its own, in one room.
//
//   CHAT_BIN=target/debug/chat LAYERS='redis://localhost:6379 redis+pubsub://localhost:6379' node tests/browser/layers.mjs
//
// LAYERS are values of the chat's `--layer`; each has its turn. Prints `ok NAME` or `not ok NAME: WHY` for each check;
// exits with 1 when one failed.

import assert from 'node:assert/strict';
import { ChatServer, check, run } from './harness.mjs';
import { enterRoom, hears, logOf, say } from './room.mjs';
import { closeBrowser, newWindow, openBrowser, thrown } from './windows.mjs';

const BINARY = process.env.CHAT_BIN ?? 'target/debug/chat';
const layers = (process.env.LAYERS ?? '').split(' ').filter((layer) => layer !== '');
const servers = []; // of all turns, to be ended

async function twoProcesses(layer) {
  const kind = layer.split('://')[0];
  const [here, there] = [new ChatServer(BINARY, '--layer', layer), new ChatServer(BINARY, '--layer', layer)];
  servers.push(here, there);
  await Promise.all([here.start(), there.start()]);
  assert.notEqual(here.url, there.url);

  const [alice, bob, carol] = [await newWindow(), await newWindow(), await newWindow()];
  await check(`${kind}: windows connect to two processes`, async () => {
    await Promise.all([
      enterRoom(alice, `${here.url}lobby/`), enterRoom(bob, `${there.url}lobby/`), enterRoom(carol, `${there.url}kitchen/`),
    ]);
  });
  await check(`${kind}: what is said on one process is heard on the other, and once`, async () => {
    await say(alice, 'from here');
    await hears(alice, 'from here');
    await hears(bob, 'from here');
    await say(bob, 'from there');
    await hears(bob, 'from there');
    await hears(alice, 'from there');
    for (const page of [alice, bob]) assert.equal(await logOf(page), 'from here\nfrom there\n');
  });
  await check(`${kind}: another room hears none of it`, async () => {
    await say(carol, 'only here');
    await hears(carol, 'only here');
    assert.equal(await logOf(carol), 'only here\n');
  });
  await check(`${kind}: a process that is killed and started again is in the room again`, async () => {
    await there.kill();
    await there.start();
    await enterRoom(bob, `${there.url}lobby/`);
    await say(alice, 'back again?');
    await hears(bob, 'back again?');
  });
  for (const page of [alice, bob, carol]) await page.context().close();
}

async function main() {
  assert.notEqual(layers.length, 0, 'LAYERS names none');
  await openBrowser();
  for (const layer of layers) await twoProcesses(layer);
  await check('no page ever threw an error', () => assert.deepEqual(thrown, []));
}

await run(main, async () => {
  await closeBrowser();
  for (const server of servers) await server.kill();
});
