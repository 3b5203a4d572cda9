// What is not liked about a message, as sentences: which words, or which checker and why.
import type { TFunction } from 'i18next';
import type { Doubts, Schemas } from '@/shared/api/client';

// WeChat's labels: what a text is taken for.
const labels = ['10001', '20001', '20002', '20003', '20006', '20008', '20012', '20013', '21000'] as const;
const reasons = ['timeout', 'unreachable', 'address_not_allowed', 'not_understood', 'busy', 'resting'] as const;

function whyOf({ checker, verdict, reason }: Schemas['ContentCheckFinding'], t: TFunction<'console'>): string {
  if (verdict === 'inactive') return t('content_check.doubts.inactive');
  if (verdict === 'unanswered') {
    const known = reasons.find((one) => one === reason);
    return t('content_check.doubts.unanswered', { why: known ? t(`content_check.reasons.${known}`) : reason });
  }
  if (checker === 'webhook') return reason;
  const label = labels.find((one) => one === reason);
  return label ? t(`content_check.labels.${label}`) : '';
}

export function doubtLines({ words, findings }: Doubts, t: TFunction<'console'>): string[] {
  const quoted = (list: string[]) => list.map((one) => t('content_check.doubts.quoted', { word: one })).join(t('content_check.doubts.comma'));
  const lines = words.length > 0 ? [t('content_check.doubts.words', { words: quoted(words) })] : [];
  for (const one of findings) {
    const name = one.name || t('content_check.doubts.wechat');
    const why = [whyOf(one, t), quoted(one.words)].filter(Boolean).join(' ');
    lines.push(why ? t('content_check.doubts.line', { name, why }) : t('content_check.doubts.bare', { name }));
  }
  return lines;
}
