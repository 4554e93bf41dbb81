// The chat example without a WebSocket: what a browser lets a page of the server's own do by events and requests, and what it
// lets no other page do.
//
//   CHAT_BIN=target/debug/chat node tests/browser/events.mjs
//
// Prints `ok NAME` or `not ok NAME: WHY` for each check; exits with 1 when one failed.

import assert from 'node:assert/strict';
import { ChatServer, check, run } from './harness.mjs';
import { closeBrowser, newWindow, openBrowser } from './windows.mjs';

const PATH = '/ws/chat/lobby/';
const server = new ChatServer(process.env.CHAT_BIN ?? 'target/debug/chat');

/** Runs in a page: a client of `url` by an EventSource, or by a fetch when `headers` are given, that says and hears one thing. */
async function talk({ url, headers, message }) {
  const heard = [];
  let wake = () => {};
  const told = (name, data) => { heard.push([name, data]); wake(); };
  const next = async (name) => {
    for (;;) {
      const at = heard.findIndex(([known]) => known === name);
      if (at >= 0) return heard.splice(at, 1)[0][1];
      await new Promise((resolve) => { wake = resolve; });
    }
  };
  if (headers) {
    const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers } });
    if (!response.ok) return { refused: response.status };
    (async () => {
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        text += read.value;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const lines = text.slice(0, end).split('\n');
          text = text.slice(end + 2);
          const field = (name) => lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length));
          told(field('event: ')[0] ?? 'message', field('data: ').join('\n'));
        }
      }
      told('end', '');
    })();
  } else {
    const source = new EventSource(url);
    for (const name of ['open', 'message', 'close']) {
      // The browser has an event `open` of its own, without data.
      source.addEventListener(name, (event) => { if (event.data !== undefined) told(name, event.data); });
    }
    source.addEventListener('close', () => { source.close(); told('end', ''); });
    source.onerror = () => told('open', JSON.stringify({ failed: source.readyState }));
  }
  const { session, failed } = JSON.parse(await next('open'));
  if (failed !== undefined) return { failed };
  const request = (method, extra, body) => fetch(url, { method, body, headers: { 'consumer-session': session, ...extra } });
  const sent = await request('POST', { 'content-type': 'application/x-ndjson' }, `${JSON.stringify({ message })}\n`);
  const said = JSON.parse(await next('message'));
  const closed = await request('DELETE', { 'consumer-close': '4000 done' });
  const close = JSON.parse(await next('close'));
  await next('end');
  return { sent: sent.status, said: said.message, closed: closed.status, code: close.code };
}

async function body() {
  await server.start();
  await openBrowser();
  const { origin, port } = new URL(server.url);
  const url = origin + PATH;
  const own = await newWindow();
  await own.goto(server.url);
  const whole = (message) => ({ sent: 204, said: message, closed: 204, code: 4000 });

  await check('an EventSource of the server’s own page hears, and requests talk', async () => {
    assert.deepEqual(await own.evaluate(talk, { url, message: 'hé' }), whole('hé'));
  });

  await check('a fetch does it as well', async () => {
    const headers = { 'consumer-session': 'new' };
    assert.deepEqual(await own.evaluate(talk, { url, headers, message: 'b' }), whole('b'));
  });

  await check('a page that says nothing of itself but where it comes from gets in', async () => {
    assert.deepEqual(await own.evaluate(talk, { url, headers: {}, message: 'c' }), whole('c'));
  });

  // The same server by another name is another origin.
  const foreign = await newWindow();
  await foreign.goto(`http://localhost:${port}/chat/`);
  const statuses = [];
  foreign.on('response', (response) => { if (response.url() === url) statuses.push(response.status()); });

  await check('a foreign page hears nothing by an EventSource', async () => {
    assert.deepEqual(await foreign.evaluate(talk, { url, message: 'x' }), { failed: 2 });
  });

  await check('a foreign page may not even ask with headers', async () => {
    const error = await foreign.evaluate((target) => fetch(target, {
      headers: { accept: 'text/event-stream', 'consumer-session': 'new' },
    }).then((response) => response.status, (failed) => failed.name), url);
    assert.equal(error, 'TypeError');
  });

  await check('a foreign page opens nothing that it cannot hear', async () => {
    statuses.length = 0;
    const type = await foreign.evaluate((target) => fetch(target, {
      mode: 'no-cors', credentials: 'include', headers: { accept: 'text/event-stream' },
    }).then((response) => response.type), url);
    assert.deepEqual([type, statuses], ['opaque', [403]]);
  });
}

run(body, async () => {
  await closeBrowser();
  await server.kill();
});
