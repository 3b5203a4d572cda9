// Processes of a test: started on free ports, waited for by what they print, ended by their id.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export const root = new URL('../..', import.meta.url).pathname;
export const binary = process.env.MINIOPS_BINARY ?? join(root, 'build/release/miniops');

// Waits until `condition()` gives something true, and gives that. Says `what` (a text, or what gives one)
// was missing when time is over: long after, since a machine that builds or tests beside is slow.
export async function until(condition, what, timeoutMs = 60000) {
  const deadline = Date.now() + timeoutMs;
  let problem;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      problem = undefined;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${typeof what === 'function' ? what() : what}`, { cause: problem });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Waits for the next second of the clock: WeChat's events have no id, two of one person in one second are one.
export async function nextSecond() {
  const second = Math.floor(Date.now() / 1000);
  await until(() => Math.floor(Date.now() / 1000) > second, 'the next second');
}

export class Program {
  constructor(args, { env = {}, name = args[0] } = {}) {
    this.args = args;
    this.env = env;
    this.name = name;
    this.errors = '';
  }

  // Resolves with the address when the program has printed `listening on http://…`.
  async start(timeoutMs = 30000) {
    if (!existsSync(binary)) throw new Error(`${binary} is missing: run make build`);
    this.output = '';
    this.child = spawn(binary, this.args, { env: { ...process.env, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const child = this.child;
    this.exited = once(child, 'exit');
    child.stdout.on('data', (chunk) => {
      this.output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      this.errors = (this.errors + chunk).slice(-200000);
    });
    await until(
      () => {
        if (child.exitCode !== null || child.signalCode !== null)
          throw Object.assign(new Error(`${this.name} ended with ${child.exitCode}: ${this.errors.slice(-2000)}`), { ended: true });
        return /listening on https?:\/\/\S+/.test(this.output);
      },
      `${this.name} to listen`,
      timeoutMs,
    ).catch((error) => {
      this.child.kill('SIGKILL');
      throw error;
    });
    this.url = this.output.match(/listening on (https?:\/\/\S+)/)[1];
    return this.url;
  }

  get running() {
    return this.child && this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(signal = 'SIGTERM') {
    if (this.running) {
      this.child.kill(signal);
      const over = setTimeout(() => this.child.kill('SIGKILL'), 15000);
      await this.exited;
      clearTimeout(over);
    }
    // The instrumented binary says its last word when it ends.
    const found = this.errors.match(/^.*(?:ERROR: \w+Sanitizer|runtime error: ).*$/m);
    if (found) throw new Error(`${this.name}: ${this.errors.slice(found.index, found.index + 4000)}`);
  }

  kill() {
    return this.stop('SIGKILL');
  }
}

// Runs the binary to its end; {status, stdout, stderr}.
export async function runBinary(args, { input = '', env = {} } = {}) {
  const child = spawn(binary, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { status, stdout, stderr };
}

export function temporaryFolder(name) {
  const path = mkdtempSync(join(tmpdir(), `miniops-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
