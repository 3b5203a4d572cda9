// English words that change with a number: '{{n}} line{{n, s}} {{n, are}} left out' is "1 line is left out". The number comes
// as a number or as it is written ("1,204"). Chinese needs none of it.
import type { Formatter } from 'i18next';

// [of one, of any other number]
const forms: Record<string, [string, string]> = {
  s: ['', 's'],
  ies: ['y', 'ies'],
  them: ['it', 'them'],
  are: ['is', 'are'],
  were: ['was', 'were'],
  have: ['has', 'have'],
  do: ['does', 'do'],
  fit: ['fits', 'fit'],
  lead: ['leads', 'lead'],
  leave: ['leaves', 'leave'],
  lie: ['lies', 'lie'],
  wait: ['waits', 'wait'],
};

export function addForms(formatter: Formatter) {
  for (const [name, [one, others]] of Object.entries(forms)) formatter.add(name, (n: unknown) => (String(n) === '1' ? one : others));
}

export const knownForms = Object.keys(forms);
