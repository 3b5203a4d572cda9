// WeCom groups: what robots have said, as the group's members see it.
import { call } from './api.js';
import { clock, h, toast } from './dom.js';
import { markdown } from './markdown.js';
import { t } from './words.js';

const path = (key, rest = '') => `/robots/${encodeURIComponent(key)}${rest}`;

// Left, below the people: the groups' robots. `open(key)` shows one's group.
export function groups(open) {
  const robots = new Map();
  const list = h('ul', { class: 'users' });
  const name = h('input', { 'aria-label': t('group_name'), placeholder: t('group_name'), maxlength: 64 });

  function fill() {
    list.replaceChildren(...[...robots.values()].map((robot) =>
      h('li', {},
        h('button', { type: 'button', class: 'user', 'data-robot': robot.key, onclick: () => open(robot) },
          h('span', { class: 'avatar service', 'aria-hidden': 'true' }, '群'),
          h('span', { class: 'grow' }, h('b', {}, robot.name), h('small', {}, robot.key)),
          h('span', { class: 'count' }, String(robot.messages))))));
    if (!robots.size) list.append(h('li', { class: 'empty' }, t('no_groups')));
  }
  async function load() {
    const { items } = await call('GET', '/robots');
    robots.clear();
    for (const robot of items) robots.set(robot.key, robot);
    fill();
  }
  // A line of the live feed: a robot was made, changed or removed, or has said something.
  function heard({ key, robot, message }) {
    if (robot) robots.set(key, robot);
    if (robot === null) robots.delete(key);
    if (message && robots.has(key)) robots.get(key).messages = message.seq;
    fill();
  }
  const add = async (event) => {
    event.preventDefault();
    try {
      open(await call('POST', '/robots', name.value.trim() ? { name: name.value.trim() } : {}));
      name.value = '';
    } catch (problem) {
      toast(t('failed') + problem.message);
    }
  };
  const element = h('section', { class: 'pane groups', 'aria-label': t('groups') },
    h('h2', {}, t('groups')),
    h('form', { class: 'row', onsubmit: add }, name, h('button', {}, t('add_robot'))),
    list);
  return { element, load, heard };
}

// One group as a chat.
export function group(robot, close) {
  const chat = h('div', { class: 'chat', role: 'log', tabindex: '0', 'aria-label': `${robot.name} · ${t('group')}` });
  let last = 0;

  function add(message) {
    if (message.seq <= last) return;
    last = message.seq;
    chat.append(h('div', { class: 'bubble theirs', 'data-seq': message.seq },
      h('span', { class: 'avatar service', 'aria-hidden': 'true' }, '机'),
      h('div', { class: 'says' },
        h('small', {}, robot.name),
        message.msgtype === 'markdown' ? h('div', { class: 'text rich' }, markdown(message.markdown.content)) : plain(message.text),
        h('small', { class: 'meta' }, h('time', {}, clock(message.at))))));
    chat.scrollTop = chat.scrollHeight;
  }
  async function load() {
    const { items } = await call('GET', path(robot.key, '/messages'));
    items.forEach(add);
    if (!items.length) chat.append(h('p', { class: 'note' }, `${t('robot_address')} /cgi-bin/webhook/send?key=${robot.key}`));
  }
  const element = h('article', { class: 'phone group', 'data-robot': robot.key, 'aria-label': robot.name },
    h('header', {},
      h('span', { class: 'grow' }, h('b', {}, robot.name), h('small', {}, t('group'))),
      h('button', { type: 'button', class: 'plain', 'aria-label': `${t('close_phone')} ${robot.name}`, title: t('close_phone'), onclick: close }, '×')),
    chat);
  return { element, add, load };
}

function plain(text) {
  const mentions = [...(text.mentioned_list ?? []), ...(text.mentioned_mobile_list ?? [])];
  return h('div', { class: 'text' }, text.content, mentions.map((one) => h('span', { class: 'mention' }, ` @${one.replace(/^@/, '')}`)));
}
