// Right, below: what shall go wrong, and the platform's clock.
import { appPath, call } from './api.js';
import { field, h, select, toast } from './dom.js';
import { t } from './words.js';

const apis = ['*', 'message/custom/send', 'message/custom/typing', 'message/subscribe/send', 'token', 'stable_token', 'media/upload', 'media/get', 'getcallbackip'];
const hourMs = 3600000;

function faultOf(kind, value) {
  switch (kind) {
    case 'errcode':
      return { errcode: value };
    case 'delay':
      return { delay_ms: Math.max(0, value) };
    case 'cut_before':
      return { disconnect: 'before' };
    case 'cut_after':
      return { disconnect: 'after' };
    default:
      return { status: 502, answer: 'Bad Gateway' };
  }
}

export function faults(world) {
  const list = h('ul', { class: 'faults' });
  const api = select(apis.map((name) => [name, name === '*' ? t('any_api') : name]), 'message/custom/send');
  const kind = select(['errcode', 'delay', 'cut_before', 'cut_after', 'nonsense'].map((key) => [key, t(key)]), 'errcode');
  const value = h('input', { type: 'number', value: '45011' });
  const times = h('input', { type: 'number', value: '1', min: 0, max: 1000000 });

  async function show() {
    const { items } = world.appid ? await call('GET', appPath(world.appid, '/faults')) : { items: [] };
    list.replaceChildren(...items.map((fault) => h('li', {}, h('code', {}, JSON.stringify(fault)))));
    if (!items.length) list.append(h('li', { class: 'empty' }, t('no_faults')));
  }
  const attempt = async (action) => {
    try {
      await action();
      await show();
    } catch (problem) {
      toast(t('failed') + problem.message);
    }
  };
  const set = (event) => {
    event.preventDefault();
    const count = Number(times.value);
    const how = count > 0 ? { times: count } : { rate: 1 };
    attempt(() => call('POST', appPath(world.appid, '/faults'), { api: api.value, ...faultOf(kind.value, Number(value.value)), ...how }));
  };
  const element = h('section', { class: 'pane', 'aria-label': t('faults') },
    h('h2', {}, t('faults')),
    h('form', { class: 'stack', onsubmit: set },
      h('div', { class: 'row' }, field(t('api'), api), field(t('fault_kind'), kind)),
      h('div', { class: 'row' }, field(t('value'), value), field(t('times'), times)),
      h('div', { class: 'row' }, h('button', { class: 'primary' }, t('set_fault')),
        h('button', { type: 'button', onclick: () => attempt(() => call('DELETE', appPath(world.appid, '/faults'))) }, t('clear_faults')))),
    list);
  return { element, show: () => attempt(async () => {}) };
}

export function clockPanel() {
  const shown = h('output', {});
  let at; // the platform's time less ours
  let ahead = '';
  const tick = () => at !== undefined && (shown.textContent = new Date(Date.now() + at).toLocaleString(document.documentElement.lang) + ahead);
  const show = ({ now, offset_ms }) => {
    at = now - Date.now();
    ahead = offset_ms ? ` · ${t('ahead')} ${Math.round(offset_ms / hourMs)} ${t('hours')}` : '';
    tick();
  };
  clearInterval(clockPanel.timer);
  clockPanel.timer = setInterval(tick, 1000);
  const advance = async (hours) => show(await call('POST', '/clock', { advance_ms: hours * hourMs }));
  const element = h('section', { class: 'pane', 'aria-label': t('clock') },
    h('h2', {}, t('clock')),
    h('div', { class: 'row' }, h('span', { class: 'grow' }, shown),
      h('button', { type: 'button', onclick: () => advance(1) }, t('advance_1h')),
      h('button', { type: 'button', onclick: () => advance(48) }, t('advance_48h'))));
  return { element, show, load: async () => show(await call('GET', '/clock')) };
}
