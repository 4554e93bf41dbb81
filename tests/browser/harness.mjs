// What the checks stand on: named results, a deadline for the whole run, and the chat server as a child process.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';

const DEADLINE = 90_000; // milliseconds for the whole run
let passed = 0;
let failed = 0;
let over = false; // the deadline has passed: what fails from now on fails because we clean up

/** Runs one named check and prints its result; the checks after a failed one still run. */
export async function check(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok ${name}`);
  } catch (error) {
    fail(name, error);
  }
}

function fail(name, error) {
  if (over) return;
  failed += 1;
  const why = stripVTControlCharacters(String(error?.message ?? error)).replace(/\s+/g, ' ').trim();
  console.log(`not ok ${name}: ${why.slice(0, 400)}`);
}

/** Runs `body`, then `cleanUp` however it ended, and exits with 1 when a check failed or none ran. */
export async function run(body, cleanUp) {
  let end;
  const ended = new Promise((resolve) => { end = resolve; });
  const deadline = setTimeout(() => end(new Error(`not finished after ${DEADLINE / 1000} s`)), DEADLINE);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(new Error(`stopped by ${signal}`)));

  body().then(() => end(null), end);
  const error = await ended;
  clearTimeout(deadline);
  if (error) fail('the run', error);
  over = true;
  await Promise.race([cleanUp(), new Promise((resolve) => { setTimeout(resolve, 5_000); })]);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

/** The chat server: `start` it, `kill` it (that child alone, by its process id), start it again on the same port. */
export class ChatServer {
  #binary;
  #child = null;
  #port = 0;
  url = null; // of the index page, as the server printed it

  constructor(binary) {
    this.#binary = binary;
  }

  /** Resolves once the server has printed a line that holds its URL. */
  async start() {
    const child = spawn(this.#binary, ['--listen', `127.0.0.1:${this.#port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    this.url = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`the server ended (${signal ?? code}) before it printed its URL`)));
      createInterface(child.stdout).on('line', (line) => {
        const url = /http:\/\/[\d.]+:\d+\/chat\//.exec(line);
        if (url) resolve(url[0]);
      });
    });
    this.#port = Number(new URL(this.url).port);
  }

  /** Ends the server without a farewell, as a crash would, and resolves once it is gone. */
  async kill() {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGKILL');
    await gone;
  }
}
