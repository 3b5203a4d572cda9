// The page: people on the left, phones in the middle, what happens on the right.
import { appPath, call, listen } from './api.js';
import { h, toast } from './dom.js';
import { clockPanel, faults } from './faults.js';
import { group, groups } from './groups.js';
import { people } from './people.js';
import { phone } from './phone.js';
import { traffic } from './traffic.js';
import { switchLanguage, t } from './words.js';

const phonesMax = 4;
const remembered = (key) => localStorage.getItem(`sandbox.${key}`);
const remember = (key, value) => localStorage.setItem(`sandbox.${key}`, value);

const world = { apps: [], appid: '', users: new Map(), pushes: new Map(), open: [], choose, openPhone, closePhone };
let parts = { phones: new Map() };
const open = new Map(); // key of a robot → its group on the screen

async function choose(appid) {
  const { items } = await call('GET', '/apps');
  world.apps = items;
  world.appid = (items.find((app) => app.appid === appid) ?? items[0])?.appid ?? '';
  remember('appid', world.appid);
  world.users = new Map();
  world.pushes = new Map();
  let pushes = { items: [] };
  let calls = { items: [] };
  if (world.appid) {
    const users = await call('GET', appPath(world.appid, '/users'));
    for (const user of users.items) world.users.set(user.openid, user);
    pushes = await call('GET', appPath(world.appid, '/pushes?limit=200'));
    calls = await call('GET', appPath(world.appid, '/calls?limit=100'));
    for (const push of pushes.items) world.pushes.set(push.id, push);
  }
  world.open = (remembered(`open.${world.appid}`) ?? '').split(',').filter((openid) => world.users.has(openid));
  build();
  const past = [...pushes.items.map((push) => ['push', push]), ...calls.items.map((one) => ['call', one])];
  past.sort(([, a], [, b]) => a.at - b.at).forEach(([kind, data]) => parts.traffic.put(kind, data));
}

function build() {
  parts = { people: people(world), groups: groups(openGroup), traffic: traffic(world), faults: faults(world), clock: clockPanel(), phones: new Map() };
  parts.middle = h('section', { class: 'phones', 'aria-label': t('pane_phones') });
  document.getElementById('main').replaceChildren(
    h('div', { class: 'column left' }, parts.people.element, parts.groups.element),
    parts.middle,
    h('div', { class: 'column right' }, parts.traffic.element, world.appid && parts.faults.element, parts.clock.element));
  parts.faults.show();
  parts.clock.load();
  parts.groups.load().catch((problem) => toast(t('failed') + problem.message));
  world.open.forEach(addPhone);
  for (const one of open.values()) parts.middle.append(one.element);
  showEmpty();
}

function showEmpty() {
  parts.middle.querySelector(':scope > .empty')?.remove();
  if (!parts.phones.size && !open.size) parts.middle.append(h('p', { class: 'empty' }, t('no_phones')));
}

function addPhone(openid) {
  const one = phone(world, openid);
  parts.phones.set(openid, one);
  parts.middle.append(one.element);
  one.load().catch((problem) => toast(t('failed') + problem.message));
}

function openPhone(openid) {
  if (!world.open.includes(openid)) {
    if (world.open.length >= phonesMax) closePhone(world.open[0]);
    world.open.push(openid);
    addPhone(openid);
  }
  changedPhones();
  showPane('phones');
  const frame = parts.phones.get(openid).element;
  frame.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  frame.querySelector('textarea').focus();
}

function closePhone(openid) {
  world.open = world.open.filter((one) => one !== openid);
  parts.phones.get(openid)?.element.remove();
  parts.phones.delete(openid);
  changedPhones();
}

function changedPhones() {
  remember(`open.${world.appid}`, world.open.join(','));
  showEmpty();
  parts.people.fill();
}

function openGroup(robot) {
  if (!open.has(robot.key)) {
    const one = group(robot, () => closeGroup(robot.key));
    open.set(robot.key, one);
    parts.middle.prepend(one.element);
    one.load().catch((problem) => toast(t('failed') + problem.message));
  }
  showEmpty();
  showPane('phones');
  open.get(robot.key).element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function closeGroup(key) {
  open.get(key)?.element.remove();
  open.delete(key);
  showEmpty();
}

// On a narrow screen one pane at a time.
function showPane(name) {
  document.getElementById('main').dataset.pane = name;
  for (const button of document.querySelectorAll('#panes button')) button.setAttribute('aria-current', String(button.dataset.pane === name));
}

const happened = {
  message({ openid, message }) {
    const user = world.users.get(openid);
    if (user) {
      user.messages = message.seq;
      user.last_at = message.at;
    }
    const open = parts.phones.get(openid);
    open?.add(message);
    open?.showBudget();
    parts.people.fill();
  },
  typing: ({ openid, on }) => parts.phones.get(openid)?.showTyping(on),
  user(user) {
    world.users.set(user.openid, user);
    parts.people.fill();
  },
  push(push) {
    world.pushes.set(push.id, push);
    parts.traffic.put('push', push);
    parts.phones.get(push.openid)?.showPush(push);
  },
  call(one) {
    parts.traffic.put('call', one);
    if (one.fault) parts.faults.show();
  },
};

function onLine({ type, appid, data }) {
  if (type === 'clock') return parts.clock.show(data);
  if (type === 'robot') {
    parts.groups.heard(data);
    if (data.message) open.get(data.key)?.add(data.message);
    if (data.robot === null) closeGroup(data.key);
    return undefined;
  }
  if (type === 'app' && !world.apps.some((app) => app.appid === appid)) return choose(world.appid);
  if (appid === world.appid) happened[type]?.(data);
}

let wasLost = false;
function onState(live) {
  const state = document.getElementById('state');
  state.textContent = live ? t('live') : t('offline');
  state.className = live ? 'good' : 'bad';
  if (live && wasLost) choose(world.appid);
  wasLost = !live;
}

document.title = `MiniOps ${t('title')}`;
document.getElementById('top').append(
  h('h1', { class: 'grow' }, `MiniOps ${t('title')}`),
  h('span', { id: 'state', role: 'status' }),
  h('button', { type: 'button', onclick: switchLanguage }, t('language')));
document.getElementById('panes').append(
  ...['people', 'phones', 'traffic'].map((name) =>
    h('button', { type: 'button', 'data-pane': name, onclick: () => showPane(name) }, t(`pane_${name}`))));
document.getElementById('panes').setAttribute('aria-label', t('show'));
showPane('phones');
await choose(remembered('appid'));
if (!world.appid || !world.open.length) showPane('people');
listen(onLine, onState);
