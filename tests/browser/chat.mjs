// The chat example, used as a person would: Chromium windows against the real server.
//
//   CHAT_BIN=target/debug/chat node tests/browser/chat.mjs
//
// SCREENSHOTS=DIR also writes a picture of each page there, on a desk and on a phone, light and dark.
// Prints `ok NAME` or `not ok NAME: WHY` for each check; exits with 1 when one failed.

import assert from 'node:assert/strict';
import http from 'node:http';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ChatServer, check, run } from './harness.mjs';
import { enterRoom, hears, inState, input, logOf, say, stateOf } from './room.mjs';
import { closeBrowser, complaints, newWindow, openBrowser, thrown } from './windows.mjs';

const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 375, height: 667 } };
const REFUSED_NAME = '방'; // a fine word, but the server allows only ASCII in a room's name

const server = new ChatServer(process.env.CHAT_BIN ?? 'target/debug/chat');

const roomUrl = (room) => `${server.url}${room}/`;
const enter = (page, room) => enterRoom(page, roomUrl(room));

/** The status the server answers a WebSocket handshake with. */
function handshakeStatus(path) {
  const { origin } = new URL(server.url);
  const headers = {
    connection: 'Upgrade', upgrade: 'websocket', origin,
    'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  return new Promise((resolve, reject) => {
    const request = http.get(origin + path, { headers, agent: false });
    request.on('upgrade', (response, socket) => { socket.destroy(); resolve(response.statusCode); });
    request.on('response', (response) => { response.resume(); resolve(response.statusCode); });
    request.on('error', reject);
  });
}

async function indexPage() {
  await check('the index page’s input is focused, and Enter goes to the room', async () => {
    const page = await newWindow();
    await page.goto(server.url);
    await page.locator('#room-name-input:focus').waitFor();
    await page.keyboard.type('lobby');
    await page.keyboard.press('Enter');
    await page.waitForURL(roomUrl('lobby'));
    await inState(page, 'open');
    await page.context().close();
  });

  await check('the index page’s button goes to the room too', async () => {
    const page = await newWindow();
    await page.goto(server.url);
    await page.locator('#room-name-input').fill('a.b-c_9');
    await page.locator('#room-name-submit').click();
    await page.waitForURL(roomUrl('a.b-c_9'));
    await page.context().close();
  });

  await check('the index page refuses names that the server refuses, and says the rule', async () => {
    const page = await newWindow();
    await page.goto(server.url);
    for (const name of [REFUSED_NAME, 'two words', 'a/b', '..', '', 'x'.repeat(95)]) {
      await page.locator('#room-name-input').fill(name);
      await page.locator('#room-name-input').press('Enter');
      await page.locator('#room-name-input[aria-invalid="true"]').waitFor();
      assert.notEqual(await page.locator('#room-name-error').textContent(), '', `no complaint about "${name}"`);
      assert.equal(page.url(), server.url);
    }
    assert.match(await page.locator('#room-name-rule').textContent(), /letters.*digits.*94/i);
    await page.context().close();
  });
}

async function talking(alice, bob, carol) {
  await check('the room page’s input is focused', async () => {
    await alice.locator('#chat-message-input:focus').waitFor();
  });

  await check('two windows in one room see a message', async () => {
    await say(alice, 'hello, room');
    await hears(alice, 'hello, room');
    await hears(bob, 'hello, room');
    assert.equal(await input(alice).inputValue(), '');
  });

  await check('the button sends too, and the input keeps the focus', async () => {
    await input(bob).fill('by the button');
    await bob.locator('#chat-message-submit').click();
    await hears(alice, 'by the button');
    await bob.locator('#chat-message-input:focus').waitFor();
  });

  await check('a window in another room sees none of it', async () => {
    await say(carol, 'only here');
    await hears(carol, 'only here');
    assert.equal(await logOf(carol), 'only here\n');
    assert.equal(await logOf(alice), 'hello, room\nby the button\n');
  });

  await check('HTML, emoji and quotes arrive as text', async () => {
    const message = `<img src=x onerror="document.title='owned'"> 안녕 👩‍🚀 "it's" \\n & &amp; </textarea><b>bold</b>`;
    await say(alice, message);
    await hears(bob, message);
    assert.equal(await bob.locator('img, b').count(), 0);
    assert.match(await bob.title(), /lobby/);
  });

  await check('the log stays where the reader scrolled to, and follows at the end', async () => {
    const long = 'a long story '.repeat(300); // one message higher than the log: forty short ones might be too many a second
    await say(alice, long);
    await hears(bob, long);
    const gap = () => bob.locator('#chat-log').evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
    assert.ok(await gap() < 4, 'the log did not follow');
    await bob.locator('#chat-log').evaluate((log) => { log.scrollTop = 0; });
    await bob.locator('#chat-log').evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => resolve()); }));
    await say(alice, 'one more');
    await hears(bob, 'one more');
    assert.equal(await bob.locator('#chat-log').evaluate((log) => log.scrollTop), 0);
    await bob.locator('#jump-to-end').click();
    assert.ok(await gap() < 4, 'the button did not lead to the end');
  });

  await check('no errors on any console so far', () => assert.deepEqual(complaints, []));
}

