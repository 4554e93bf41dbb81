// The example django-bridge, started and ended as a person would: Chromium on the page of Django's, with one window served
// by Django under Daphne and one by us.
//
//   DJANGO_BRIDGE_BIN=target/debug/django-bridge node tests/browser/bridge.mjs
//
// SCREENSHOTS=DIR also writes pictures of the page there. Prints `ok NAME` or `not ok NAME: WHY` for each check; exits with
// 1 when one failed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, end, printed, run } from './harness.mjs';
import { closeBrowser, complaints, newWindow, openBrowser, thrown } from './windows.mjs';

const RUN = fileURLToPath(new URL('../../examples/django-bridge/run', import.meta.url));
const SIZES = { wide: { width: 1280, height: 900 }, tablet: { width: 800, height: 1000 }, narrow: { width: 375, height: 812 } };
const WINDOWS = ['#django', '#rust'];
const SENDERS = { say: 'a view', 'say-by-command': 'a management command', 'say-by-task': 'a background thread' };
let bridge = null;

/** Starts everything, by the one command; gives the page's address. */
async function start(...options) {
  bridge = spawn(RUN, ['--port', '0', '--rust-port', '0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [, url] = await printed(bridge, /^Open (http:\S+)/);
  return url;
}

const logOf = (page, window) => page.locator(`${window} .log li`).allTextContents();

async function bothConnected(page) {
  for (const window of WINDOWS) await page.locator(`${window}[data-state="open"]`).waitFor();
}

async function say(page, window, message) {
  await page.locator(`${window} input`).fill(message);
  await page.locator(`${window} input`).press('Enter');
}

/** Waits until both windows have heard exactly these, in this order. */
async function bothHear(page, messages) {
  for (const window of WINDOWS) {
    await page.locator(`${window} .log li`).nth(messages.length - 1).waitFor();
    assert.deepEqual(await logOf(page, window), messages, window);
  }
}

/** Whether somebody listens where a URL points to. */
function listens(url) {
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

async function oneRoom(name, ...options) {
  const url = await start(...options);
  const page = await newWindow();
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  const said = [];

  await check(`${name}: the page has one window on Django’s server, one on ours`, async () => {
    await page.goto(url);
    await bothConnected(page);
    assert.equal(new URL(page.url()).pathname, '/chat/lobby/');
    const servers = sockets.map((socket) => new URL(socket).host);
    assert.equal(servers[0], new URL(url).host);
    assert.equal(new Set(servers).size, 2);
  });

  for (const window of WINDOWS) {
    await check(`${name}: what is said in ${window} is heard in both`, async () => {
      said.push(`hello from ${window}: <b>안녕</b> 👩‍🚀 "&amp;"`);
      await say(page, window, said.at(-1));
      await bothHear(page, said);
    });
  }

  for (const [path, who] of Object.entries(SENDERS)) {
    await check(`${name}: ${who} of Django’s reaches both windows`, async () => {
      await page.locator(`#buttons [data-path="${path}"]`).click();
      said.push(`Hello from ${who} (${Object.keys(SENDERS).indexOf(path) + 1})`);
      await bothHear(page, said);
      assert.equal(await page.locator('#complaint').textContent(), '');
    });
  }

  await check(`${name}: another room hears none of it`, async () => {
    const kitchen = await newWindow();
    await kitchen.goto(new URL('/chat/kitchen/', url).href);
    await bothConnected(kitchen);
    await say(page, '#rust', 'for the lobby');
    await bothHear(page, [...said, 'for the lobby']);
    await say(kitchen, '#rust', 'for the kitchen');
    await bothHear(kitchen, ['for the kitchen']);
    await kitchen.context().close();
  });

  await check(`${name}: Django’s refusal of a message is shown`, async () => {
    await page.route('**/say/', (route) => route.continue({ postData: 'message=' }));
    await page.locator('#buttons [data-path="say"]').click();
    await page.locator('#complaint', { hasText: /400.*required/ }).waitFor();
  });

  await check(`${name}: no socket was ever closed, and nothing complained but of the refusal`, () => {
    assert.equal(sockets.length, 2);
    assert.deepEqual(complaints.filter((line) => !line.includes('400')), []);
  });
  if (options.length === 0) await looks(url);
  await page.context().close();

  await check(`${name}: Ctrl-C ends everything that was started`, async () => {
    assert.equal(await end(bridge, 'SIGINT'), 0);
    for (const place of [url, ...sockets]) assert.equal(await listens(place), false, place);
  });
}

async function looks(url) {
  await check('nothing sticks out of a window 320 pixels wide', async () => {
    const page = await newWindow({ viewport: { width: 320, height: 568 } });
    for (const room of ['lobby', 'x'.repeat(94)]) {
      await page.goto(new URL(`/chat/${room}/`, url).href);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 320, `the room ${room} is ${width} pixels wide`);
    }
    await page.context().close();
  });

  const directory = process.env.SCREENSHOTS;
  if (!directory) return;
  await mkdir(directory, { recursive: true });
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      const page = await newWindow({ viewport, colorScheme });
      await page.goto(new URL(`/chat/pictures-${size}-${colorScheme}/`, url).href);
      await bothConnected(page);
      const path = (name) => join(directory, `bridge-${name}-${size}-${colorScheme}.png`);
      await page.screenshot({ path: path('empty'), fullPage: true });
      const said = ['Good morning from Django!', 'And from Rust: who else is in early today, and has seen the release notes that we want to send before noon?'];
      await say(page, '#django', said[0]);
      await bothHear(page, said.slice(0, 1));
      await say(page, '#rust', said[1]);
      await bothHear(page, said);
      for (const [number, who] of Object.values(SENDERS).entries()) {
        await page.locator('#buttons button').nth(number).click();
        said.push(`Hello from ${who} (${number + 1})`);
        await bothHear(page, said);
      }
      await page.screenshot({ path: path('talk'), fullPage: true });
      await page.context().close();
    }
  }
}

async function main() {
  await openBrowser();
  await oneRoom('stored');
  await oneRoom('published', '--pubsub');
  await check('no page ever threw an error', () => assert.deepEqual(thrown, []));
}

await run(main, async () => {
  await closeBrowser();
  if (bridge) await end(bridge, 'SIGINT');
});
