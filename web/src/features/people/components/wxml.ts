// What a team pastes into its mini program: the button that opens a conversation, the page's code, and the code of its
// server that signs session-from.

export interface Parameter {
  name: string;
  value: string;
}
export interface Entrance {
  text: string; // on the button
  parameters: Parameter[]; // the page's own: shown, not trusted
  signed: boolean; // before them comes what the mini program's server signed
  card: boolean; // offers the customer a card of the mini program to send
  title: string;
  path: string;
  image: string;
}

export const fresh = (): Entrance => ({ text: '', parameters: [{ name: 'page', value: 'pages/index/index' }], signed: false, card: false, title: '', path: '', image: '' });

export const sessionFromMax = 1000; // bytes; WeChat's limit
export const bytesOf = (text: string) => new TextEncoder().encode(text).length;

// As RFC 3986 has it: encodeURIComponent leaves some signs that quotes and brackets are made of.
export const encode = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
export const sessionFrom = (parameters: Parameter[]) =>
  parameters
    .filter(({ name }) => name.trim() !== '')
    .map(({ name, value }) => `${encode(name.trim())}=${encode(value)}`)
    .join('&');

// The server leaves out names that begin with '_', and takes the first of those that come twice.
export type ParameterProblem = 'reserved' | 'twice';
export function problemOf(parameters: Parameter[], index: number): ParameterProblem | null {
  const name = parameters[index]!.name.trim();
  if (name.startsWith('_')) return 'reserved';
  return name !== '' && parameters.slice(0, index).some((one) => one.name.trim() === name) ? 'twice' : null;
}

// WXML says nowhere how a quote within quotes is written, and reads {{ }} as an expression: such a text goes into the
// page's data, where it is a string as any other.
const plain = (text: string) => !/["<\\\r\n]|\{\{|&[#\w]+;/.test(text);

interface Written {
  wxml: string;
  data: Record<string, string>; // of the page
}

export function wxmlOf(entrance: Entrance): Written {
  const data: Record<string, string> = {};
  const put = (name: string, text: string) => {
    if (plain(text)) return text;
    data[name] = text;
    return `{{${name}}}`;
  };
  const attributes = ['open-type="contact"'];
  const own = sessionFrom(entrance.parameters);
  if (entrance.signed) {
    data.sessionFrom = own;
    attributes.push('session-from="{{sessionFrom}}"');
  } else if (own) attributes.push(`session-from="${own}"`);
  if (entrance.card) {
    attributes.push('show-message-card="{{true}}"');
    for (const [attribute, name] of [['title', 'contactTitle'], ['path', 'contactPath'], ['img', 'contactImage']] as const) {
      const text = attribute === 'img' ? entrance.image : entrance[attribute];
      if (text) attributes.push(`send-message-${attribute}="${put(name, text)}"`);
    }
  }
  const text = put('contactText', entrance.text);
  return { wxml: `<button\n${attributes.map((one) => `  ${one}\n`).join('')}>${text}</button>`, data };
}

// The page's code; '' when the button needs none. The customer may press before the server has answered: then what
// the page itself says goes along.
export function pageOf(entrance: Entrance, data: Record<string, string>): string {
  if (Object.keys(data).length === 0) return '';
  const values = JSON.stringify(data, null, 2).split('\n').join('\n  ');
  if (!entrance.signed) return `Page({\n  data: ${values},\n});`;
  const own = data.sessionFrom ? ' + \'&\' + this.data.sessionFrom' : '';
  return `Page({
  data: ${values},

  onLoad() {
    wx.request({
      url: 'https://api.example.com/session-from',
      header: { Authorization: wx.getStorageSync('token') },
      success: ({ data }) => this.setData({ sessionFrom: data.sessionFrom${own} }),
    });
  },
});`;
}

// Of the mini program's server. src/people/session_from.hpp says what is signed.
export const serverCode = `const { createHmac } = require('node:crypto');

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (one) => '%' + one.charCodeAt(0).toString(16).toUpperCase());

function signSessionFrom(key, parameters, openid, now = Date.now()) {
  const all = { ...parameters, ...(openid && { _openid: openid }), _ts: Math.floor(now / 1000) };
  const text = Object.keys(all).sort().map((name) => encode(name) + '=' + encode(all[name])).join('&');
  return text + '&_sig=' + createHmac('sha256', key).update(text).digest('base64url');
}

// { sessionFrom: signSessionFrom(process.env.MINIOPS_SESSION_KEY, { level: 3, login_id: user.id }, user.openid) }`;
