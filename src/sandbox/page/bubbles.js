// One line of the chat as the phone shows it.
import { mediaUrl } from './api.js';
import { clock, h } from './dom.js';
import { avatar } from './people.js';
import { t } from './words.js';

// `pushes`: id → push, for the mark beside what the user said.
export function bubble(message, user, appid, pushes) {
  if (message.direction === 'note') return note(message, user);
  const own = message.direction === 'in';
  const face = own ? avatar(user) : h('span', { class: 'avatar service', 'aria-hidden': 'true' }, '客');
  return h('div', { class: `bubble ${own ? 'own' : 'theirs'}`, 'data-seq': message.seq },
    face,
    h('div', { class: 'says' }, content(message, appid),
      h('small', { class: 'meta' }, h('time', {}, clock(message.at)), own && message.push_id && mark(pushes.get(message.push_id)))));
}

export function mark(push) {
  const state = push?.state ?? 'pending';
  const sign = { pending: '…', delivered: '✓', failed: '!' }[state];
  return h('span', { class: `mark ${state}`, title: t(`push_${state}`), 'aria-label': t(`push_${state}`), role: 'img' }, sign);
}

function note(message, user) {
  const what = message[message.msgtype] ?? {};
  const [text, code] = noteWords(message.msgtype, what, user);
  return h('div', { class: 'note', 'data-seq': message.seq }, text, code && h('code', {}, code));
}

function noteWords(kind, what, user) {
  if (kind === 'user_enter_tempsession') return [`${user.nickname} ${t('entered')}`, what.session_from];
  if (kind !== 'subscribe_msg_popup_event') return [t('handed_over'), ''];
  const accepted = what.status === 'accept';
  return [`${user.nickname} ${t(accepted ? 'subscribe_accepted' : 'subscribe_rejected')}`, what.template_id];
}

function content(message, appid) {
  const what = message[message.msgtype] ?? {};
  switch (message.msgtype) {
    case 'text':
      return h('div', { class: 'text' }, ...textParts(what.content));
    case 'image':
      return picture(mediaUrl(appid, what.media_id));
    case 'miniprogrampage':
      return h('div', { class: 'card' }, h('b', {}, what.title),
        what.thumb_media_id && h('img', { src: mediaUrl(appid, what.thumb_media_id), alt: '' }),
        h('small', {}, `◇ ${t('mini_program_card')} · ${what.pagepath}`));
    case 'link':
      return h('div', { class: 'card' }, h('b', {}, what.title), h('span', {}, what.description ?? ''), h('small', {}, what.url));
    case 'location':
      return h('div', { class: 'card' }, h('b', {}, `📍 ${what.label}`), h('small', {}, `${what.latitude}, ${what.longitude}`));
    case 'subscribe':
      return h('div', { class: 'card' }, h('b', {}, t('subscribe_message')),
        Object.entries(what.data).map(([keyword, { value }]) => h('span', { title: keyword }, value)),
        h('small', {}, what.page || what.template_id));
    default:
      return h('div', { class: 'text' }, JSON.stringify(what));
  }
}

// WeChat shows <a href>words</a> in a text as a link; it leads nowhere here.
function textParts(text) {
  return String(text).split(/(<a\s[^>]*>.*?<\/a>)/gs).map((part) => {
    const link = /^<a\s[^>]*>(.*?)<\/a>$/s.exec(part);
    return link ? h('span', { class: 'link', title: part }, link[1]) : part;
  });
}

function picture(source) {
  return h('button', { type: 'button', class: 'picture', 'aria-label': t('open_picture'), onclick: () => enlarge(source) },
    h('img', { src: source, alt: '' }));
}

function enlarge(source) {
  const dialog = h('dialog', { class: 'enlarged', 'aria-label': t('open_picture'), onclose: () => dialog.remove() },
    h('img', { src: source, alt: '' }),
    h('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, t('close')));
  document.body.append(dialog);
  dialog.showModal();
}
