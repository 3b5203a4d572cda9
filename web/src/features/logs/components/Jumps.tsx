// From a line to all that has its trace or its session: other lines, errors, requests and measurements, behaviour.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countText } from '@/shared/charts/numbers';
import { useRelated, type LogLine } from '../api/logs';
import type { LineActs } from './LineRow';
import { termOf } from './terms';

const kinds = ['log', 'error', 'performance', 'event'] as const;

export function Jumps({ line, acts }: { line: LogLine; acts: LineActs }) {
  const { t } = useTranslation();
  const related = useRelated(acts.appid, line.id);
  if (!related.data) return null;
  const { from, to } = related.data;
  const address = (kind: (typeof kinds)[number], by: 'trace' | 'session', id: string) =>
    kind === 'log' ? acts.addressOf(termOf(by, id), { from, to }) : `/m/${acts.appid}/telemetry/records?${new URLSearchParams({ kind, from: String(from), to: String(to), [by]: id })}`;
  return (
    <ul className="log-jumps">
      {(['trace', 'session'] as const).map((by) => {
        const one = related.data[by];
        const there = one ? kinds.filter((kind) => one.counts[kind] > 0) : [];
        if (!one || there.length === 0) return null;
        return (
          <li key={by}>
            <span className="muted">{t(`logs.jumps.${by}`)}</span>
            {there.map((kind) => (
              <Link key={kind} to={address(kind, by, one.id)}>
                {t(`logs.jumps.${kind}`)} <span className="num">{countText(one.counts[kind])}</span>
              </Link>
            ))}
          </li>
        );
      })}
      {line.issue !== null && (
        <li>
          <span className="muted">{t('logs.jumps.issue')}</span>
          <Link to={`/m/${acts.appid}/issues/${line.issue}`}>#{line.issue}</Link>
        </li>
      )}
    </ul>
  );
}