async function outage(alice, bob) {
  await check('a killed server is noticed, and typed text stays', async () => {
    await input(alice).fill('typed while');
    await server.kill();
    await inState(alice, 'lost', 'retrying');
    await inState(bob, 'lost', 'retrying');
    await input(alice).press('End');
    await input(alice).pressSequentially(' offline');
    await input(alice).press('Enter');
    assert.equal(await input(alice).inputValue(), 'typed while offline');
    assert.ok(await alice.locator('#chat-message-submit').isDisabled());
    assert.match(await alice.locator('#chat-note').textContent(), /sending is off/i);
  });

  await check('an outage that lasts is told as such', async () => {
    await alice.waitForFunction(() => /can’t be reached/.test(document.querySelector('#connection-state').textContent));
  });

  await check('the pages recover by themselves once the server is back', async () => {
    await server.start();
    await inState(alice, 'open');
    await inState(bob, 'open');
    assert.equal(await input(alice).inputValue(), 'typed while offline');
    await input(alice).press('Enter');
    await hears(alice, 'typed while offline');
    await hears(bob, 'typed while offline');
  });
}

async function refusals() {
  await check('a room whose name is not allowed says so, and does not retry', async () => {
    const path = `/chat/${encodeURIComponent(REFUSED_NAME)}/`;
    assert.equal(await handshakeStatus(`/ws${path}`), 400);
    const page = await newWindow();
    let sockets = 0;
    page.on('websocket', () => { sockets += 1; });
    await page.goto(new URL(path, server.url).href);
    await inState(page, 'lost');
    assert.match(await stateOf(page), /letters.*digits/i);
    assert.equal(await page.locator('h1').textContent(), REFUSED_NAME);
    assert.ok(await page.locator('#try-now').isHidden());
    assert.equal(sockets, 0);
    await page.context().close();
  });

  await check('a handshake that keeps being refused is told as such', async () => {
    const page = await newWindow();
    // A path that has no consumer, in place of the room's: the server answers, but with no socket.
    await page.addInitScript(() => {
      window.WebSocket = class extends WebSocket {
        constructor(url) { super(url.replace('/ws/chat/', '/no-such/')); }
      };
    });
    await page.goto(roomUrl('lobby'));
    await page.waitForFunction(() => /keeps refusing/.test(document.querySelector('#connection-state').textContent));
    await inState(page, 'retrying');
    await page.context().close();
  });
}

// How the page takes what a well-behaved server seldom does: here the test itself plays the server.
async function playedServer() {
  /** A room page whose socket is answered by `play(socket, count)`, `count` being 1 for the first one. */
  async function playedRoom(play) {
    const page = await newWindow();
    await page.addInitScript(() => { Math.random = () => 0.999; }); // the longest pause, so that it is seen
    let count = 0;
    await page.routeWebSocket('**/ws/chat/**', (socket) => { count += 1; play(socket, count); });
    await page.goto(roomUrl('lobby'));
    return page;
  }

  for (const [code, reason] of [[1008, 'not for you'], [4001, 'signed out'], [1000, '']]) {
    await check(`close code ${code} is final, and shown`, async () => {
      const page = await playedRoom((socket) => { socket.onMessage(() => socket.close({ code, reason })); });
      await inState(page, 'open');
      await say(page, 'goodbye');
      await inState(page, 'lost');
      assert.match(await stateOf(page), new RegExp(`${code}.*${reason}`));
      assert.equal(await page.locator('#try-now').textContent(), 'Connect again');
      await page.context().close();
    });
  }

  for (const code of [1001, 1011, 1012, 1013]) {
    await check(`close code ${code} is tried again, and what may be lost is given back`, async () => {
      const page = await playedRoom((socket, count) => {
        socket.onMessage((frame) => { if (count === 1) socket.close({ code }); else socket.send(frame); });
      });
      await inState(page, 'open');
      await say(page, 'did it arrive?');
      await inState(page, 'retrying');
      await inState(page, 'open');
      assert.equal(await input(page).inputValue(), 'did it arrive?');
      assert.match(await page.locator('#chat-note').textContent(), /may not have arrived/);
      await input(page).press('Enter');
      await hears(page, 'did it arrive?');
      assert.ok(await page.locator('#chat-note').isHidden());
      await page.context().close();
    });
  }

  const wake = {
    'the button “Try now”': (page) => page.locator('#try-now').click(),
    'being online again': (page) => page.evaluate(() => { window.dispatchEvent(new Event('online')); }),
    'being looked at again': (page) => page.evaluate(() => { document.dispatchEvent(new Event('visibilitychange')); }),
  };
  for (const [what, act] of Object.entries(wake)) {
    await check(`${what} tries at once`, async () => {
      const page = await newWindow();
      await page.addInitScript(() => { window.setTimeout = () => 1; }); // so that no timer of the page's ever ends
      await page.routeWebSocket('**/ws/chat/**', (socket) => {
        socket.onMessage((frame) => { if (frame.includes('leave')) socket.close({ code: 1012 }); });
      });
      await enter(page, 'lobby');
      await say(page, 'leave');
      await inState(page, 'retrying');
      await act(page);
      await inState(page, 'open');
      await page.context().close();
    });
  }

  await check('an error frame is shown beside the log, as text', async () => {
    const page = await playedRoom((socket) => {
      socket.onMessage(() => socket.send('{"type":"error","code":"rate_limited","message":"<i>slow</i> down"}'));
    });
    await inState(page, 'open');
    await say(page, 'hurry');
    await page.locator('#chat-error').waitFor();
    assert.match(await page.locator('#chat-error').textContent(), /<i>slow<\/i> down \(rate_limited\)/);
    assert.equal(await logOf(page), '');
    assert.equal(await input(page).inputValue(), 'hurry');
    await page.locator('#chat-error button').click();
    assert.ok(await page.locator('#chat-error').isHidden());
    await page.context().close();
  });
}

