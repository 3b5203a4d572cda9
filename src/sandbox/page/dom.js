// Elements without markup: text can never become HTML here.

// h('button', {class: 'primary', onclick: send, 'aria-label': '…'}, 'Send', otherElement)
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let fields = 0;
// A label with its input, select or textarea.
export function field(label, control) {
  control.id ||= `field-${++fields}`;
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control);
}

export function select(options, value, attributes = {}) {
  const element = h('select', attributes, options.map(([key, label]) => h('option', { value: key }, label)));
  element.value = value;
  return element;
}

export const clock = (at) =>
  new Date(at).toLocaleTimeString(document.documentElement.lang, { hour12: false, hour: '2-digit', minute: '2-digit', second: '2-digit' });

// A short message at the bottom, read out politely.
export function toast(text) {
  let place = document.getElementById('toast');
  if (!place) document.body.append((place = h('div', { id: 'toast', role: 'status' })));
  place.textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (place.textContent = ''), 6000);
}
