// What a live change about colleagues says to me; undefined: nothing. Pure.
import type { TFunction } from 'i18next';

type Data = Record<string, unknown>;
const kinds = ['mention', 'consult', 'answer'] as const;
const outcomes = ['asked', 'accepted', 'declined', 'expired', 'withdrawn', 'taken_over', 'escalated'] as const;

export interface Told {
  conversation: string; // '': of none
  title: string;
  once?: true; // only the newest is shown, however many conversations they are about
}

export function toldOf(topic: string, data: Data, me: string, t: TFunction<'console'>): Told | undefined {
  const conversation = String(data.conversation_id ?? '');
  const name = String(data.from_name ?? '');
  if (topic === 'mention') {
    const kind = kinds.find((one) => one === data.kind);
    return kind && (data.account_ids as string[]).includes(me) ? { conversation, title: t(`supervise.told.${kind}`, { name }) } : undefined;
  }
  if (topic === 'whisper') return data.account_id === me ? { conversation, title: t('supervise.told.whisper', { name }) } : undefined;
  if (topic === 'agent_reminded') {
    if (data.agent_id !== me || (data.outcome !== 'reminded' && data.outcome !== 'returned')) return undefined;
    return { conversation: data.outcome === 'reminded' ? conversation : '', title: t(`supervise.told.silent_${data.outcome}`) };
  }
  if (topic === 'agent_silent') return data.agent_id === me ? undefined : { conversation, title: t('supervise.told.silent', { name: String(data.agent_name ?? '') }), once: true };
  if (topic !== 'transfer') return undefined;
  const outcome = outcomes.find((one) => one === data.outcome);
  const to = String(data.to_name ?? '');
  if (!outcome) return undefined;
  if (data.to_id === me) {
    if (outcome === 'asked' || outcome === 'withdrawn') return { conversation, title: t(`supervise.told.${outcome}`, { name }) };
    return outcome === 'expired' ? { conversation: '', title: t('supervise.told.expired_me', { name }) } : undefined;
  }
  if (data.from_id !== me || outcome === 'asked' || outcome === 'withdrawn') return undefined;
  return { conversation, title: t(`supervise.told.${outcome}`, { name: to }) };
}