async function looks() {
  const directory = process.env.SCREENSHOTS;
  if (directory) await mkdir(directory, { recursive: true });

  await check('nothing sticks out of a window 320 pixels wide', async () => {
    const page = await newWindow({ viewport: { width: 320, height: 568 } });
    for (const url of [server.url, roomUrl('lobby'), roomUrl('x'.repeat(94)), roomUrl(encodeURIComponent(REFUSED_NAME))]) {
      await page.goto(url);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 320, `${url} is ${width} pixels wide`);
    }
    await page.context().close();
  });
  if (!directory) return;

  await check('screenshots', async () => {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of ['light', 'dark']) {
        const page = await newWindow({ viewport, colorScheme, reducedMotion: 'reduce' });
        const shoot = (name) => page.screenshot({ path: join(directory, `${name}-${size}-${colorScheme}.png`) });
        await page.goto(server.url);
        await shoot('index');
        await page.locator('#room-name-input').fill(REFUSED_NAME);
        await page.locator('#room-name-submit').click();
        await shoot('index-refused');

        await enter(page, `pictures-${size}-${colorScheme}`);
        await shoot('room-empty');
        const talk = [
          'Good morning! Is anybody else in early today?',
          'Two of us. The coffee machine is back from repair, by the way.',
          'Then there is hope. I will bring the release notes; could somebody look over the part about reconnecting before noon, so that we can send it out together?',
          'I can: give me twenty minutes.',
          'Thank you!',
        ];
        for (const line of talk) {
          await say(page, line);
          await hears(page, line);
        }
        await input(page).fill('See you at ten');
        await shoot('room');

        await page.goto(roomUrl(encodeURIComponent(REFUSED_NAME)));
        await inState(page, 'lost');
        await shoot('room-refused');

        await page.routeWebSocket('**/ws/chat/**', (socket) => {
          socket.send('{"message":"This line came before the restart."}');
          socket.send('{"type":"error","code":"bad_frame","message":"expected a field `message`"}');
          socket.onMessage(() => socket.close({ code: 1012 }));
        });
        await page.addInitScript(() => { Math.random = () => 0.999; }); // the longest pause, so it can be seen
        await enter(page, 'lobby');
        await page.locator('#chat-error').waitFor();
        await shoot('room-error');
        await page.locator('#chat-error button').click();
        await say(page, 'I was just saying');
        await page.locator('#try-now').waitFor();
        await shoot('room-retrying');
        await page.context().close();
      }
    }
  });
}

async function main() {
  await server.start();
  await openBrowser();
  await indexPage();

  const [alice, bob, carol] = [await newWindow(), await newWindow(), await newWindow()];
  await check('three windows connect', async () => {
    await Promise.all([enter(alice, 'lobby'), enter(bob, 'lobby'), enter(carol, 'kitchen')]);
  });
  await talking(alice, bob, carol);
  await outage(alice, bob);
  await refusals();
  await playedServer();
  await looks();
  await check('no page ever threw an error', () => assert.deepEqual(thrown, []));
}

await run(main, async () => {
  await closeBrowser();
  await server.kill();
});
