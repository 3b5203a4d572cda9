// Logs through the real binary: sent by our SDK's wire format, found, paged, followed, counted, exported; and the counts of
// each form of the query language beside those of grep.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { batchOf, drained, makeKey, postBatch } from '../harness/phones.mjs';
import { root, temporaryFolder, until } from '../harness/process.mjs';
import { startProduct } from '../harness/product.mjs';
import { serverLog } from '../harness/server_logs.mjs';

let product;
let key;
let base;
const installs = new Map();

before(async () => {
  product = await startProduct();
  base = `/miniprograms/${product.appid}/logs`;
  key = await makeKey(product);
});
after(() => product?.stop());

const asked = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined)).toString();
const get = (path, values = {}, api = product.api) => api.get(`${base}/${path}?${asked(values)}`);
const texts = (list) => list.map((item) => item.text);
const log = (text, more = {}) => ({ kind: 'log', level: 'info', t: Date.now(), text, ...more });

async function send(install, records, context = {}) {
  const number = (installs.get(install) ?? 0) + 1;
  installs.set(install, number);
  const batch = batchOf(install, number, records);
  const answer = await postBatch(key.batch_url, { ...batch, context: { ...batch.context, ...context } });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}
const loaded = () => until(() => drained(product), 'the loader');
const found = async (query, more = {}) => texts((await get('lines', { query, ...more })).items);

test('a line is found seconds later, with what its context says and what matched', async () => {
  await send('install-a', [log('支付 order 42 failed after 130ms', { level: 'error', trace: 'trace-1', page: 'pages/pay/index', props: { order_id: 42, user: { vip: true } } })]);
  const line = await until(async () => (await get('lines', { query: 'order AND 支付' })).items[0], 'the line');
  assert.equal(line.level, 'error');
  assert.equal(line.page, 'pages/pay/index');
  assert.equal(line.release, '1.4.2');
  assert.equal(line.device.model, 'ALN-AL00');
  assert.deepEqual(line.highlights, [[0, 2], [3, 5]]);
  assert.equal(line.properties.user.vip, true);
  assert.ok(line.template > 0);
  for (const query of ['order_id:42', 'user.vip:true', '/[0-9]+ms/', 'level>=error', 'page:pay', 'trace:trace-1', 'session:s-install-a', `template:${line.template}`, 'device:"ALN-AL00"'])
    assert.deepEqual(await found(query), [line.text], query);
  for (const query of ['order_id:43', 'rder', 'level:info', '-order']) assert.deepEqual(await found(query), [], query);
});

test('pages hold each line once, and the histogram counts as many', async () => {
  const start = Date.now() - 3600000;
  const sent = Array.from({ length: 230 }, (_, i) => log(`page line ${i}`, { t: start + i * 7, level: i % 10 === 0 ? 'warn' : 'info', tag: 'pages' }));
  await send('install-b', sent);
  await loaded();
  const all = [];
  let next;
  do {
    const page = await get('lines', { query: '"page line"', limit: 100, before: next });
    all.push(...texts(page.items));
    next = page.next_cursor ?? undefined;
  } while (next);
  assert.deepEqual(all, texts(sent).reverse());
  const bars = await get('histogram', { query: '"page line"' });
  assert.equal(bars.total, 230);
  assert.equal(bars.items.reduce((sum, bar) => sum + (bar.levels.warn ?? 0), 0), 23);
  const slices = await Promise.all([0, 1, 2].map((i) => get('histogram', { query: '"page line"', from: start + i * 600, to: start + (i + 1) * 600, interval_ms: 1000 })));
  assert.equal(slices.reduce((sum, slice) => sum + slice.total, 0), 230);
});

test('the tail shows what comes, each line once', async () => {
  await send('install-c', [log('tail 0')]);
  await until(async () => (await found('tail')).length === 1, 'the first');
  let { tail_cursor: cursor } = await get('lines', { query: 'tail' });
  const seen = [];
  for (let i = 1; i <= 5; i++) {
    await send('install-c', [log(`tail ${i}`), log(`other ${i}`), log(`tail late ${i}`, { t: Date.now() - 60000 * i })]);
    await until(async () => {
      const answer = await get('lines', { query: 'tail', after: cursor });
      cursor = answer.tail_cursor;
      assert.equal(answer.skipped, false);
      seen.push(...texts(answer.items));
      return seen.length >= 2 * i;
    }, `the lines of round ${i}`);
  }
  assert.deepEqual(seen.toSorted(), [1, 2, 3, 4, 5].flatMap((i) => [`tail ${i}`, `tail late ${i}`]).toSorted());
});

