// The chat with its inspector: two Chromium windows in a room, and one that looks at the server.
//
//   CHAT_BIN=target/debug/chat node tests/browser/inspector.mjs
//
// PICTURE=docs/inspector.png also writes the picture of the README there. Prints `ok NAME` or `not ok NAME: WHY` for each
// check; exits with 1 when one failed.

import assert from 'node:assert/strict';
import { ChatServer, check, run } from './harness.mjs';
import { enterRoom, hears, say } from './room.mjs';
import { closeBrowser, complaints, newWindow, openBrowser, thrown } from './windows.mjs';

const server = new ChatServer(process.env.CHAT_BIN ?? 'target/debug/chat', '--inspector');

const rows = (page, table) => page.locator(`#${table} tbody tr`);
const cells = (page, table, column) => page.locator(`#${table} td[data-name="${column}"]`).allTextContents();

/** Waits until a table has so many rows, of which each has this text. */
async function lists(page, table, count, text) {
  await page.waitForFunction(({ table, count, text }) => {
    const rows = [...document.querySelectorAll(`#${table} tbody tr`)].filter((row) => row.textContent.includes(text));
    return rows.length === count;
  }, { table, count, text });
}

async function main() {
  await openBrowser();
  await server.start();
  const [alice, bob] = [await newWindow({ viewport: { width: 560, height: 460 } }), await newWindow({ viewport: { width: 560, height: 460 } })];
  const inspector = await newWindow({ viewport: { width: 1120, height: 860 } });
  await inspector.goto(new URL('/inspector', server.url).href);
  await check('nobody is there, and then who connects', async () => {
    await inspector.getByText('nobody', { exact: true }).waitFor();
    await Promise.all([enterRoom(alice, `${server.url}lobby/`), enterRoom(bob, `${server.url}lobby/`)]);
    await lists(inspector, 'connections', 2, 'ChatConsumer');
    assert.deepEqual(await cells(inspector, 'groups', 'Group'), ['chat_lobby']);
    assert.deepEqual(await cells(inspector, 'groups', 'Members here'), ['2']);
  });
  await check('events pass by their names, without what they say', async () => {
    for (const message of ['Is anybody here?', 'I am.', 'And somebody looks on.']) {
      await say(message === 'I am.' ? bob : alice, message);
      await hears(alice, message);
      await hears(bob, message);
    }
    await lists(inspector, 'tail', 3, 'chat.message');
    assert.ok(!(await inspector.content()).includes('anybody here'));
  });
  if (process.env.PICTURE) await picture(process.env.PICTURE, alice, bob, inspector);
  await check('the search finds a group, and says how many there are', async () => {
    await inspector.locator('#search').fill('no such thing');
    await lists(inspector, 'connections', 1, 'nobody');
    assert.equal(await inspector.locator('#connections-count').textContent(), '0 of 2');
    await inspector.locator('#search').fill('chat_lobby');
    await lists(inspector, 'connections', 2, 'ChatConsumer');
    await inspector.locator('#search').fill('');
  });
  await check('a connection is ended from there, and no other', async () => {
    inspector.on('dialog', (dialog) => dialog.accept());
    const before = await cells(inspector, 'connections', 'Channel');
    await rows(inspector, 'connections').first().getByRole('button').click();
    await inspector.waitForFunction((ended) => !document.querySelector('#connections').textContent.includes(ended), before[0]);
    await lists(inspector, 'connections', 1, 'ChatConsumer');
    const states = await Promise.all([alice, bob].map((page) => page.locator('#connection-state').getAttribute('data-state')));
    assert.equal(states.filter((state) => state === 'open').length, 1, states.join());
  });
  await check('on a phone nothing is wider than the page', async () => {
    await inspector.setViewportSize({ width: 360, height: 800 });
    const width = await inspector.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${width} pixels`);
  });
  await check('a server that is gone is told', async () => {
    await server.kill();
    await inspector.locator('#status.bad').waitFor();
  });
  await check('no page ever threw an error, and none was refused by its policy', () => {
    assert.deepEqual(thrown, []);
    assert.deepEqual(complaints.filter((line) => /policy/i.test(line)), []);
  });
}

/** The chat's windows above each other, and the inspector beside them. */
async function picture(path, alice, bob, inspector) {
  // Until the charts have something to show.
  const talk = [
    'What does it show?', 'Who is connected, and to what.', 'And what we say?', 'Only that we do.', 'Which groups there are?',
    'Ours alone, by now.', 'Could it throw us out?', 'One by one, by a button.', 'Let us be brief, then.', 'Agreed.',
  ];
  for (const [number, message] of talk.entries()) {
    await say(number % 2 === 0 ? bob : alice, message);
    await inspector.waitForTimeout(400 + 150 * (number % 4));
  }
  const shots = await Promise.all([alice, bob, inspector].map((page) => page.screenshot()));
  const [one, two, three] = shots.map((shot) => `data:image/png;base64,${shot.toString('base64')}`);
  const page = await newWindow({ viewport: { width: 1720, height: 950 } });
  await page.setContent(`<style>
    body { margin: 0; padding: 24px; display: flex; gap: 24px; align-items: flex-start; background: #dfe3ea; }
    div { display: grid; gap: 24px; } img { border-radius: 8px; box-shadow: 0 2px 12px #0004; display: block; }
    div img { width: 524px; } body > img { width: 1120px; }
  </style><div><img src="${one}"><img src="${two}"></div><img src="${three}">`);
  await page.screenshot({ path, fullPage: true });
  await page.context().close();
}

await run(main, async () => {
  await closeBrowser();
  await server.kill();
});
