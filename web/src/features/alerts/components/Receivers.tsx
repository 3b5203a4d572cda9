// Who is told of what 接收与升级: receivers are chains of channels, routes choose among them, and nobody's answer escalates.
import { Button, Input, InputNumber, Select } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { usePutReceivers, useReceivers, type Receivers as Table } from '../api/alerts';
import { useChannels } from '../api/channels';

export function Receivers({ appid, mayManage }: { appid: string; mayManage: boolean }) {
  const { t } = useTranslation();
  const receivers = useReceivers(appid);
  return (
    <Loaded query={receivers} rows={8}>
      {(table) => <Editor key={JSON.stringify(table)} appid={appid} stored={table} mayManage={mayManage} title={t('alerts.receivers.title')} />}
    </Loaded>
  );
}

// For who may not change it.
const Read = ({ names }: { names: string[] }) => <strong>{names.join(' · ') || '—'}</strong>;

function Editor({ appid, stored, mayManage, title }: { appid: string; stored: Table; mayManage: boolean; title: string }) {
  const { t } = useTranslation();
  const [table, setTable] = useState(stored);
  useEffect(() => setTable(stored), [stored]);
  const channels = useChannels(appid);
  const put = usePutReceivers(appid);
  const { done, failed } = useNotify();
  const set = (part: Partial<Table>) => setTable({ ...table, ...part });
  const names = table.receivers.map((one) => ({ value: one.name, label: one.name }));
  const changed = JSON.stringify(table) !== JSON.stringify(stored);
  const chosen = (label: string, value: string[], write: (value: string[]) => void) => !mayManage ? <Read names={value} /> : <Select mode="multiple" aria-label={label} placeholder={label} style={{ minWidth: 220 }} value={value} options={names} onChange={write} />;
  const minutes = (label: string, ms: number, write: (ms: number) => void) => (
    <label className="alert-minutes">
      {label}
      <InputNumber disabled={!mayManage} min={1} value={Math.round(ms / 60_000)} onChange={(value) => write((value ?? 1) * 60_000)} />
    </label>
  );
  const replaced = <T,>(list: T[], index: number, item: T | null) => list.flatMap((one, at) => (at === index ? (item === null ? [] : [item]) : [one]));
  return (
    <>
      <Panel title={title} extra={mayManage && <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => set({ receivers: [...table.receivers, { name: '', channels: [] }] })}>{t('common.add')}</Button>}>
        <p className="muted panel-note">{t('alerts.receivers.hint')}</p>
        {table.receivers.map((one, index) => (
          <div key={index} className="alert-line">
            <Input aria-label={t('alerts.receivers.name')} placeholder={t('alerts.receivers.name')} disabled={!mayManage} style={{ width: 160 }} maxLength={64} value={one.name} onChange={(event) => set({ receivers: replaced(table.receivers, index, { ...one, name: event.target.value }) })} />
            {!mayManage && <Read names={one.channels.map((id) => channels.data?.find((channel) => channel.id === id)?.name ?? id)} />}
            {mayManage && (
              <Select
                mode="multiple"
                aria-label={t('alerts.receivers.chain')}
                placeholder={t('alerts.receivers.chain')}
                style={{ minWidth: 280 }}
                value={one.channels}
                options={(channels.data ?? []).map((channel) => ({ value: channel.id, label: channel.name }))}
                onChange={(value: string[]) => set({ receivers: replaced(table.receivers, index, { ...one, channels: value }) })}
              />
            )}
            {mayManage && <Button type="text" danger aria-label={t('common.remove')} icon={<Trash2 size={14} aria-hidden />} onClick={() => set({ receivers: replaced(table.receivers, index, null) })} />}
          </div>
        ))}
        {table.receivers.length === 0 && <p className="muted">{t('alerts.receivers.none')}</p>}
      </Panel>
      <Panel title={t('alerts.receivers.routes')} extra={mayManage && <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => set({ routes: [...table.routes, { receivers: [] }] })}>{t('common.add')}</Button>}>
        <p className="muted panel-note">{t('alerts.receivers.routes_hint')}</p>
        {table.routes.map((one, index) => {
          const write = (part: Partial<Table['routes'][number]>) => set({ routes: replaced(table.routes, index, { ...one, ...part }) });
          const text = (label: string, name: 'page_prefix' | 'error_name') => <Input aria-label={label} placeholder={label} disabled={!mayManage} style={{ width: 160 }} value={one[name] ?? ''} onChange={(event) => write({ [name]: event.target.value || undefined })} />;
          return (
            <div key={index} className="alert-line">
              {text(t('alerts.receivers.page'), 'page_prefix')}
              {text(t('alerts.receivers.error'), 'error_name')}
              <Select aria-label={t('alerts.receivers.at_least')} placeholder={t('alerts.receivers.at_least')} allowClear disabled={!mayManage} style={{ minWidth: 130 }} value={one.severity_min} options={(['notice', 'warning', 'critical'] as const).map((value) => ({ value, label: t(`alerts.severities.${value}`) }))} onChange={(value) => write({ severity_min: value })} />
              {chosen(t('alerts.receivers.who'), one.receivers, (value) => write({ receivers: value }))}
              {mayManage && <Button type="text" danger aria-label={t('common.remove')} icon={<Trash2 size={14} aria-hidden />} onClick={() => set({ routes: replaced(table.routes, index, null) })} />}
            </div>
          );
        })}
        <div className="alert-line">
          <span>{t('alerts.receivers.otherwise')}</span>
          {chosen(t('alerts.receivers.who'), table.otherwise, (otherwise) => set({ otherwise }))}
        </div>
      </Panel>
      <Panel title={t('alerts.receivers.escalation')}>
        <p className="muted panel-note">{t('alerts.receivers.escalation_hint')}</p>
        <div className="alert-line">
          <span>{t('alerts.receivers.first')}</span>
          {chosen(t('alerts.receivers.first'), table.escalation.first, (first) => set({ escalation: { ...table.escalation, first } }))}
          <span>{t('alerts.receivers.second')}</span>
          {chosen(t('alerts.receivers.second'), table.escalation.second, (second) => set({ escalation: { ...table.escalation, second } }))}
        </div>
        <div className="alert-line">
          {(['P0', 'P1', 'P2', 'P3'] as const).map((one) => (
            <span key={one}>{minutes(t('alerts.receivers.response', { p: one }), table.response_ms[one], (ms) => set({ response_ms: { ...table.response_ms, [one]: ms } }))}</span>
          ))}
          {minutes(t('alerts.receivers.repeat'), table.repeat_ms, (repeat_ms) => set({ repeat_ms }))}
          {minutes(t('alerts.receivers.digest'), table.digest_ms, (digest_ms) => set({ digest_ms }))}
        </div>
      </Panel>
      {mayManage && (
        <div className="alert-save">
          <Button type="primary" disabled={!changed} loading={put.isPending} onClick={() => put.mutateAsync(table).then(() => done(), failed)}>
            {t('common.save')}
          </Button>
          {changed && <Button onClick={() => setTable(stored)}>{t('common.undo')}</Button>}
        </div>
      )}
    </>
  );
}
