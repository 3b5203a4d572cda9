// 导出任务: how far each is, and what can be done with it.
import { Button, Progress, Table } from 'antd';
import { Download, Trash2, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '@/shared/api/client';
import { problemText } from '@/shared/api/problems';
import { bytesText, countText } from '@/shared/charts/numbers';
import { dayText } from '@/shared/ui/days';
import { Empty, Loaded, Mark, Panel, useNotify, Wide, type Level } from '@/shared/ui/page';
import { Ago, Exact, useZone } from '@/shared/ui/time';
import { isActive, useCancelExport, useDownload, useExports, useRemoveExport, type Export } from '../api/records';
import type { Filters } from './address';
import { doneOf } from './progress';
import { useFilterTexts } from './SearchBar';

const levels: Record<Export['state'], Level> = { waiting: 'info', running: 'info', done: 'ok', failed: 'failed', cancelled: 'unknown', withdrawn: 'warning' };

export function Exports({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const exports = useExports(appid);
  return (
    <Panel title={t('records.exports.title')}>
      <p className="muted panel-note">{t('records.exports.hint')}</p>
      <Loaded query={exports} rows={6}>{(items) => (items.length === 0 ? <Empty title={t('records.exports.none')} text={t('records.exports.none_hint')} /> : <ExportTable appid={appid} items={items} />)}</Loaded>
    </Panel>
  );
}

function ExportTable({ appid, items }: { appid: string; items: Export[] }) {
  const { t } = useTranslation();
  return (
    <Wide label={t('records.exports.title')}>
      <Table
        rowKey="id"
        size="middle"
        pagination={false}
        className="rec-exports"
        dataSource={items}
        columns={[
          { title: t('records.exports.what'), render: (_, one) => <What appid={appid} one={one} /> },
          { title: t('records.exports.format'), render: (_, one) => one.format.toUpperCase() },
          { title: t('records.exports.state'), render: (_, one) => <State one={one} /> },
          { title: t('records.exports.size'), align: 'right', className: 'num', render: (_, one) => (one.bytes > 0 ? bytesText(one.bytes) : '—') },
          {
            title: t('records.exports.by'),
            render: (_, one) => (
              <>
                {one.created_by} · <Ago at={one.created_at} />
              </>
            ),
          },
          { title: <span className="sr-only">{t('records.exports.acts')}</span>, align: 'right', render: (_, one) => <Acts appid={appid} one={one} /> },
        ]}
      />
    </Wide>
  );
}

function What({ appid, one }: { appid: string; one: Export }) {
  const { t } = useTranslation();
  const zone = useZone();
  const texts = useFilterTexts(appid);
  if (one.kind === 'person' || !one.question) return t('records.exports.person');
  const { text, from, to, agent, group, reason_id, score, ...words } = one.question;
  const filters: Filters = { ...words, q: text, from: from ? dayText(from, zone) : '', to: '', agent: agent ?? '', group: group ?? '', reason_id: reason_id ?? '', score: score ? String(score) : '' };
  const said = texts(filters).map((each) => each.text);
  return (
    <span className="rec-what">
      {said.length > 0 ? said.join(' · ') : t('records.exports.everything')}
      {to !== null && (
        <small className="muted">
          {t('records.exports.until')} <Exact at={to} />
        </small>
      )}
    </span>
  );
}

function State({ one }: { one: Export }) {
  const { t } = useTranslation();
  const done = doneOf(one);
  return (
    <div className="rec-what">
      <Mark level={levels[one.state]}>{t(`records.exports.states.${one.state}`)}</Mark>
      {isActive(one) && done !== null && <Progress size="small" percent={done} aria-label={t('records.exports.progress')} />}
      {one.state === 'running' && one.reached_at !== null && (
        <small className="muted">
          {t('records.exports.reached')} <Exact at={one.reached_at} />
        </small>
      )}
      <small className="muted num">{t('records.exports.rows', { n: countText(one.rows) })}</small>
      {one.cut && <small className="rec-problem">{t('records.exports.cut')}</small>}
      {one.problem && <small className="rec-problem">{problemText(new ApiProblem(0, one.problem, one.problem))}</small>}
      {one.state === 'withdrawn' && <small className="muted">{t('records.exports.withdrawn_hint')}</small>}
      {one.state === 'done' && one.expires_at !== null && (
        <small className="muted">
          {t('records.exports.expires')} <Exact at={one.expires_at} />
          {one.masked && ` · ${t('records.exports.masked')}`}
        </small>
      )}
    </div>
  );
}

function Acts({ appid, one }: { appid: string; one: Export }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const cancel = useCancelExport(appid);
  const remove = useRemoveExport(appid);
  const download = useDownload(appid);
  return (
    <span className="rec-acts">
      {one.state === 'done' && (
        <Button type="primary" size="small" icon={<Download size={14} aria-hidden />} loading={download.isPending} onClick={() => download.mutate(one, { onError: notify.failed })}>
          {t('records.exports.download')}
        </Button>
      )}
      {isActive(one) ? (
        <Button size="small" icon={<X size={14} aria-hidden />} loading={cancel.isPending} onClick={() => cancel.mutate(one.id, { onError: notify.failed })}>
          {t('common.cancel')}
        </Button>
      ) : (
        <Button
          type="text"
          size="small"
          danger
          aria-label={t('records.exports.remove')}
          title={t('records.exports.remove')}
          icon={<Trash2 size={14} aria-hidden />}
          onClick={() => notify.confirm(t('records.exports.remove_title'), t('records.exports.remove_text'), () => remove.mutateAsync(one.id).catch(notify.failed), t('common.delete'))}
        />
      )}
    </span>
  );
}