test('a line has its context, and leads to the errors and requests of its trace', async () => {
  const t = Date.now() - 60000;
  await send('install-d', Array.from({ length: 9 }, (_, i) => log(`step ${i}`, { t: t + i, trace: i === 4 ? 'trace-d' : undefined })));
  await send('install-d', [{ kind: 'error', name: 'TypeError', text: 'x', t, trace: 'trace-d' }, { kind: 'performance', name: 'request', value: 812, t, trace: 'trace-d', props: { url: '/pay' } }]);
  const line = await until(async () => (await get('lines', { query: '"step 4"' })).items[0], 'the line');
  await loaded();
  const context = await get('context', { id: line.id, lines: 2 });
  assert.deepEqual([texts(context.before), context.line.text, texts(context.after)], [['step 2', 'step 3'], 'step 4', ['step 5', 'step 6']]);
  const related = await get('related', { id: line.id });
  assert.deepEqual(related.trace, { id: 'trace-d', counts: { log: 1, error: 1, performance: 1, event: 0 } });
  assert.equal(related.session.counts.log, 9);
  const [request] = (await get('lines', { source: 'request', query: 'value>800 trace:trace-d' })).items;
  assert.equal(request.value, 812);
});

test('fields, templates and completion know what was sent', async () => {
  await send('install-e', Array.from({ length: 8 }, (_, i) => log(`coupon ${100 + i} refused by server`, { props: { coupon_id: i % 2 } })));
  await loaded();
  const level = await get('fields/level', { query: 'coupon' });
  assert.deepEqual(level.values.map(({ query, count }) => [query, count]), [['level:info', 8]]);
  const property = await get('fields/coupon_id', { query: 'coupon' });
  assert.deepEqual(property.values.map(({ count }) => count), [4, 4]);
  assert.ok((await get('fields', { query: 'coupon' })).items.some((field) => field.name === 'properties.coupon_id'));
  const [template] = (await get('templates', { query: 'coupon' })).items;
  assert.equal(template.count, 8);
  assert.match(template.text, /coupon <\*> refused by server/);
  assert.equal(template.trend.reduce((sum, count) => sum + count, 0), 8);
  await send('install-e', [log('a brand new complaint')], { release: '1.5.0' });
  await loaded();
  assert.deepEqual((await get('templates', { since_release: '1.5.0' })).items.map((one) => one.sample), ['a brand new complaint']);
  assert.equal((await get('releases')).items[0].release, '1.5.0');
  assert.deepEqual((await get('complete', { query: 'release:1.5' })).items.map((one) => one.text), ['1.5.0']);
  assert.equal((await get('complete', { query: 'lev' })).items[0].text, 'level:');
});

test('templates keep their numbers over a restart', async () => {
  const number = async () => (await get('lines', { query: 'coupon' })).items[0].template;
  const earlier = await number();
  await product.server.stop();
  await product.restart();
  await send('install-f', [log('coupon 999 refused by server'), log('never seen before this restart')]);
  const lines = await until(async () => {
    const { items } = await get('lines', { query: '999 OR never' });
    return items.length === 2 && items;
  }, 'the lines');
  assert.equal(lines.find((line) => line.text.startsWith('coupon')).template, earlier);
  assert.ok(lines.find((line) => line.text.startsWith('never')).template > earlier);
});

async function exported(wish, api = product.api) {
  const made = await api.post(`${base}/exports`, { from: Date.now() - 86400000, to: Date.now() + 60000, ...wish });
  const done = await until(async () => {
    const one = await get(`exports/${made.id}`);
    return !['waiting', 'running'].includes(one.state) && one;
  }, 'the export');
  assert.equal(done.state, 'done', JSON.stringify(done));
  const parts = [];
  for (let part = 1; part <= done.parts; part++) {
    const answer = await api.call('GET', `${base}/exports/${made.id}/download?part=${part}`, { raw: true });
    assert.equal(answer.status, 200);
    parts.push(Buffer.from(await answer.arrayBuffer()));
  }
  return { done, bytes: Buffer.concat(parts) };
}

