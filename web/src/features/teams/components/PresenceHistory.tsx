// Where an agent was when: a bar a day, how long in what, and each stay by the clock.
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded } from '@/shared/ui/page';
import { clockTime, dayName, duration, useZone } from '@/shared/ui/time';
import { useStays } from '../api/teams';
import { stayWords } from './sentences';
import { daysBack, daysOf, placeOf, totals, type Day, type Part } from './stays';

const daysAtOnce = 7;

export function PresenceHistory({ appid, id }: { appid: string; id: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [now] = useState(() => Date.now());
  const [days, setDays] = useState(daysAtOnce);
  const from = daysBack(now, days - 1, zone);
  const stays = useStays(appid, id, from);
  return (
    <>
      <p className="muted panel-note">{t('teams.history.hint')}</p>
      <Loaded query={stays} rows={7}>
        {({ items, complete }) =>
          items.length === 0 ? (
            <Empty title={t('teams.history.none')} />
          ) : (
            <>
              {!complete && <p className="muted panel-note">{t('teams.history.cut')}</p>}
              <ol className="team-days">
                {daysOf(items, from, now, zone).map((day) => (
                  <OneDay key={day.start} day={day} now={now} />
                ))}
              </ol>
            </>
          )
        }
      </Loaded>
      <Button loading={stays.isFetching} onClick={() => setDays(days + daysAtOnce)}>
        {t('teams.history.earlier')}
      </Button>
    </>
  );
}

function OneDay({ day, now }: { day: Day; now: number }) {
  const { t } = useTranslation();
  const zone = useZone();
  const name = dayName(day.start, zone);
  const spent = (ms: number) => (ms >= 3_600_000 ? t('teams.history.hours', { h: Math.floor(ms / 3_600_000), m: Math.floor((ms % 3_600_000) / 60_000) }) : duration(ms));
  const line = (part: Part) => `${clockTime(part.from, zone)}–${part.to === now ? t('teams.history.still') : part.to === day.end ? '24:00' : clockTime(part.to, zone)} ${stayWords(part.presence, part.reason, t)}`;
  const sums = totals(day.parts);
  return (
    <li aria-label={t('teams.history.day', { day: name })}>
      <strong>{name}</strong>
      <div className="team-bar" title={t('teams.history.bar')} aria-hidden>
        {day.parts.map((part) => {
          const { left, width } = placeOf(part, day);
          return <span key={part.from} className={`team-bar-part presence-${part.presence}`} style={{ left: `${left}%`, width: `${width}%` }} title={line(part)} />;
        })}
      </div>
      <span className="num">{sums.length === 0 ? <span className="muted">{t('teams.history.nothing')}</span> : sums.map((one) => `${stayWords(one.presence, one.reason, t)} ${spent(one.ms)}`).join(' · ')}</span>
      {day.parts.length > 0 && (
        <details>
          <summary className="muted">{t('teams.history.details', { n: day.parts.length })}</summary>
          <ol className="team-stays num">
            {day.parts.map((part) => (
              <li key={part.from}>{line(part)}</li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}
