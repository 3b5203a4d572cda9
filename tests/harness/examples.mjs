// The examples of docs/api: read from the pages, taken apart without a shell, and sent. docs/api/README.md says how they
// are written.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.mjs';

const folder = join(root, 'docs/api');
export const pages = () => readdirSync(folder).filter((name) => name.endsWith('.md')).sort();

// A page's examples in order. Each: {page, line, prose (what the page says before its block), method, url, headers, json,
// data, form, cookies, and of the comments behind it names, status, code, until}.
export function examplesOf(page, text = readFileSync(join(folder, page), 'utf8')) {
  return blocksOf(text).flatMap(({ line, prose, lines }) => commandsOf(lines, line).map((one) => ({ page, prose, line: one.line, ...readCurl(one), ...readNotes(one) })));
}

// What stands in ```sh, with its line and the text since the block before.
function blocksOf(text) {
  const blocks = [];
  let prose = [];
  let open;
  text.split('\n').forEach((line, index) => {
    if (open) {
      if (line !== '```') return void open.lines.push(line);
      blocks.push(open);
      [open, prose] = [undefined, []];
    } else if (line === '```sh') open = { line: index + 2, prose: prose.join(' '), lines: [] };
    else prose.push(line);
  });
  if (open) throw new Error(`line ${open.line}: the block has no end`);
  return blocks;
}

// Commands with the comments that follow them; a line in quotes belongs to its command, as one behind a backslash.
function commandsOf(lines, first) {
  const commands = [];
  let text = '';
  let begin = 0;
  lines.forEach((line, index) => {
    if (text === '') {
      if (line.startsWith('# →') || line.startsWith('# until ')) return void commands.at(-1).notes.push(line);
      if (line === '' || line.startsWith('# ')) return;
      begin = first + index;
    }
    text += `${line}\n`;
    if (line.endsWith('\\') || !isClosed(text)) return;
    commands.push({ line: begin, words: wordsOf(text), notes: [] });
    text = '';
  });
  if (text !== '') throw new Error(`line ${begin}: a quote or a command has no end`);
  return commands;
}

const quoted = /'[^']*'|"(?:[^"\\]|\\[\s\S])*"/g;
const isClosed = (text) => !/['"]/.test(text.replace(quoted, ''));

// As sh: a word is a list of texts and {name}s of variables. Anything else that a shell would do is refused.
function wordsOf(text) {
  const words = [];
  const token = /\\\n|\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\$(\w+)|([^\s'"\\$`|&;<>()]+)/gy;
  let word;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new Error(`cannot be read: ${text.slice(at, at + 40)}`);
    const [whole, single, double, variable, bare] = found;
    if (/^(\\\n|\s+)$/.test(whole)) word = undefined;
    else {
      if (!word) words.push((word = []));
      if (variable) word.push({ name: variable });
      else word.push(...(double === undefined ? [single ?? bare] : partsOf(double)));
    }
  }
  return words;
}

// What is in double quotes.
const partsOf = (text) =>
  text.split(/(\$\w+)/).map((part) => (part.startsWith('$') ? { name: part.slice(1) } : part.replace(/\\(["\\$`])/g, '$1')));

// The options of curl that the pages use.
const options = {
  '-X': (curl, word) => (curl.method = plain(word)),
  '-H': (curl, word) => curl.headers.push(word),
  '--json': (curl, word) => (curl.json = word),
  '--data-binary': (curl, word) => (curl.data = word),
  '-F': (curl, word) => (curl.form = word),
  '-b': (curl) => (curl.cookies = true),
  '-c': () => {},
  '-o': () => {},
};

function readCurl({ words: [command, ...rest], line }) {
  if (plain(command) !== 'curl') throw new Error(`line ${line}: ${plain(command)} is not curl`);
  const curl = { headers: [] };
  while (rest.length > 0) {
    const word = rest.shift();
    const option = options[plain(word)];
    if (option) option(curl, rest.shift());
    else if (curl.url || plain(word).startsWith('-')) throw new Error(`line ${line}: ${plain(word)} is not known here`);
    else curl.url = word;
  }
  curl.method ??= curl.json || curl.data || curl.form ? 'POST' : 'GET';
  return curl;
}

// `# → NAME = .path`, `# → 409 code`, `# until .path = value`.
function readNotes({ notes, line }) {
  const found = { names: [] };
  for (const note of notes) {
    const [, name, path] = note.match(/^# → ([A-Z_]+) = (\.\S+)$/) ?? [];
    const [, status, code] = note.match(/^# → (\d{3})(?: (\S+))?$/) ?? [];
    const [, waited, value] = note.match(/^# until (\.\S+?)(?: = (\S+))?$/) ?? [];
    if (name) found.names.push({ name, path });
    else if (status) Object.assign(found, { status: Number(status), code });
    else if (waited) found.until = { path: waited, value };
    else throw new Error(`line ${line}: not understood: ${note}`);
  }
  return found;
}

// A word as it is written.
export const plain = (word) => word.map((part) => part.name ? `$${part.name}` : part).join('');

// The path without query, a variable for each part that an example takes from elsewhere.
export const pathOf = (example) => plain(example.url).replace(/^\$MINIOPS/, '').replace(/\?.*$/, '');

function filled(word, values) {
  return word.map((part) => {
    if (!part.name) return part;
    if (values[part.name] === undefined) throw new Error(`nothing before it gives $${part.name}`);
    return values[part.name];
  }).join('');
}

// What `.items[0].id` is in an answer; a part that is missing makes it undefined.
export const valueAt = (body, path) => path.match(/[^.[\]]+/g).reduce((value, key) => value?.[key], body);

function formOf(word, files) {
  const [, name, file] = word.match(/^(\w+)=@(.+)$/);
  const form = new FormData();
  form.append(name, new Blob([files[file]]), file);
  return form;
}

function requestOf(example, values, { files, cookie }) {
  const headers = Object.fromEntries(example.headers.map((word) => filled(word, values).split(/: (.*)/s)));
  if (example.json) headers['content-type'] = 'application/json';
  if (example.cookies) headers.cookie = cookie;
  const word = example.json ?? example.data;
  return { method: example.method, headers, body: example.form ? formOf(plain(example.form), files) : word && filled(word, values) };
}

// Sends it; {status, body, cookie}. `given`: {files by name, cookie}.
export async function send(example, values, given) {
  const answer = await fetch(filled(example.url, values), requestOf(example, values, given));
  const text = await answer.text();
  const body = (answer.headers.get('content-type') ?? '').includes('json') && !text.includes('}\n{') ? JSON.parse(text) : text;
  return { status: answer.status, body, cookie: answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ') };
}
