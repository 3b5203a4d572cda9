// Where customers come from: entries, persons and conversations by page, each leading to its conversations.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { DayRange } from '@/shared/charts/DayRange';
import { countText } from '@/shared/charts/numbers';
import { rangeOf, writeRange, type Range } from '@/shared/charts/ranges';
import { daysOf, spanOf, usualDays } from '@/shared/charts/wholeDays';
import { Empty, Loaded, Panel, Wide } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useEntrances, type Entrances } from '../api/people';

export function EntryList({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [search, setSearch] = useSearchParams();
  const [asOf, setAsOf] = useState(() => Date.now());
  const range = useMemo(() => rangeOf(search, usualDays), [search]);
  const days = useMemo(() => daysOf(range, asOf, zone), [range, asOf, zone]);
  const span = spanOf(days, zone);
  const found = useEntrances(appid, span);
  const choose = (next: Range) => {
    const kept = new URLSearchParams(search);
    writeRange(kept, next, usualDays);
    setAsOf(Date.now());
    setSearch(kept);
  };
  return (
    <Panel title={t('people.entries.title')} extra={<DayRange range={range} days={days} change={choose} />}>
      <p className="muted panel-note">{t('people.entries.hint')}</p>
      <Loaded query={found} rows={4}>
        {(all) => (all.items.length === 0 ? <Empty title={t('people.entries.none')} text={t('people.entries.none_hint')} /> : <Rows appid={appid} found={all} span={span} />)}
      </Loaded>
    </Panel>
  );
}

function Rows({ appid, found, span }: { appid: string; found: Entrances; span: { from: number; to: number } }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...found.items.map((one) => one.entries));
  const listed = (source?: string) => {
    const search = new URLSearchParams({ from: String(span.from), to: String(span.to) });
    if (source !== undefined) search.set('source', source);
    return `/m/${appid}/reports/conversations?${search}`;
  };
  return (
    <>
      <Wide label={t('people.entries.title')}>
        <table className="people-entries">
          <thead>
            <tr>
              <th scope="col">{t('people.entries.source')}</th>
              <th scope="col">{t('people.entries.entries')}</th>
              <th scope="col">{t('people.entries.people')}</th>
              <th scope="col">{t('people.entries.conversations')}</th>
            </tr>
          </thead>
          <tbody>
            {found.items.map((one) => (
              <tr key={one.source}>
                <th scope="row">
                  {one.source ? <span className="mono">{one.source}</span> : <span className="muted">{t('people.entries.no_source')}</span>}
                  <span className="people-entry-bar" aria-hidden style={{ width: `${(one.entries / most) * 100}%` }} />
                </th>
                <td className="num">{countText(one.entries)}</td>
                <td className="num">{countText(one.people)}</td>
                <td className="num">
                  {one.conversations === 0 ? 0 : (
                    <Link to={listed(one.source)} aria-label={t('people.entries.open', { n: one.conversations, source: one.source || t('people.entries.no_source') })}>
                      {countText(one.conversations)}
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('people.entries.total')}</th>
              <td className="num">{countText(found.total.entries)}</td>
              <td className="num">{countText(found.total.people)}</td>
              <td className="num">{countText(found.total.conversations)}</td>
            </tr>
          </tfoot>
        </table>
      </Wide>
      {found.more && <p className="muted panel-note">{t('people.entries.more', { n: found.items.length })}</p>}
    </>
  );
}
