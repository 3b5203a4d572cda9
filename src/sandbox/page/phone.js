// One phone: the customer-service chat of one user with the mini program.
import { appPath, call, userPath } from './api.js';
import { bubble, mark } from './bubbles.js';
import { field, h, select, toast } from './dom.js';
import { t } from './words.js';

const typingShownMs = 15000;

export function phone(world, openid) {
  const { appid } = world;
  const user = world.users.get(openid);
  const chat = h('div', { class: 'chat', role: 'log', tabindex: '0', 'aria-label': `${user.nickname} · ${t('service')}` });
  const status = h('small', { class: 'status' });
  const budget = h('small', { class: 'budget' });
  let heard = 0;
  let typing;

  function add(message) {
    if (message.seq <= heard) return;
    heard = message.seq;
    const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
    const line = bubble(message, user, appid, world.pushes);
    if (message.push_id) line.dataset.push = message.push_id;
    chat.append(line);
    if (message.direction === 'out') stopTyping();
    if (atEnd || message.direction === 'in') chat.scrollTop = chat.scrollHeight;
    for (const image of line.querySelectorAll('img')) image.onload = () => atEnd && (chat.scrollTop = chat.scrollHeight);
  }
  // Also after the connection came back: what was missed is read from the transcript.
  async function load() {
    const { items } = await call('GET', `${userPath(appid, openid)}?after=${heard}`);
    items.forEach(add);
    await showBudget();
  }
  async function showBudget() {
    const { window } = await call('GET', appPath(appid, `/users/${openid}`));
    const until = new Date(window.expires_at).toLocaleString(document.documentElement.lang, { dateStyle: 'short', timeStyle: 'short' });
    budget.textContent = window.remaining > 0 ? `${t('budget')} ${window.remaining} ${t('budget_until')} ${until}` : t('budget_none');
  }
  function showTyping(on) {
    if (!on) return stopTyping();
    status.textContent = t('typing');
    clearTimeout(typing);
    typing = setTimeout(stopTyping, typingShownMs);
  }
  function stopTyping() {
    clearTimeout(typing);
    status.textContent = '';
  }
  function showPush(push) {
    const old = chat.querySelector(`[data-push="${push.id}"] .mark`);
    if (old) old.replaceWith(mark(push));
  }
  async function say(message) {
    try {
      await call('POST', `${userPath(appid, openid)}?wait=false`, message);
    } catch (problem) {
      toast(t('failed') + problem.message);
    }
  }

  const element = h('article', { class: 'phone', 'data-openid': openid, 'aria-label': user.nickname },
    h('header', {},
      h('span', { class: 'grow' }, h('b', {}, user.nickname), status, budget),
      h('button', { type: 'button', class: 'plain', 'aria-label': `${t('close_phone')} ${user.nickname}`, title: t('close_phone'), onclick: () => world.closePhone(openid) }, '×')),
    chat, composer(appid, user, say));
  return { openid, element, add, load, showTyping, showPush, showBudget };
}

function composer(appid, user, say) {
  const text = h('textarea', { rows: 1, placeholder: t('say'), 'aria-label': `${t('say')} ${user.nickname}`, maxlength: 2000 });
  const sendText = () => {
    const content = text.value.trim();
    if (!content) return;
    text.value = '';
    say({ msgtype: 'text', text: { content } });
  };
  const sendFile = async (file) => {
    try {
      const { media_id } = await call('POST', appPath(appid, '/media'), file);
      await say({ msgtype: 'image', image: { media_id } });
    } catch (problem) {
      toast(t('failed') + problem.message);
    }
  };
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    sendText();
  });
  text.addEventListener('paste', (event) => {
    const file = [...event.clipboardData.files].find((one) => one.type.startsWith('image/'));
    if (!file) return;
    event.preventDefault();
    sendFile(file);
  });
  return h('footer', {},
    h('form', { class: 'row', onsubmit: (event) => (event.preventDefault(), sendText()) },
      text, h('button', { class: 'primary' }, t('send'))),
    h('details', {}, h('summary', {}, t('more')), extras(say, sendFile)));
}

// Entering the session, pictures, cards.
function extras(say, sendFile) {
  const from = h('input', { value: 'page=pages/order/detail&id=77', maxlength: 1000 });
  const file = h('input', { type: 'file', accept: 'image/png,image/jpeg,image/gif', onchange: () => file.files[0] && sendFile(file.files[0]) });
  const builtin = select(['order', 'parcel', 'payment', 'broken'].map((key) => [key, t(`pic_${key}`)]), 'order');
  const title = h('input', { value: '云南高原蓝莓 4 盒装', maxlength: 64 });
  const path = h('input', { value: 'pages/item/item?id=9', maxlength: 500 });
  const template = h('input', { value: 'TPL_ALERT', maxlength: 64 });
  const answer = (status) => say({ event: 'subscribe_msg_popup_event', template_id: template.value, status });
  const button = (label, action) => h('button', { type: 'button', onclick: action }, label);
  return h('div', { class: 'stack' },
    h('div', { class: 'row end' }, field(t('session_from'), from),
      button(t('enter'), () => say({ event: 'user_enter_tempsession', session_from: from.value }))),
    h('div', { class: 'row end' }, field(t('subscribe_template'), template),
      button(t('subscribe_accept'), () => answer('accept')), button(t('subscribe_reject'), () => answer('reject'))),
    field(t('picture_file'), file),
    h('div', { class: 'row end' }, field(t('builtin'), builtin),
      button(t('picture'), () => say({ msgtype: 'image', image: { picture: builtin.value } }))),
    h('div', { class: 'row end' }, field(t('card_title'), title), field(t('card_path'), path),
      button(t('card'), () => say({ msgtype: 'miniprogrampage', miniprogrampage: { title: title.value, pagepath: path.value } }))));
}
