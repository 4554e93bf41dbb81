// The board example, on the generated client: Chromium windows against the real server, and what the connection does when
// things go wrong.
//
//   BOARD_BIN=target/debug/board node tests/browser/board.mjs
//
// PICTURE=docs/board.png also writes the picture of the README there, and docs/board-phone.png beside it. Prints `ok NAME` or
// `not ok NAME: WHY` for each check; exits with 1 when one failed.

import assert from 'node:assert/strict';
import { ChatServer, check, run } from './harness.mjs';
import { closeBrowser, complaints, newWindow, openBrowser, thrown } from './windows.mjs';

const server = new ChatServer(process.env.BOARD_BIN ?? 'target/debug/board');

const boardUrl = (name, board = 'main') => new URL(`/board/${board}/?name=${name}`, server.url).href;
const note = (page, text) => page.locator('.note', { hasText: text });
const sent = (page, text) => page.locator('.note:not(.unsent)', { hasText: text });
const inState = (page, state) => page.locator(`#state[data-state="${state}"]`).waitFor();

async function enter(page, name, board) {
  await page.goto(boardUrl(name, board));
  await inState(page, 'open');
}

async function write(page, text, colour = 'yellow') {
  await page.locator(`#draft [value="${colour}"]`).check({ force: true });
  await page.locator('#text').fill(text);
  await page.locator('#text').press('Enter');
  await sent(page, text).waitFor();
}

async function drag(page, text, x, y) {
  const from = await note(page, text).boundingBox();
  const board = await page.locator('#board').boundingBox();
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(board.x + x * board.width, board.y + y * board.height, { steps: 4 });
  await page.mouse.up();
}

/** Where a note is, in parts of the board. */
async function place(page, text) {
  const style = await note(page, text).evaluate((paper) => ['--x', '--y'].map((name) => paper.style.getPropertyValue(name)));
  return style.map((part) => parseFloat(part) / 100);
}

async function together(ann, ben) {
  await check('two windows see who is there', async () => {
    await ann.locator('#people li').nth(1).waitFor();
    assert.deepEqual(await ben.locator('#people li').allTextContents(), ['An', 'Be']);
    assert.equal(await ann.locator('#people .me').textContent(), 'An');
  });
  await check('a note is on both boards, and on the writer’s once', async () => {
    await write(ann, 'Bring milk', 'blue');
    await note(ben, 'Bring milk').waitFor();
    assert.equal(await note(ann, 'Bring milk').count(), 1);
  });
  await check('it moves on both', async () => {
    await drag(ben, 'Bring milk', 0.2, 0.3);
    await ann.waitForFunction(() => Math.round(parseFloat(document.querySelector('.note').style.getPropertyValue('--x'))) === 20);
    assert.deepEqual((await place(ann, 'Bring milk')).map((part) => part.toFixed(1)), ['0.2', '0.3']);
  });
  await check('the other is seen writing, and then not any more', async () => {
    await ben.locator('#text').pressSequentially('He');
    await ann.locator('#writing', { hasText: 'Ben is writing' }).waitFor();
    await ann.locator('#writing:empty').waitFor({ state: 'attached' });
    await ben.locator('#text').fill('');
  });
  await check('the server’s refusal is told with its data, and the text is not lost', async () => {
    await ann.locator('#text').fill('x'.repeat(300));
    await ann.locator('#text').press('Enter');
    await ann.locator('#told', { hasText: '200 characters fit' }).waitFor();
    assert.equal((await ann.locator('#text').inputValue()).length, 300);
    assert.equal(await ann.locator('.note').count(), 1);
    await ann.locator('#text').fill('');
  });
  await check('what happened is asked for', async () => {
    await ann.locator('#show-history').click();
    await ann.locator('#entries li', { hasText: 'Ann wrote “Bring milk”' }).waitFor();
    await ann.locator('#show-history').click();
  });
  await check('the server asks before it clears the board, and a no is a no', async () => {
    await ann.locator('#clear').click();
    await ann.locator('#question[open]', { hasText: 'Take all 1 notes down' }).waitFor();
    await ann.locator('#question [value="no"]').click();
    await ann.locator('#clear:enabled').waitFor();
    assert.equal(await ben.locator('.note').count(), 1);
    await ann.locator('#clear').click();
    await ann.locator('#question [value="yes"]').click();
    await ben.waitForFunction(() => document.querySelectorAll('.note').length === 0);
  });
}

