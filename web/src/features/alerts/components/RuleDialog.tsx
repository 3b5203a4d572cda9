// A rule in a form: what is watched, when that is a trouble, how grave, who is told; tried on the past week before.
import { Button, Form, Input, InputNumber, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { percentText } from '@/shared/charts/numbers';
import { exactTime, useZone } from '@/shared/ui/time';
import { useNotify } from '@/shared/ui/page';
import { useAddRule, useChangeRule, useFigures, usePreview, usePropose, useReceivers, useSavedQueries, type Rule } from '../api/alerts';
import { businessOf, changeOf, complete, draftOf, fresh, inputOf, isEvent, isShare, kinds, percentOf, performanceOf, usual, type Draft } from './draft';
import { PreviewChart } from './PreviewChart';

const columns = ['page', 'release', 'region', 'network', 'name', 'scene', 'client', 'device'] as const;

export function RuleDialog({ appid, rule, close }: { appid: string; rule: Rule | null; close(): void }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [draft, setDraft] = useState<Draft>(() => (rule ? draftOf(rule) : fresh()));
  const add = useAddRule(appid);
  const change = useChangeRule(appid);
  const preview = usePreview(appid);
  const propose = usePropose(appid);
  const receivers = useReceivers(appid);
  const { done, failed } = useNotify();
  // What was tried is true only of the rule as it was then.
  const set = (part: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...part }));
    preview.reset();
  };
  const named = () => inputOf({ ...draft, name: draft.name.trim() || t(`alerts.kinds.${draft.kind}`) });
  const condition = (part: Partial<Draft['condition']>) => set({ condition: { ...draft.condition, ...part } });
  const save = () => (rule ? change.mutateAsync({ id: rule.id, change: changeOf(draft) }) : add.mutateAsync(inputOf(draft))).then(() => (done(), close()), failed);
  const select = <T extends string>(label: string, value: T | undefined, options: { value: T; label: string }[], pick: (value: T) => void) => <Select aria-label={label} style={{ minWidth: 130 }} value={value} options={options} onChange={pick} />;
  const share = isShare(draft);
  return (
    <Modal open width={720} title={rule ? t('alerts.rules.edit', { name: rule.name }) : t('alerts.rules.add')} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ disabled: draft.name.trim() === '' || !complete(draft) }} confirmLoading={add.isPending || change.isPending} onCancel={close} onOk={() => void save()}>
      <Form layout="vertical">
        <Form.Item label={t('alerts.rules.name')} htmlFor="rule-name">
          <Input id="rule-name" value={draft.name} maxLength={64} onChange={(event) => set({ name: event.target.value })} />
        </Form.Item>
        <Form.Item label={t('alerts.form.watch')} htmlFor="rule-kind">
          <Space wrap>
            <Select id="rule-kind" style={{ minWidth: 180 }} disabled={!!rule} value={draft.kind} options={kinds.map((value) => ({ value, label: t(`alerts.kinds.${value}`) }))} onChange={(kind) => (set({ kind, ...usual(kind) }), propose.reset())} />
            <WatchFields appid={appid} draft={draft} set={set} />
          </Space>
        </Form.Item>
        {!isEvent(draft.kind) && (
          <>
            <Form.Item label={t('alerts.form.condition')}>
              <Space wrap>
                {select(t('alerts.form.type'), draft.condition.type, (['static', 'change', 'anomaly'] as const).map((value) => ({ value, label: t(`alerts.form.types.${value}`) })), (type) => condition({ type, ...(type === 'static' && draft.condition.direction === 'either' ? { direction: 'above' as const } : {}) }))}
                {select(t('alerts.form.direction'), draft.condition.direction, (['above', 'below', ...(draft.condition.type === 'static' ? [] : (['either'] as const))] as const).map((value) => ({ value, label: t(`alerts.form.directions.${value}`) })), (direction) => condition({ direction }))}
                {draft.condition.type === 'static' && (
                  <Space.Compact>
                    <InputNumber aria-label={t('alerts.form.threshold')} value={share ? percentOf(draft.condition.threshold ?? 0) : draft.condition.threshold} onChange={(value) => condition({ threshold: share ? (value ?? 0) / 100 : (value ?? 0) })} />
                    <Button disabled tabIndex={-1}>{share ? '%' : draft.kind === 'performance' ? 'ms' : t('alerts.form.times')}</Button>
                  </Space.Compact>
                )}
                {draft.condition.type === 'change' && (
                  <>
                    {select(t('alerts.form.against'), draft.condition.against ?? 'weeks', (['before', 'weeks'] as const).map((value) => ({ value, label: t(`alerts.form.againsts.${value}`) })), (against) => condition({ against }))}
                    <Space.Compact>
                      <InputNumber aria-label={t('alerts.form.percent')} min={1} value={draft.condition.percent ?? 50} onChange={(value) => condition({ percent: value ?? 50 })} />
                      <Button disabled tabIndex={-1}>%</Button>
                    </Space.Compact>
                  </>
                )}
                {draft.condition.type === 'anomaly' && select(t('alerts.form.sensitivity'), draft.condition.sensitivity ?? 'medium', (['low', 'medium', 'high'] as const).map((value) => ({ value, label: t(`alerts.form.sensitivities.${value}`) })), (sensitivity) => condition({ sensitivity }))}
              </Space>
            </Form.Item>
            <Form.Item label={t('alerts.form.window')}>
              <Space wrap>
                <InputNumber aria-label={t('alerts.form.window')} min={1} max={1440} value={draft.windowMinutes} onChange={(value) => set({ windowMinutes: value ?? 5 })} />
                <span>{t('alerts.form.for')}</span>
                <InputNumber aria-label={t('alerts.form.for')} min={0} max={1440} value={draft.forMinutes} onChange={(value) => set({ forMinutes: value ?? 0 })} />
                <span>{t('alerts.form.minutes')}</span>
                <Select aria-label={t('alerts.form.group_by')} allowClear placeholder={t('alerts.form.group_by')} style={{ minWidth: 140 }} value={draft.group_by ?? undefined} options={columns.map((value) => ({ value, label: t(`alerts.columns_of.${value}`) }))} onChange={(value) => set({ group_by: value ?? null })} />
              </Space>
            </Form.Item>
          </>
        )}
        <Form.Item label={t('alerts.form.grave')}>
          <Space wrap>
            {select(t('alerts.columns.severity'), draft.severity, (['notice', 'warning', 'critical'] as const).map((value) => ({ value, label: t(`alerts.severities.${value}`) })), (severity) => set({ severity }))}
            {select(t('alerts.form.priority'), draft.priority, (['P0', 'P1', 'P2', 'P3'] as const).map((value) => ({ value, label: value })), (priority) => set({ priority }))}
            <Select mode="multiple" aria-label={t('alerts.form.receivers')} placeholder={t('alerts.form.by_routes')} style={{ minWidth: 220 }} value={draft.receivers} options={(receivers.data?.receivers ?? []).map((one) => ({ value: one.name, label: one.name }))} onChange={(value: string[]) => set({ receivers: value })} />
          </Space>
        </Form.Item>
        <Form.Item label={t('alerts.form.advice')} htmlFor="rule-advice">
          <Input.TextArea id="rule-advice" autoSize={{ minRows: 1, maxRows: 4 }} maxLength={2000} value={draft.advice} onChange={(event) => set({ advice: event.target.value })} />
        </Form.Item>
      </Form>
      {!isEvent(draft.kind) && draft.kind !== 'health' && (
        <>
          <Space wrap>
            <Button loading={preview.isPending} disabled={!complete(draft)} onClick={() => preview.mutate(named(), { onError: failed })}>
              {t('alerts.form.preview')}
            </Button>
            {draft.condition.type === 'static' && (
              <Button loading={propose.isPending} disabled={!complete(draft)} onClick={() => propose.mutate(named(), { onError: failed })}>
                {t('alerts.form.propose')}
              </Button>
            )}
          </Space>
          {propose.data &&
            (propose.data.items.length === 0 ? (
              <p className="muted">{t('alerts.form.needs_more')}</p>
            ) : (
              <ul className="alert-proposals">
                {propose.data.items.map((one) => (
                  <li key={`${one.severity}${one.threshold}`}>
                    <Button size="small" onClick={() => (condition({ threshold: one.threshold }), set({ severity: one.severity }))}>
                      {share ? percentText(one.threshold) : one.threshold.toPrecision(4)}
                    </Button>{' '}
                    <span className="muted">{t('alerts.form.proposal', { severity: t(`alerts.severities.${one.severity}`), n: one.would_have_fired })}</span>
                  </li>
                ))}
              </ul>
            ))}
          {preview.data && (
            <div className="alert-preview" role="status">
              <p>{preview.data.episodes.length === 0 ? t('alerts.form.never') : t('alerts.form.would', { n: preview.data.episodes.length })}</p>
              <PreviewChart preview={preview.data} share={share} name={draft.name} />
              <ul>
                {preview.data.episodes.slice(0, 5).map((one) => (
                  <li key={`${one.group}${one.fired_at}`} className="num">
                    {exactTime(one.fired_at, zone)} {one.group}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </Modal>
  );
}

function WatchFields({ appid, draft, set }: { appid: string; draft: Draft; set(part: Partial<Draft>): void }) {
  const { t } = useTranslation();
  const figures = useFigures(appid, draft.kind === 'health');
  const queries = useSavedQueries(appid, draft.kind === 'saved_query');
  const watch = (part: Partial<Draft['watch']>) => set({ watch: { ...draft.watch, ...part } });
  const text = (label: string, value: string | undefined, write: (value: string) => void, width = 180) => <Input aria-label={label} placeholder={label} style={{ width }} value={value ?? ''} onChange={(event) => write(event.target.value)} />;
  type Statistic = NonNullable<Draft['watch']['statistic']>;
  const statistic = (choices: readonly Statistic[], write = (value: Statistic) => watch({ statistic: value })) => (
    <Select aria-label={t('alerts.form.statistic')} style={{ minWidth: 100 }} value={draft.watch.statistic} options={choices.map((value) => ({ value, label: t(`alerts.form.statistics.${value}`) }))} onChange={write} />
  );
  switch (draft.kind) {
    case 'performance':
      return (
        <>
          {text(t('alerts.form.metric'), draft.watch.metric, (metric) => watch({ metric }))}
          {statistic(['p50', 'p75', 'p90', 'p95', 'p99', 'mean', 'slow'], (value) => set(performanceOf(draft, value)))}
          {draft.watch.statistic === 'slow' && (
            <InputNumber aria-label={t('alerts.form.slow_ms')} placeholder={t('alerts.form.slow_learnt')} style={{ width: 150 }} min={1} max={600_000} suffix="ms" value={draft.watch.slow_ms} onChange={(slow_ms) => watch({ slow_ms: slow_ms ?? undefined })} />
          )}
        </>
      );
    case 'error_rate':
      return <Select aria-label={t('alerts.form.per')} style={{ minWidth: 130 }} value={draft.watch.per ?? 'sessions'} options={(['sessions', 'people'] as const).map((value) => ({ value, label: t(`alerts.form.pers.${value}`) }))} onChange={(per) => watch({ per })} />;
    case 'request_failure_rate':
      return text(t('alerts.form.url'), draft.watch.url_contains, (value) => set({ watch: value ? { ...draft.watch, url_contains: value } : { per: draft.watch.per } }), 240);
    case 'error_count':
      return statistic(['count', 'sessions', 'people']);
    case 'traffic':
      return statistic(['sessions', 'people', 'count']);
    case 'business':
      return (
        <>
          <Select aria-label={t('alerts.form.of')} style={{ minWidth: 150 }} value={draft.watch.of ?? 'event_count'} options={(['people', 'event_count', 'event_ratio'] as const).map((value) => ({ value, label: t(`alerts.form.ofs.${value}`) }))} onChange={(of) => set({ watch: businessOf(of, draft.watch), condition: { ...draft.condition, threshold: of === 'event_ratio' ? 0.5 : 1 } })} />
          {draft.watch.of !== 'people' && text(t('alerts.form.event'), draft.watch.event, (event) => watch({ event }), 150)}
          {draft.watch.of === 'event_ratio' && text(t('alerts.form.per_event'), draft.watch.per_event, (per_event) => watch({ per_event }), 150)}
        </>
      );
    case 'saved_query':
      return <Select aria-label={t('alerts.form.saved')} placeholder={t('alerts.form.saved')} style={{ minWidth: 220 }} value={draft.watch.query_id} options={(queries.data ?? []).map((one) => ({ value: one.id, label: one.name }))} onChange={(query_id) => watch({ query_id })} />;
    case 'log_match':
      return text(t('alerts.form.query'), draft.watch.query, (query) => watch({ query }), 320);
    case 'health':
      return <Select aria-label={t('alerts.form.figure')} style={{ minWidth: 220 }} value={draft.watch.figure || undefined} placeholder={t('alerts.form.figure')} options={(figures.data ?? []).map((one) => ({ value: one.name, label: `${one.name} (${one.unit})` }))} onChange={(figure) => watch({ figure })} />;
    default:
      return null;
  }
}
