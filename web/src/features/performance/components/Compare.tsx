// Two releases or two stretches of time side by side 对比: a verdict that says how sure it is, and what moved most.
import { DatePicker, Segmented, Select } from 'antd';
import dayjs from 'dayjs';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { zoneOffset } from '@/shared/charts/ranges';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useComparison, useReleases } from '../api/performance';
import { baselines, sidesOf, type Question, type View } from './address';
import { Moved } from './Moved';
import { Sides, Verdict } from './Sides';

interface Props {
  appid: string;
  view: View;
  question: Question;
  change(part: Partial<View>): void;
}

export function Compare({ appid, view, question, change }: Props) {
  const { t } = useTranslation();
  const releases = useReleases(appid);
  const names = useMemo(() => (releases.data ?? []).map((one) => one.release).filter(Boolean), [releases.data]);
  const sides = useMemo(() => sidesOf(view, question, names), [view, question, names]);
  // The two releases are the filter.
  const asked = useMemo(() => (view.baseline === 'release' ? { ...question, release: undefined } : question), [view.baseline, question]);
  const comparison = useComparison(appid, asked, view.metric, sides);
  const options = names.map((value) => ({ value, label: value }));
  return (
    <>
      <Panel title={t('performance.compare.title', { metric: t(`performance.metrics.${view.metric}`) })}>
        <div className="perf-tools">
          <Segmented aria-label={t('performance.compare.against')} value={view.baseline} options={baselines.map((value) => ({ value, label: t(`performance.compare.baselines.${value}`) }))} onChange={(baseline) => change({ baseline })} />
          {view.baseline === 'release' && (
            <>
              <Select aria-label={t('performance.compare.a_release')} style={{ minWidth: 120 }} showSearch value={sides?.a_release ?? (view.a || undefined)} placeholder={t('performance.compare.a_release')} options={options} onChange={(a: string) => change({ a })} />
              <span className="muted">→</span>
              <Select aria-label={t('performance.compare.b_release')} style={{ minWidth: 120 }} showSearch value={sides?.b_release ?? (view.b || undefined)} placeholder={t('performance.compare.b_release')} options={options} onChange={(b: string) => change({ b })} />
            </>
          )}
          {view.baseline === 'release' && view.words.release && <span className="muted">{t('performance.compare.release_ignored')}</span>}
          {view.baseline === 'custom' && <Earlier view={view} question={question} change={change} />}
        </div>
        {view.baseline === 'release' && !releases.data ? (
          <Loaded query={releases} rows={6}>
            {() => null}
          </Loaded>
        ) : !sides ? (
          <Empty title={view.baseline === 'release' ? t('performance.compare.no_releases') : t('performance.compare.no_period')} text={view.baseline === 'release' ? t('performance.compare.no_releases_hint') : undefined} />
        ) : (
          <Loaded query={comparison} rows={6}>
            {(data) => <Verdict data={data} />}
          </Loaded>
        )}
      </Panel>
      {sides && comparison.data && <Sides data={comparison.data} />}
      {sides && comparison.data && <Moved data={comparison.data} />}
    </>
  );
}

function Earlier({ view, question, change }: Pick<Props, 'view' | 'question' | 'change'>) {
  const { t } = useTranslation();
  const zone = useZone();
  // The picker shows the browser's clock; people mean the mini program's.
  const shift = (at: number) => (zoneOffset(zone, at) + new Date(at).getTimezoneOffset()) * 60_000;
  const shown = (at: number) => dayjs(at + shift(at));
  const { from, to } = view.earlier ?? { from: question.from - (question.to - question.from), to: question.from };
  return (
    <DatePicker.RangePicker
      showTime={{ format: 'HH:mm:ss' }}
      format="YYYY-MM-DD HH:mm:ss"
      allowClear={false}
      placeholder={[t('charts.ranges.from'), t('charts.ranges.to')]}
      value={view.earlier ? [shown(from), shown(to)] : null}
      defaultPickerValue={[shown(from), shown(to)]}
      onChange={(chosen) => {
        const [first, last] = [chosen?.[0]?.valueOf(), chosen?.[1]?.valueOf()];
        if (first && last && last > first) change({ earlier: { from: first - shift(first), to: last - shift(last) } });
      }}
    />
  );
}
