// A field's value as people read it.
import i18next from 'i18next';

const known: Record<string, string[]> = { level: ['debug', 'info', 'warn', 'error', 'fatal'], build: ['develop', 'trial', 'release'] };

export function wordText(field: string, word: string): string {
  if (word === '') return i18next.t('telemetry.records.empty_word');
  if (known[field]?.includes(word)) return i18next.t(`telemetry.${field}s.${word}` as 'telemetry.levels.info');
  // 32 digits say nothing more than their ends do.
  return /^[0-9a-f]{32}$/.test(word) ? `${word.slice(0, 8)}…${word.slice(-4)}` : word;
}

// The first few plain properties in a line, for records that have neither value nor text.
export function gistOf(properties: Record<string, unknown>): string {
  const plain = Object.entries(properties).filter(([, value]) => value !== '' && ['string', 'number', 'boolean'].includes(typeof value));
  return plain
    .slice(0, 4)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ')
    .slice(0, 120);
}