test('an export holds what was sent: JSONL, CSV, gzip', async () => {
  const awkward = ['=1+1', '"quoted", with comma', 'two\nlines', '支付 😀'];
  await send('install-g', awkward.map((text, i) => log(text, { tag: 'awkward', name: 'awkward', t: Date.now() - 1000 + i })));
  await loaded();
  const { done, bytes } = await exported({ query: 'tag:awkward', format: 'jsonl', gzip: true, columns: ['text', 'tag'] });
  assert.equal(done.rows, 4);
  const lines = gunzipSync(bytes).toString().trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines, awkward.map((text) => ({ text, tag: 'awkward' })).reverse());
  const csv = (await exported({ query: 'tag:awkward', format: 'csv', columns: ['text', 'level'] })).bytes.toString();
  assert.equal(csv, '\ufefftext,level\r\n支付 😀,info\r\n"two\nlines",info\r\n"""quoted"", with comma",info\r\n\'=1+1,info\r\n');
  const pages = await exported({ query: '"page line"', format: 'jsonl', columns: ['text'] });
  assert.equal(pages.bytes.toString().trimEnd().split('\n').length, 230);
});

test('an export hides personal data from whoever may not see it', async () => {
  await send('install-h', [log('call 13812345678 back')]);
  await loaded();
  const developer = await product.login('developer');
  const { bytes } = await exported({ query: 'call', format: 'jsonl', columns: ['text'] }, developer);
  assert.equal(JSON.parse(bytes).text, 'call 138****5678 back');
  const whole = await exported({ query: 'call', format: 'jsonl', columns: ['text'] });
  assert.equal(JSON.parse(whole.bytes).text, 'call 13812345678 back');
  await assert.rejects(developer.get(`${base}/exports/${whole.done.id}/download`), (error) => error.code === 'logs.export_personal');
  assert.deepEqual(texts((await get('lines', { query: 'call' }, developer)).items), ['call 138****5678 back']);
});

test('masking rules hide before anything is stored, from everybody', async () => {
  const settings = `/miniprograms/${product.appid}/telemetry/settings`;
  const rules = [{ name: 'coupons', pattern: 'coupon-([0-9]{2})[0-9]+', replacement: 'coupon-\\1**' }];
  await product.api.put(settings, { masking: { phones: true, rules } });
  await send('install-m', [log('masked 13812345678 coupon-123456 access_token=72_abc', { props: { phone: 13812345678, session_key: 'x' } })]);
  const line = await until(async () => (await get('lines', { query: 'masked' })).items[0], 'the line');
  assert.equal(line.text, 'masked 138****5678 coupon-12** access_token=***');
  assert.deepEqual(line.properties, { phone: '138****5678', session_key: '***' });
  await assert.rejects(product.api.put(settings, { masking: { rules: [{ name: 'x', pattern: '(', replacement: '' }] } }), (error) => error.status === 400);
  await product.api.put(settings, { masking: { phones: false, rules: [] } });
});

test('saved queries are shared, named once, and audited', async () => {
  const developer = await product.login('developer');
  const saved = await product.api.post(`${base}/queries`, { name: '支付失败', query: '支付 level:error', columns: ['time', 'text'] });
  assert.equal((await get('queries', {}, developer)).items[0].query, '支付 level:error');
  await assert.rejects(developer.post(`${base}/queries`, { name: '支付失败' }), (error) => error.code === 'logs.name_taken');
  await product.api.put(`${base}/queries/${saved.id}`, { name: '支付', query: '支付' });
  await product.api.delete(`${base}/queries/${saved.id}`);
  const audit = await product.api.get(`/miniprograms/${product.appid}/audit?action=logs.query.update`);
  assert.equal(audit.items.length, 1);
});

test('a query that cannot be read is pointed at', async () => {
  await assert.rejects(get('lines', { query: '支付 level:loud' }), (error) => {
    assert.equal(error.code, 'logs.invalid_query');
    assert.deepEqual([error.body.query_error.code, error.body.query_error.offset, error.body.query_error.length], ['bad_level', 9, 4]);
    return true;
  });
  const parsed = await product.api.post(`${base}/parse`, { query: 'get /api/pay' });
  assert.deepEqual([parsed.ok, parsed.error.code, parsed.error.suggestion], [false, 'unclosed_regex', 'get "/api/pay"']);
  for (const [path, values] of [['lines', { source: 'x' }], ['lines', { limit: 0 }], ['context', { id: '1' }], ['histogram', { interval_ms: 7 }], ['fields/text', {}]])
    await assert.rejects(get(path, values), (error) => error.status === 400, path);
});

test('who may not look at telemetry sees no line', async () => {
  const agent = await product.login('agent');
  for (const path of ['lines', 'histogram', 'fields', 'templates', 'queries', 'exports', 'complete'])
    await assert.rejects(get(path, {}, agent), (error) => error.status === 403, path);
});

// ---- beside grep ----

