// docs/api: every operation of the contract has an example, every example is of an operation, and each is run, page by
// page, against the real binary.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import yaml from 'js-yaml';
import { examplesOf, pages, pathOf, send, valueAt } from '../harness/examples.mjs';
import { files, startWorld, valuesFor } from '../harness/examples_world.mjs';
import { root, until } from '../harness/process.mjs';

// Operations without an example.
const noExample = { 'GET /api/v1/live': 'a WebSocket, which curl does not speak' };
// Examples that are read, not run.
const noRun = {
  'POST /api/v1/miniprograms/{appid}/dead-letters/{id}/replay': 'needs a push at which a consumer fails again and again',
  'DELETE /api/v1/miniprograms/{appid}/dead-letters/{id}': 'the same',
};
// What is not the console's API.
const elsewhere = new Set(['POST /ingest/v1/batch']);

const contract = yaml.load(readFileSync(join(root, 'api/openapi.yaml'), 'utf8'));
const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  ['get', 'post', 'put', 'patch', 'delete'].filter((method) => methods[method]).map((method) => ({
    name: `${method.toUpperCase()} ${path}`,
    form: new RegExp(`^${method.toUpperCase()} ${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    statuses: Object.keys(methods[method].responses),
    permissions: [methods[method]['x-permission'], ...(methods[method]['x-permission-besides'] ?? [])].filter((one) => one !== 'none'),
  })),
);
// The one with the fewest parts that stand for others comes first.
operations.sort((a, b) => a.name.split('{').length - b.name.split('{').length);

const nameOf = (example) => `${example.method} ${pathOf(example)}`;
const operationOf = (example) => operations.find(({ form }) => form.test(nameOf(example)));
const where = (example) => `docs/api/${example.page}:${example.line} ${nameOf(example)}`;
const all = pages().flatMap((page) => examplesOf(page));

test('every operation has an example, and every example is of an operation', () => {
  const shown = new Set(all.map((one) => operationOf(one)?.name));
  assert.deepEqual(operations.map(({ name }) => name).filter((name) => !shown.has(name) && !noExample[name]), [], 'without an example');
  assert.deepEqual(all.filter((one) => !operationOf(one) && !elsewhere.has(nameOf(one))).map(where), [], 'of no operation');
  const names = new Set(operations.map(({ name }) => name));
  assert.deepEqual([...Object.keys(noExample), ...Object.keys(noRun)].filter((name) => !names.has(name)), [], 'exceptions that are none');
});

test('what stands above an example names the permissions that it needs', () => {
  const lacking = (one) => (operationOf(one)?.permissions ?? []).filter((permission) => !one.prose.includes(`\`${permission}\``));
  assert.deepEqual(all.filter((one) => lacking(one).length > 0).map((one) => `${where(one)}: ${lacking(one)}`), []);
});

// The status that the page states, or one of success that the contract does.
function asExpected(example, { status, body }) {
  if (example.status) return status === example.status && (!example.code || body.code === example.code);
  return status >= 200 && status < 300 && (operationOf(example)?.statuses.includes(String(status)) ?? true);
}
const reached = ({ until: { path, value } }, { body }) => (value === undefined ? valueAt(body, path) !== undefined : String(valueAt(body, path)) === value);

// WeChat's own data come at forty calls a minute.
const patience = 120_000;

async function run(example, values, state) {
  const ask = async () => {
    const answer = await send(example, values, { files, cookie: state.cookie });
    if (!asExpected(example, answer)) throw new Error(`${answer.status} ${JSON.stringify(answer.body).slice(0, 600)}`);
    return answer;
  };
  let answer = await ask();
  const waited = async () => reached(example, (answer = await ask()));
  if (example.until && !reached(example, answer)) await until(waited, () => `${example.until.path}, there is ${JSON.stringify(answer.body).slice(0, 600)}`, patience);
  state.cookie = answer.cookie || state.cookie;
  for (const { name, path } of example.names) {
    values[name] = valueAt(answer.body, path);
    if (values[name] === undefined || values[name] === null) throw new Error(`no ${path} in ${JSON.stringify(answer.body).slice(0, 600)}`);
  }
}

describe('examples run', () => {
  let world;
  before(async () => {
    world = await startWorld();
  });
  after(() => world?.stop());

  for (const page of pages()) {
    test(page, async () => {
      const values = await valuesFor(world, page);
      const wrong = [];
      const state = {};
      for (const example of all.filter((one) => one.page === page && !noRun[operationOf(one)?.name]))
        await run(example, values, state).catch((error) => wrong.push(`${where(example)}: ${error.message}`));
      assert.deepEqual(wrong, []);
    });
  }
});
