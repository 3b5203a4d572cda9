// Builds and runs every suite, prints a table, and ends with one line `N passed, N failed` over all of them.
//
//   node scripts/test.mjs [--preset asan|tsan|debug|release] [suite…]
//
// Suites: house · unit (C++ unit and store tests, both SQL engines) · web · sdk · whole (the real binary) · clients
// (third-party clients from npm) · faults · browser. All that is C++ is built under the preset's sanitizers, the binary
// too: one build, and a mistake ends the program. MINIOPS_BINARY names another one.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);
process.env.TSAN_OPTIONS = `suppressions=${root}cmake/tsan.supp halt_on_error=1`;
process.env.ASAN_OPTIONS = 'detect_stack_use_after_return=0';

const args = process.argv.slice(2);
let preset = 'asan';
if (args[0] === '--preset') {
  preset = args[1];
  args.splice(0, 2);
}
const all = ['house', 'unit', 'web', 'sdk', 'whole', 'clients', 'faults', 'browser'];
const wanted = args.length > 0 ? args : all;
for (const suite of wanted) {
  if (!all.includes(suite)) {
    console.error(`no suite '${suite}'; there are: ${all.join(' ')}`);
    process.exit(2);
  }
}

const results = []; // {suite, passed, failed, seconds}

function run(command, commandArgs, options = {}) {
  const done = spawnSync(command, commandArgs, { stdio: 'inherit', ...options });
  return done.status ?? 1;
}

function must(command, commandArgs, options) {
  if (run(command, commandArgs, options) !== 0) {
    console.error(`failed: ${command} ${commandArgs.join(' ')}`);
    finish(1);
  }
}

const jobs = String(availableParallelism());

function build(...targets) {
  must('cmake', ['--preset', preset], { stdio: ['ignore', 'ignore', 'inherit'] });
  must('cmake', ['--build', '--preset', preset, '--target', ...targets, '-j', jobs]);
}

function buildProgram() {
  if (process.env.MINIOPS_BINARY) return;
  must('scripts/build-web', []);
  build('miniops');
  process.env.MINIOPS_BINARY = join(root, 'build', preset, 'miniops');
}

// Works through all of them, `width` at a time: most of a test's time is waiting. The biggest first, so that no long one
// is left alone at the end.
async function atOnce(width, all, work) {
  const rest = [...all].sort((a, b) => statSync(b).size - statSync(a).size);
  const lane = async () => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

// node:test files in a folder; the summary is read from the TAP each prints.
async function nodeTests(suite, folder, { width = 1 } = {}) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => join(folder, name));
  const started = Date.now();
  let passed = 0;
  let failed = 0;
  await atOnce(width, files, async (file) => {
    const output = await tap(file);
    passed += count(output, /^# pass (\d+)$/m);
    failed += count(output, /^# (?:fail|cancelled) (\d+)$/gm);
  });
  results.push({ suite, passed, failed, seconds: (Date.now() - started) / 1000 });
}

function tap(file) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(process.execPath, ['--test', '--test-reporter=tap', '--test-concurrency=1', '--test-timeout=900000', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) => {
      const summary = /^# pass \d+$/m.test(output);
      const broken = /^# (?:fail|cancelled) [1-9]/m.test(output) || code !== 0;
      if (broken) process.stdout.write(output);
      else console.log(`ok ${file} ${((Date.now() - started) / 1000).toFixed(0)} s`);
      resolve(summary ? output : `${output}\n# pass 0\n# fail 1\n`);
    });
  });
}

function count(text, pattern) {
  if (!pattern.global) return Number(text.match(pattern)?.[1] ?? 0);
  return [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
}

async function unitTests() {
  build('unit_tests', 'bench_programs'); // what nobody builds does not stay right
  const reports = `build/${preset}/reports`;
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const programs = readFileSync(`build/${preset}/unit_tests.txt`, 'utf8').split('\n').filter(Boolean);
  await atOnce(availableParallelism(), programs, async (program) => {
    const name = program.split('/').pop();
    const started = Date.now();
    const report = join(root, reports, `${name}.json`);
    const { status, output } = await ended(program, ['--gtest_brief=1', `--gtest_output=json:${report}`]);
    process.stdout.write(status === 0 ? `ok ${name}\n` : output);
    let passed = 0;
    let failed = status === 0 ? 0 : 1;
    if (existsSync(report)) {
      const { tests, failures, errors, disabled } = JSON.parse(readFileSync(report, 'utf8'));
      failed = Math.max(failures + (errors ?? 0), failed);
      passed = tests - failed - disabled;
    }
    results.push({ suite: `unit ${name}`, passed, failed, seconds: (Date.now() - started) / 1000 });
  });
}

// A program's status and all that it printed, which is shown only when it failed: several run at once.
function ended(program, programArgs) {
  return new Promise((resolve) => {
    const child = spawn(program, programArgs, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    child.on('error', (error) => resolve({ status: 1, output: `${program}: ${error.message}\n` }));
    child.on('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

function webTests() {
  const started = Date.now();
  const report = join(root, 'build/vitest.json');
  mkdirSync('build', { recursive: true });
  rmSync(report, { force: true });
  const status = run('npx', ['vitest', 'run', '--reporter=json', `--outputFile=${report}`], { cwd: 'web' });
  let passed = 0;
  let failed = status === 0 ? 0 : 1;
  if (existsSync(report)) {
    const summary = JSON.parse(readFileSync(report, 'utf8'));
    passed = summary.numPassedTests;
    failed = Math.max(summary.numFailedTests, failed);
    for (const { name, assertionResults } of summary.testResults)
      for (const one of assertionResults)
        if (one.status === 'failed') console.log(`not ok ${name.slice(root.length)}: ${one.fullName}\n${one.failureMessages[0] ?? ''}`);
  }
  must('scripts/build-web', []);
  const size = run('npm', ['run', '--silent', 'check:size'], { cwd: 'web' });
  results.push({ suite: 'web', passed: passed + (size === 0 ? 1 : 0), failed: failed + (size === 0 ? 0 : 1), seconds: (Date.now() - started) / 1000 });
}

function finish(extraFailures = 0) {
  console.log('\nsuite                              passed  failed  seconds');
  for (const { suite, passed, failed, seconds } of results) {
    console.log(`${suite.padEnd(34)} ${String(passed).padStart(6)} ${String(failed).padStart(7)} ${seconds.toFixed(1).padStart(8)}`);
  }
  const passed = results.reduce((sum, one) => sum + one.passed, 0);
  const failed = results.reduce((sum, one) => sum + one.failed, 0) + extraFailures;
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

if (wanted.includes('house')) await nodeTests('house', 'tests/house');
if (wanted.some((suite) => ['whole', 'clients', 'faults', 'browser'].includes(suite))) buildProgram();
if (wanted.includes('unit')) await unitTests();
if (wanted.includes('web')) webTests();
if (wanted.includes('sdk')) await nodeTests('sdk', 'sdk/tests');
if (wanted.includes('whole')) await nodeTests('whole program', 'tests/integration', { width: 2 * availableParallelism() });
if (wanted.includes('clients')) await nodeTests('clients', 'tests/clients', { width: availableParallelism() });
if (wanted.includes('faults')) await nodeTests('faults', 'tests/faults', { width: 2 });
if (wanted.includes('browser')) await nodeTests('browser', 'tests/browser', { width: Math.min(availableParallelism(), 4) });
finish();