async function healing(ann, ben) {
  await check('a killed server is waited for, what was written meanwhile is put up, and what was missed is shown', async () => {
    await server.kill();
    await ann.locator('#state:not([data-state="open"])').waitFor();
    await ann.locator('#text').fill('Written in the dark');
    await ann.locator('#text').press('Enter');
    await note(ann, 'Written in the dark').waitFor();
    assert.equal(await ann.locator('.note.unsent').count(), 1);
    await server.start();
    await Promise.all([inState(ann, 'open'), inState(ben, 'open')]);
    await sent(ann, 'Written in the dark').waitFor();
    await note(ben, 'Written in the dark').waitFor();
    assert.equal(await note(ann, 'Written in the dark').count(), 1);
  });
  await check('an offline page waits, and tries at once when it is back', async () => {
    await ben.context().setOffline(true);
    await server.kill();
    await ben.locator('#state', { hasText: 'offline' }).waitFor();
    await server.start();
    await inState(ann, 'open');
    await ben.context().setOffline(false);
    await inState(ben, 'open');
  });
  await check('a server that is frozen is noticed, and a page that was asleep comes back', async () => {
    const status = await ann.evaluateHandle(async () => {
      const { Board } = await import('/page/client.js');
      const board = Board.open({ board: 'quick' }, { heartbeat: { idle: 300, deadline: 500 } });
      const seen = [];
      board.onStatus(({ state, resumed }) => seen.push(state === 'open' ? `open ${resumed}` : state));
      await new Promise((done) => board.onStatus(({ state }) => state === 'open' && done()));
      return { board, seen };
    });
    const sees = (what) => ann.waitForFunction(([{ seen }, what]) => seen.includes(what), [status, what]);
    server.freeze();
    await sees('waiting');
    server.thaw();
    await sees('open true');
    const session = await ann.context().newCDPSession(ann);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await server.kill();
    await server.start();
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await ann.waitForFunction(({ board }) => board.status.state === 'open' && board.status.resumed, status);
    await ann.evaluate(({ board }) => board.close(), status);
    await Promise.all([inState(ann, 'open'), inState(ben, 'open')]);
  });
  await check('the button tries at once', async () => {
    await server.kill();
    await ann.locator('#retry').waitFor();
    await server.start();
    await ann.locator('#retry').click().catch(() => {}); // it may be back already
    await inState(ann, 'open');
  });
}

/** A network that lets no WebSocket through: the browser says so before anything is sent. */
async function withoutWebSockets() {
  const page = await newWindow();
  await page.addInitScript(() => {
    window.WebSocket = class {
      constructor() { setTimeout(() => { this.onerror?.({}); this.onclose?.({ code: 1006, reason: '', wasClean: false }); }); }
      close() {}
      send() {}
    };
  });
  const other = await newWindow();
  await enter(other, 'Fay', 'events');
  await check('where no WebSocket gets through, events do', async () => {
    await page.goto(boardUrl('Eve', 'events'));
    await page.locator('#state', { hasText: 'by events' }).waitFor();
    await write(page, 'By events', 'green');
    await note(other, 'By events').waitFor();
    await write(other, 'By a socket', 'pink');
    await note(page, 'By a socket').waitFor();
    await page.locator('#people li').nth(1).waitFor();
  });
  await check('a window that is closed is gone, though it had no socket', async () => {
    await page.context().close();
    await other.waitForFunction(() => document.querySelectorAll('#people li').length === 1);
  });
  await other.context().close();
}

/** A page that was built for another server. */
async function outOfDate() {
  const page = await newWindow();
  await page.route('**/page/client.js', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('frame note.move', 'frame note.fly {}\\nframe note.move');
    await route.fulfill({ response, body });
  });
  await check('a page that was built for other declarations is told to load anew', async () => {
    await page.goto(boardUrl('Old'));
    await page.locator('#state[data-state="closed"]', { hasText: 'out of date' }).waitFor();
  });
  await page.context().close();
}

async function pictures(path) {
  const people = [['Ann', { width: 1180, height: 760 }], ['Ben', { width: 390, height: 760 }]];
  const windows = [];
  for (const [name, viewport] of people) {
    const page = await newWindow({ viewport });
    await enter(page, name, 'party');
    windows.push(page);
  }
  const [ann, ben] = windows;
  const notes = [
    ['Who brings the lights?', 'yellow', 0.14, 0.2, ann], ['Ben does the music', 'blue', 0.42, 0.3, ben], ['Lemonade, lots', 'green', 0.72, 0.22, ann],
    ['Ask the neighbours', 'pink', 0.24, 0.68, ben], ['Rain: in the barn', 'blue', 0.56, 0.74, ann], ['Cake at four', 'yellow', 0.85, 0.62, ben],
  ];
  for (const [text, colour, x, y, page] of notes) {
    await write(page, text, colour);
    await note(ann, text).waitFor();
    await drag(ann, text, x, y);
  }
  await ann.locator('#show-history').click();
  await ann.locator('#entries li').nth(5).waitFor();
  await ben.locator('#text').pressSequentially('And who cle');
  await ann.locator('#writing', { hasText: 'Ben is writing' }).waitFor();
  await ann.waitForTimeout(300); // until the notes have slid to their places
  await ben.screenshot({ path: path.replace('.png', '-phone.png') });
  await ben.locator('#text').pressSequentially('a');
  const shots = [await ann.screenshot(), await ben.screenshot()];
  const [one, two] = shots.map((shot) => `data:image/png;base64,${shot.toString('base64')}`);
  const page = await newWindow({ viewport: { width: 1700, height: 820 } });
  await page.setContent(`<style>
    body { margin: 0; padding: 28px; display: flex; gap: 28px; background: #d5d9e2; }
    img { border-radius: 12px; box-shadow: 0 4px 24px #0004; display: block; }
  </style><img src="${one}"><img src="${two}">`);
  await page.screenshot({ path, fullPage: true });
}

async function main() {
  await openBrowser();
  await server.start();
  const [ann, ben] = [await newWindow(), await newWindow()];
  await enter(ann, 'Ann');
  await enter(ben, 'Ben');
  await together(ann, ben);
  await healing(ann, ben);
  await withoutWebSockets();
  await outOfDate();
  await check('on a phone nothing is wider than the page', async () => {
    await ann.setViewportSize({ width: 360, height: 700 });
    const width = await ann.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${width} pixels`);
  });
  await check('no page ever threw an error', () => assert.deepEqual(thrown, []));
  if (process.env.PICTURE) await pictures(process.env.PICTURE);
}

await run(main, async () => {
  await closeBrowser();
  await server.kill();
});
