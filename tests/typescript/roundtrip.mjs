// The generated client against the real server: `MODULE` is the module, `SERVER` the server's address, `TRANSPORT` the
// way. What Rust writes is read here and what is written here is read by Rust, and both are the same.

import { deepEqual, equal } from 'node:assert/strict';
import { WebSocket } from 'ws';
import { check, run } from '../browser/harness.mjs';

const { EverythingConsumer } = await import(process.env.MODULE);
const transport = process.env.TRANSPORT;
const options = { url: process.env.SERVER, transport, WebSocket, subprotocols: ['v1.all', 'v2.all'] };
const all = EverythingConsumer.open({ place: 'Köln & more', number: 7 }, options);
const problems = [];
all.onError((error) => problems.push(error.code));

await run(async () => {
  await check(`it opens by ${transport}, with the server's choice of a subprotocol`, async () => {
    const status = await new Promise((done) => all.onStatus((status) => status.state === 'open' && done(status)));
    equal(status.transport, transport);
    equal(status.resumed, false);
    equal(status.subprotocol, 'v2.all');
  });
  await check('path parameters arrive as they are', async () => {
    deepEqual((await all.whereabouts()).value, ['Köln & more', 7]);
  });
  await check('what Rust writes comes back to it unchanged', async () => {
    const reply = await all.sample();
    equal(reply.ok, true, JSON.stringify(reply.error));
    const { value } = reply;
    equal(value.text, '“quotes”, \u{1F980} and \u2028');
    equal(value.large, 2 ** 53 - 1);
    deepEqual(value.outside, ['Unit', { One: 1 }, { Two: [2, 'two'] }, { Named: { x: -1 } }]);
    deepEqual(value.numbered, { 7: 'seven' });
    deepEqual((await all.echo(value)).value, value);
  });
  await check('what may be left out is filled in', async () => {
    deepEqual((await all.options({})).value, { limit: 10, page: null });
    deepEqual((await all.options({ limit: 3, page: 4 })).value, { limit: 3, page: 4 });
  });
  await check('errors have their codes and data', async () => {
    deepEqual(await all.sum({ of: [1, 2] }), { ok: true, value: 3 });
    equal((await all.sum({ of: [] })).error.code, 'empty');
    deepEqual((await all.sum({ of: [99, 2] })).error.data, { limit: 100 });
    equal((await all.fail()).error.code, 'internal');
    equal((await all.request('all.sum', { of: 'x' })).error.code, 'bad_frame');
    equal((await all.request('all.nothing', {})).error.code, 'unknown_type');
  });
  await check('messages come by their types, and those without one as `message`', async () => {
    const heard = [];
    const stop = ['all.news', 'sign.on', 'sign.off', 'message'].map((name) => all.on(name, (message) => heard.push([name, message])));
    await all.tellAll();
    while (heard.length < 4) await new Promise((done) => setTimeout(done, 10));
    stop.forEach((stop) => stop());
    deepEqual(heard, [
      ['message', { plain: 1 }],
      ['sign.on', { type: 'sign.on', level: 2 }],
      ['sign.off', { type: 'sign.off' }],
      ['all.news', { type: 'all.news', text: 'here' }],
    ]);
  });
  await check('they are iterated as well', async () => {
    const first = (async () => { for await (const message of all) return message; })();
    await all.tellAll();
    deepEqual(await first, { plain: 1 });
  });
  await check('a question of the server is answered', async () => {
    const stop = all.answer('all.mood', async ({ text }) => (text === 'well?' ? 'sky-blue' : 'red'));
    deepEqual(await all.askBack(), { ok: true, value: 'sky-blue' });
    stop();
  });
  await check('a number that JavaScript cannot hold is an error and not another number', async () => {
    equal((await all.huge()).error.code, 'unsafe_integer');
    equal((await all.sum({ of: [2 ** 60] })).error.code, 'unfit');
    equal((await all.sum({ of: [NaN] })).error.code, 'unfit');
  });
  await check('the end is told with its code and reason', async () => {
    all.send('all.end', { code: 4321 });
    const close = await all.closed;
    equal(close.code, 4321);
    equal(close.reason, 'as asked');
    equal(all.status.state, 'closed');
    equal((await all.whereabouts()).error.code, 'closed');
  });
  await check('the page was told of that number, and nothing else went wrong', async () => {
    deepEqual(problems, ['unsafe_integer']);
  });
}, async () => all.close());
