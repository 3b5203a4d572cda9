// Right: every push and API call as it happens, with all its bytes.
import { clock, h, select } from './dom.js';
import { t } from './words.js';

const shownMax = 200;

export function traffic(world) {
  const list = h('ul', { class: 'traffic' });
  const what = select([['all', t('all')], ['push', t('pushes')], ['call', t('calls')]], 'all', {
    'aria-label': t('show'),
    onchange: () => (list.dataset.show = what.value),
  });
  const element = h('section', { class: 'pane', 'aria-label': t('traffic') },
    h('div', { class: 'row' }, h('h2', { class: 'grow' }, t('traffic')), what,
      h('button', { type: 'button', onclick: () => list.replaceChildren() }, t('clear'))),
    list);
  list.dataset.show = 'all';
  list.dataset.empty = t('no_traffic');

  // A push is told again after each try: its entry is replaced and keeps its place and whether it is open.
  function put(kind, data) {
    const id = `${kind}-${kind === 'push' ? data.id : data.seq}`;
    const fresh = kind === 'push' ? pushEntry(data, world) : callEntry(data);
    fresh.id = id;
    fresh.classList.add(kind);
    const old = list.querySelector(`#${id}`);
    if (old) {
      fresh.querySelector('details').open = old.querySelector('details').open;
      old.replaceWith(fresh);
    } else {
      list.prepend(fresh);
      while (list.children.length > shownMax) list.lastChild.remove();
    }
  }
  return { element, put };
}

function entry(at, badge, tone, title, aside, parts) {
  return h('li', {},
    h('details', {},
      h('summary', {}, h('time', {}, clock(at)), h('span', { class: `badge ${tone}` }, badge), h('span', { class: 'grow' }, title), h('small', {}, aside)),
      parts.filter(([, text]) => text).map(([label, text]) => h('div', { class: 'part' }, h('h3', {}, label), h('pre', { tabindex: '0', 'aria-label': label }, pretty(text))))));
}

function pushEntry(push, world) {
  const tone = { delivered: 'good', failed: 'bad', pending: '' }[push.state];
  const who = world.users.get(push.openid)?.nickname ?? push.openid;
  const lastTry = push.tries.at(-1);
  const tries = push.tries.map((one) => `${clock(one.at)}  ${one.status || '—'}  ${one.ms} ms  ${one.error ?? one.body}`).join('\n');
  const marks = [`${push.mode} ${push.format}`, ...push.switches, push.reply].filter(Boolean).join(' · ');
  return entry(push.at, t('push'), tone, `${push.kind} · ${who}`, lastTry ? `${lastTry.status || '—'} · ${lastTry.ms} ms` : '…', [
    [t('push'), `${t(`push_${push.state}`)} · ${marks}`],
    [t('tries'), tries],
    [t('message'), push.message],
    [t('request'), `${push.request.method} ${push.request.url}\n\n${push.request.body}`],
  ]);
}

function callEntry(call) {
  const bad = call.errcode !== 0 || call.disconnected || call.status !== 200;
  const outcome = call.disconnected ? t('lost') : call.status !== 200 ? String(call.status) : String(call.errcode);
  return entry(call.at, t('call'), bad ? 'bad' : 'good', call.api, `${outcome} · ${call.ms} ms`, [
    [t('query'), `${call.method} ${call.query}`],
    [t('body'), call.body],
    [t('answer'), call.answer],
    [t('faults'), call.fault],
  ]);
}

// Indented when it is JSON; but not where a 64-bit number would lose digits.
function pretty(text) {
  if (/\d{16,}/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
