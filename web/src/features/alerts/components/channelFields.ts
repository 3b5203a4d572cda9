// What each kind of channel needs: its fields in order. Lists are written one a line or with commas.
import type { Channel, ChannelKind } from '../api/channels';

export interface ChannelField {
  name: string;
  type: 'text' | 'number' | 'list' | 'secret' | 'pairs' | 'choice';
  required?: boolean;
  choices?: string[];
  usual?: string;
}

export const channelFields: Record<ChannelKind, ChannelField[]> = {
  wecom_robot: [
    { name: 'key', type: 'secret', required: true },
    { name: 'mentioned', type: 'list' },
  ],
  wecom_app: [
    { name: 'corpid', type: 'text', required: true },
    { name: 'agentid', type: 'number', required: true },
    { name: 'secret', type: 'secret', required: true },
    { name: 'touser', type: 'list' },
    { name: 'toparty', type: 'list' },
  ],
  email: [
    { name: 'host', type: 'text', required: true },
    { name: 'port', type: 'number', usual: '465' },
    { name: 'security', type: 'choice', choices: ['tls', 'starttls'], usual: 'tls' },
    { name: 'username', type: 'text' },
    { name: 'password', type: 'secret' },
    { name: 'from', type: 'text', required: true },
    { name: 'to', type: 'list', required: true },
  ],
  tencent_sms: [
    { name: 'secret_id', type: 'text', required: true },
    { name: 'secret_key', type: 'secret', required: true },
    { name: 'sdk_app_id', type: 'text', required: true },
    { name: 'sign_name', type: 'text', required: true },
    { name: 'template_id', type: 'text', required: true },
    { name: 'parameters', type: 'list' },
    { name: 'phones', type: 'list', required: true },
  ],
  subscribe: [
    { name: 'openid', type: 'text', required: true },
    { name: 'template_id', type: 'text', required: true },
    { name: 'page', type: 'text' },
    { name: 'data', type: 'pairs', required: true },
  ],
  webhook: [
    { name: 'url', type: 'secret', required: true },
    { name: 'format', type: 'choice', choices: ['miniops', 'alertmanager'], usual: 'miniops' },
    { name: 'signing_secret', type: 'secret' },
  ],
};

const linesOf = (text: string) => text.split(/[\n,，]/).map((one) => one.trim()).filter(Boolean);

function valueOf(field: ChannelField, text: string): unknown {
  if (field.type === 'number') return Number(text);
  if (field.type === 'list') return linesOf(text);
  if (field.type === 'pairs') return Object.fromEntries(text.split('\n').map((line) => line.split('=')).filter((pair) => pair.length >= 2).map(([name, ...rest]) => [name!.trim(), rest.join('=').trim()]));
  return text.trim();
}

// What is empty is left away; secrets go apart. Settings are stored as a whole: what the form does not know stays.
export function partsOf(kind: ChannelKind, written: Record<string, string>, stored: object = {}) {
  const known = new Set(channelFields[kind].map((field) => field.name));
  const settings: Record<string, unknown> = Object.fromEntries(Object.entries(stored).filter(([name]) => !known.has(name)));
  const secrets: Record<string, string> = {};
  for (const field of channelFields[kind]) {
    const text = written[field.name] ?? field.usual ?? '';
    if (text.trim() === '') continue;
    if (field.type === 'secret') secrets[field.name] = text.trim();
    else settings[field.name] = valueOf(field, text);
  }
  return { settings, secrets };
}

export function writtenOf(channel: Channel): Record<string, string> {
  const shown = (value: unknown) => (Array.isArray(value) ? value.join('\n') : typeof value === 'object' && value !== null ? Object.entries(value).map(([name, text]) => `${name}=${text}`).join('\n') : String(value ?? ''));
  return Object.fromEntries(Object.entries(channel.settings).map(([name, value]) => [name, shown(value)]));
}

export const missing = (kind: ChannelKind, written: Record<string, string>, stored: Record<string, boolean>) =>
  channelFields[kind].some((field) => field.required && !(written[field.name] ?? field.usual ?? '').trim() && !(field.type === 'secret' && stored[field.name]));
