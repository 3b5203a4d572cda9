// 官方数据: what WeChat measured itself, beside ours. The address holds the part and the stretch of time.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { rangeOf, windowOf, writeRange, type Preset, type Range } from '@/shared/charts/ranges';
import { TimeRange } from '@/shared/charts/TimeRange';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { Errors } from '../components/Errors';
import { FeedbackList } from '../components/FeedbackList';
import { LogLines } from '../components/LogLines';
import { Performance } from '../components/Performance';
import { Sync } from '../components/Sync';
import './official.css';

const sections = ['performance', 'errors', 'logs', 'feedback', 'sync'] as const;
const offered: Preset[] = ['24h', '7d', '30d', '90d'];
const usual: Preset = '30d';

export function OfficialPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { section: named } = useParams();
  const section = sections.find((one) => one === named) ?? 'performance';
  const [search, setSearch] = useSearchParams();
  const [asOf, setAsOf] = useState(() => Date.now());
  const range = useMemo(() => rangeOf(search, usual), [search]);
  const span = useMemo(() => windowOf(range, asOf), [range, asOf]);
  const { can } = usePermissions();
  const choose = (next: Range) => {
    const changed = new URLSearchParams(search);
    writeRange(changed, next, usual);
    setAsOf(Date.now());
    setSearch(changed);
  };
  const base = `/m/${appid}/official`;
  const tail = search.size > 0 ? `?${search}` : '';
  const asked = { appid, span };
  return (
    <Page wide title={t('official.title')} purpose={t('official.purpose')}>
      <Subnav label={t('official.title')} current={section} items={sections.map((key) => ({ key, text: t(`official.sections.${key}`), to: `${key === 'performance' ? base : `${base}/${key}`}${tail}` }))} />
      {section !== 'sync' && (
        <div className="filters">
          <TimeRange range={range} asOf={asOf} change={choose} offered={offered} />
        </div>
      )}
      {section === 'performance' && <Performance {...asked} />}
      {section === 'errors' && <Errors {...asked} />}
      {section === 'logs' && <LogLines {...asked} />}
      {section === 'feedback' && <FeedbackList {...asked} />}
      {section === 'sync' && <Sync appid={appid} mayManage={can('telemetry.manage', appid)} />}
    </Page>
  );
}
