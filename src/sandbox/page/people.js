// Left: which mini program, its settings, and the people who use it.
import { appPath, call } from './api.js';
import { field, h, select, toast } from './dom.js';
import { t } from './words.js';

const first = ['小', '阿', '老', '晚风', '南山', '橘子', '云边', '青柠', '星河', '半夏'];
const last = ['林', '陈', '周', '雨', '汽水', '不吃鱼', '的猫', '先生', '同学', '妈妈', '在路上'];
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const nickname = () => pick(first) + pick(last);

// `world`: {apps, appid, users, open, choose(appid), openPhone(openid), reload()}
export function people(world) {
  const list = h('ul', { class: 'users' });
  const filter = h('input', { type: 'search', 'aria-label': t('filter_users'), placeholder: t('filter_users'), oninput: fill });

  function fill() {
    const wanted = filter.value.trim().toLowerCase();
    const shown = [...world.users.values()]
      .filter((user) => !wanted || user.nickname.toLowerCase().includes(wanted) || user.openid.toLowerCase().includes(wanted))
      .sort((a, b) => (b.last_at ?? 0) - (a.last_at ?? 0))
      .slice(0, 200);
    list.replaceChildren(
      ...shown.map((user) =>
        h('li', {},
          h('button', { type: 'button', class: 'user', 'aria-pressed': String(world.open.includes(user.openid)), onclick: () => world.openPhone(user.openid) },
            avatar(user), h('span', { class: 'grow' }, h('b', {}, user.nickname), h('small', {}, user.openid)),
            h('span', { class: 'count' }, String(user.messages))))),
    );
    if (!shown.length) list.append(h('li', { class: 'empty' }, t('no_users')));
  }

  const element = h('section', { class: 'pane people', 'aria-label': t('pane_people') },
    appChooser(world), world.appid ? [userForm(world), filter, list] : h('p', { class: 'empty' }, t('no_miniprogram')));
  fill();
  return { element, fill };
}

export const avatar = (user) =>
  h('span', { class: `avatar tone${[...user.openid].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 6}`, 'aria-hidden': 'true' }, [...user.nickname].at(-1));

function appChooser(world) {
  const options = world.apps.map((app) => [app.appid, app.name ? `${app.name} · ${app.appid}` : app.appid]);
  const chooser = select(options, world.appid, { onchange: () => world.choose(chooser.value) });
  const current = world.apps.find((app) => app.appid === world.appid);
  return h('div', { class: 'chooser' },
    current && field(t('miniprogram'), chooser),
    current && h('details', {}, h('summary', {}, t('settings')), appForm(world, current)),
    h('details', { open: !current }, h('summary', {}, t('add_miniprogram')), appForm(world, null)));
}

function appForm(world, app) {
  const input = (name, value, attributes = {}) => h('input', { name, value: value ?? '', autocomplete: 'off', ...attributes });
  const keep = app ? { placeholder: t('unchanged') } : {};
  const mode = select(['plain', 'compatible', 'safe'].map((key) => [key, t(key)]), app?.mode ?? 'safe', { name: 'mode' });
  const format = select([['json', 'JSON'], ['xml', 'XML']], app?.format ?? 'json', { name: 'format' });
  const form = h('form', { class: 'stack' },
    !app && field(t('appid'), input('appid', '', { required: true, pattern: '[A-Za-z0-9_]{1,32}' })),
    field(t('name'), input('name', app?.name)),
    field(t('secret'), input('secret', '', { required: !app, ...keep })),
    field(t('push_url'), input('push_url', app?.push_url, { type: 'url' })),
    field(t('token'), input('token', '', keep)),
    field(t('aes_key'), input('encoding_aes_key', '', { maxlength: 43, ...keep })),
    h('div', { class: 'row' }, field(t('mode'), mode), field(t('format'), format)),
    h('div', { class: 'row' },
      h('button', { class: 'primary' }, t('save')),
      app && h('button', { type: 'button', onclick: () => verify(app.appid) }, t('verify'))));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
    try {
      await (app ? call('PATCH', appPath(app.appid), values) : call('POST', '/apps', values));
      toast(t('saved'));
      await world.choose(app?.appid ?? values.appid);
    } catch (problem) {
      toast(t('failed') + problem.message);
    }
  });
  return form;
}

async function verify(appid) {
  try {
    const result = await call('POST', appPath(appid, '/verify'), {});
    toast(result.ok ? `${t('verify_ok')} · ${result.ms} ms` : t('verify_bad') + (result.error ?? `${result.status} ${result.body}`));
  } catch (problem) {
    toast(t('failed') + problem.message);
  }
}

function userForm(world) {
  const name = h('input', { value: nickname(), 'aria-label': t('nickname'), maxlength: 32 });
  const shuffle = h('button', { type: 'button', 'aria-label': t('shuffle'), title: t('shuffle'), onclick: () => (name.value = nickname()) }, '↻');
  const form = h('form', { class: 'row' }, name, shuffle, h('button', { class: 'primary' }, t('add_user')));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const user = await call('POST', appPath(world.appid, '/users'), { nickname: name.value });
      name.value = nickname();
      world.users.set(user.openid, user);
      world.openPhone(user.openid);
    } catch (problem) {
      toast(t('failed') + problem.message);
    }
  });
  return form;
}