// loghub's real sets, where somebody has them; else lines of their form.
const whole = process.env.LOGHUB ?? join(root, '../shared/data/loghub');
const sets = Object.fromEntries(
  ['HDFS', 'OpenSSH', 'Zookeeper', 'Android'].map((set) => {
    return [set, existsSync(whole) ? readFileSync(join(whole, `${set}_2k.log`), 'utf8').split(/\r?\n/).filter(Boolean) : serverLog(set)];
  }),
);

// What a client would have known of a line, and what grep sees of it.
const known = {
  HDFS: { pattern: /^\d+ \d+ (?<thread>\d+) (?<level>\w+) (?<component>\S+):/ },
  OpenSSH: { pattern: /sshd\[(?<pid>\d+)\]/ },
  Zookeeper: { pattern: / - (?<level>\w+) +\[/ },
  Android: { pattern: /^\S+ \S+ +(?<pid>\d+) +(?<thread>\d+) (?<level>[VDIWEF]) / },
};
const levels = { V: 'debug', D: 'debug', I: 'info', W: 'warn', E: 'error', F: 'fatal' };

const word = (text) => `grep -iwF -e '${text}'`;
const edge = { front: '(^|[^[:alnum:]_])', behind: '($|[^[:alnum:]_])' };
const forms = [
  ['word', 'HDFS', 'block', word('block')],
  ['word, another case', 'HDFS', 'PACKETRESPONDER', word('PACKETRESPONDER')],
  ['word, rare', 'OpenSSH', 'webmaster', word('webmaster')],
  ['word, absent', 'Android', 'nowhere_to_be_found', word('nowhere_to_be_found')],
  ['word with signs', 'HDFS', 'blk_38865049064139660', word('blk_38865049064139660')],
  ['address', 'OpenSSH', '173.234.31.186', word('173.234.31.186')],
  ['address and port', 'HDFS', '10.251.73.220:50010', word('10.251.73.220:50010')],
  ['phrase', 'OpenSSH', '"Invalid user"', word('Invalid user')],
  ['phrase', 'Zookeeper', '"Send worker leaving thread"', word('Send worker leaving thread')],
  ['phrase that ends with a sign', 'HDFS', '"blockMap updated:"', `grep -iE '${edge.front}blockmap updated:'`],
  ['phrase with quotes', 'Android', '"tag=\\"View Lock\\""', `grep -iE '${edge.front}tag="View Lock"'`],
  ['prefix', 'HDFS', 'Pack*', `grep -iE '${edge.front}pack'`],
  ['prefix', 'Android', 'set*', `grep -iE '${edge.front}set'`],
  ['suffix', 'HDFS', '*Responder', `grep -iE 'responder${edge.behind}'`],
  ['suffix', 'Zookeeper', '*Worker', `grep -iE 'worker${edge.behind}'`],
  ['infix', 'Zookeeper', '*ceiv*', "grep -iF 'ceiv'"],
  ['infix', 'Android', '*token*', "grep -iF 'token'"],
  ['stars inside', 'HDFS', 'dfs*xceiver', `grep -iE '${edge.front}dfs[^[:space:]]*xceiver${edge.behind}'`],
  ['expression', 'HDFS', '/blk_-?[0-9]+/', "grep -E 'blk_-?[0-9]+'"],
  ['expression', 'OpenSSH', '/port [0-9]{5} ssh2$/', "grep -E 'port [0-9]{5} ssh2$'"],
  ['expression, no match in this case', 'OpenSSH', '/INVALID/', "grep -E 'INVALID'"],
  ['expression, no case', 'OpenSSH', '/INVALID/i', "grep -iE 'INVALID'"],
  ['expression with a slash', 'Zookeeper', '/\\/10\\.10\\.34\\.1[0-9]:/', "grep -E '/10\\.10\\.34\\.1[0-9]:'"],
  ['AND', 'HDFS', 'block terminating', `${word('block')} | ${word('terminating')}`],
  ['AND, said', 'OpenSSH', 'failed AND root', `${word('failed')} | ${word('root')}`],
  ['OR', 'Zookeeper', 'leaving OR connection', "grep -iwF -e 'leaving' -e 'connection'"],
  ['NOT', 'OpenSSH', 'NOT password', "grep -viwF 'password'"],
  ['minus', 'Android', 'lock -release', `${word('lock')} | grep -viwF 'release'`],
  ['parentheses', 'OpenSSH', '(root OR admin) -invalid', "grep -iwF -e 'root' -e 'admin' | grep -viwF 'invalid'"],
  ['OR binds less', 'OpenSSH', 'webmaster OR failed root', `grep -iE '${edge.front}webmaster${edge.behind}|${edge.front}failed${edge.behind}.*${edge.front}root${edge.behind}|${edge.front}root${edge.behind}.*${edge.front}failed${edge.behind}'`],
  ['level', 'Zookeeper', 'level:warn', "grep -F ' - WARN '"],
  ['level', 'HDFS', 'level>=warn', "grep -E '^[0-9]+ [0-9]+ [0-9]+ (WARN|ERROR|FATAL) '"],
  ['level, alternatives', 'Zookeeper', 'level:(error OR warn)', "grep -E ' - (ERROR|WARN) '"],
  ['level, range', 'Android', 'level:[warn TO fatal]', "grep -E '^[^ ]+ [^ ]+ +[0-9]+ +[0-9]+ [WEF] '"],
  ['property, number', 'OpenSSH', 'pid:24200', "grep -F 'sshd[24200]'"],
  ['property, compared', 'OpenSSH', 'pid>=24400', "grep -oE 'sshd\\[[0-9]+\\]' | tr -dc '0-9\\n' | awk '$1 >= 24400'"],
  ['property, range', 'HDFS', 'thread:[20 TO 30]', "awk '$3 >= 20 && $3 <= 30'"],
  ['property, word', 'HDFS', 'component:PacketResponder', "awk '{print $5}' | grep -iwF 'PacketResponder'"],
  ['property, to the letter', 'HDFS', 'component:="dfs.FSNamesystem"', "grep -E '^[0-9]+ [0-9]+ [0-9]+ [A-Z]+ dfs\\.FSNamesystem:'"],
  ['property, stars', 'HDFS', 'component:*DataX*', "awk '{print $5}' | grep -iF 'datax'"],
  ['property, there', 'OpenSSH', 'pid:*', "grep -F 'sshd['"],
  ['field and words', 'Zookeeper', 'level:warn -worker', "grep -F ' - WARN ' | grep -viwF 'worker'"],
  ['every line', 'Android', '', 'cat'],
];

describe('the query language beside grep', () => {
  let folder;
  before(async () => {
    folder = temporaryFolder('grep');
    for (const [set, lines] of Object.entries(sets)) {
      writeFileSync(join(folder.path, set), `${lines.join('\n')}\n`);
      for (let from = 0; from < lines.length; from += 500) {
        const records = lines.slice(from, from + 500).map((text, i) => {
          const { level, ...props } = known[set].pattern.exec(text)?.groups ?? {};
          const numbers = Object.fromEntries(Object.entries(props).map(([name, value]) => [name, /^\d+$/.test(value) ? Number(value) : value]));
          return log(text, { name: set, level: levels[level] ?? level?.toLowerCase() ?? 'info', t: Date.now() - 100000 + from + i, props: numbers });
        });
        await send(`loghub-${set}`, records);
      }
    }
    await loaded();
  });
  after(() => folder?.remove());

  const counted = async (set, query) => (await get('histogram', { query: query ? `tag:${set} (${query})` : `tag:${set}` })).total;
  // grep's status says whether it found anything; what counts is how many lines come out.
  const grepped = (set, command) =>
    Number(execFileSync('sh', ['-c', `cat '${join(folder.path, set)}' | ${command} | wc -l`], { env: { ...process.env, LC_ALL: 'C.UTF-8' } }).toString());

  test('equal counts for each form', async (t) => {
    const rows = [];
    for (const [form, set, query, command] of forms) rows.push({ form, set, query, here: await counted(set, query), grep: grepped(set, command), command });
    for (const { form, set, query, here, grep } of rows) t.diagnostic(`${form.padEnd(34)} ${set.padEnd(10)} ${query.padEnd(44)} ${String(here).padStart(6)} ${String(grep).padStart(6)}`);
    assert.deepEqual(rows.filter(({ here, grep }) => here !== grep), []);
    assert.ok(rows.filter(({ here }) => here > 0).length > rows.length / 2);
  });

  test('the list holds the lines that grep prints', async () => {
    const lines = [];
    let next;
    do {
      const page = await get('lines', { query: 'tag:OpenSSH "Invalid user"', limit: 500, before: next });
      lines.push(...texts(page.items));
      next = page.next_cursor ?? undefined;
    } while (next);
    assert.deepEqual(lines.toReversed(), sets.OpenSSH.filter((line) => /(?<![\w])invalid user(?![\w])/i.test(line)));
  });

  test('an export equals what was sent', async () => {
    const { done, bytes } = await exported({ query: 'tag:Android', format: 'jsonl', columns: ['text'] });
    assert.equal(done.rows, sets.Android.length);
    assert.deepEqual(bytes.toString().trimEnd().split('\n').map((line) => JSON.parse(line).text).reverse(), sets.Android);
  });
});
