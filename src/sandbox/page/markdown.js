// WeCom's subset of Markdown as elements: headings, quotes, bold, inline code, links, coloured words, mentions. Text
// can never become HTML.
import { h } from './dom.js';

const parts = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|<font color="(info|comment|warning)">(.*?)<\/font>|<@([^>]+)>/g;

function inline(text) {
  const out = [];
  let at = 0;
  for (const found of text.matchAll(parts)) {
    const [whole, bold, code, words, address, colour, coloured, user] = found;
    if (found.index > at) out.push(text.slice(at, found.index));
    if (bold) out.push(h('b', {}, inline(bold)));
    else if (code) out.push(h('code', {}, code));
    else if (words) out.push(/^https?:/.test(address) ? h('a', { href: address, target: '_blank', rel: 'noreferrer' }, words) : words);
    else if (colour) out.push(h('span', { class: `colour-${colour}` }, inline(coloured)));
    else if (user) out.push(h('span', { class: 'mention' }, `@${user}`));
    at = found.index + whole.length;
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}

export function markdown(text) {
  return String(text).split('\n').map((line) => {
    const heading = /^#{1,6} (.*)$/.exec(line);
    if (heading) return h('strong', { class: 'heading' }, inline(heading[1]));
    if (line.startsWith('>')) return h('blockquote', {}, inline(line.replace(/^> ?/, '')));
    return h('div', {}, inline(line));
  });
}
