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

/** Resolves with the match once a line of a child's output matches; rejects when the child ends before. */
export function printed(child, pattern) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${child.spawnfile} ended (${signal ?? code}) before it printed ${pattern}`)));
    createInterface(child.stdout).on('line', (line) => {
      const found = pattern.exec(line);
      if (found) resolve(found);
    });
  });
}

/** Sends a signal to that child alone, by its process id; resolves with its exit code, or its signal, once it is gone. */
export async function end(child, signal) {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill(signal);
    await gone;
  }
  return child.exitCode ?? child.signalCode;
}

/** The chat server: `start` it, `kill` it, start it again on the same port. */
export class ChatServer {
  #binary;
  #options;
  #child = null;
  #port = 0;
  url = null; // of the index page, as the server printed it

  constructor(binary, ...options) {
    this.#binary = binary;
    this.#options = options;
  }

  /** Resolves once the server has printed a line that holds its URL. */
  async start() {
    const listen = ['--listen', `127.0.0.1:${this.#port}`];
    this.#child = spawn(this.#binary, [...listen, ...this.#options], { stdio: ['ignore', 'pipe', 'inherit'] });
    [this.url] = await printed(this.#child, /http:\/\/[\d.]+:\d+\/(chat\/)?/);
    this.#port = Number(new URL(this.url).port);
  }

  /** Stops it as a debugger would: its sockets stay, and nobody answers. */
  freeze() {
    this.#child.kill('SIGSTOP');
  }

  thaw() {
    this.#child.kill('SIGCONT');
  }

  /** Ends the server without a farewell, as a crash would, and resolves once it is gone. */
  async kill() {
    const child = this.#child;
    this.#child = null;
    if (child) await end(child, 'SIGKILL');
  }
}
