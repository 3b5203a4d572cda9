// 导出任务: how far each is, and what can be done with it.
import { Button, Progress, Table } from 'antd';
import { Download, RotateCcw, Trash2, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '@/shared/api/client';
import { problemText } from '@/shared/api/problems';
import { bytesText, countText } from '@/shared/charts/numbers';
import { Empty, Loaded, Mark, Panel, useNotify, type Level } from '@/shared/ui/page';
import { Ago, Exact } from '@/shared/ui/time';
import { isActive, useDownload, useExportActs, useExports, type Export } from '../api/saved';

const stateLevels: Record<Export['state'], Level> = { waiting: 'info', running: 'info', done: 'ok', failed: 'failed', cancelled: 'unknown', interrupted: 'warning' };

export function Exports({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const exports = useExports(appid);
  return (
    <Panel title={t('logs.export.tasks')}>
      <p className="muted log-note">{t('logs.export.purpose')}</p>
      <Loaded query={exports} rows={6}>
        {(items) => (items.length === 0 ? <Empty title={t('logs.export.none')} text={t('logs.export.none_hint')} /> : <ExportTable appid={appid} items={items} />)}
      </Loaded>
    </Panel>
  );
}

function ExportTable({ appid, items }: { appid: string; items: Export[] }) {
  const { t } = useTranslation();
  return (
    <Table
      rowKey="id"
      size="middle"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={items}
      columns={[
        {
          title: t('logs.export.what'),
          render: (_, one) => (
            <div className="log-export-what">
              <span className="mono">{one.query || t('logs.saved.everything')}</span>
              <small className="muted">
                {t(`logs.sources.${one.source}`)} · <Exact at={one.from} /> – <Exact at={one.to} />
              </small>
            </div>
          ),
        },
        { title: t('logs.export.format'), render: (_, one) => `${one.format.toUpperCase()}${one.gzip ? ' · gzip' : ''}` },
        { title: t('logs.export.state'), render: (_, one) => <State one={one} /> },
        { title: t('logs.export.size'), align: 'right', className: 'num', render: (_, one) => (one.bytes > 0 ? bytesText(one.bytes) : '—') },
        {
          title: t('logs.export.by'),
          render: (_, one) => (
            <>
              {one.created_by} · <Ago at={one.created_at} />
            </>
          ),
        },
        { title: <span className="sr-only">{t('logs.export.acts')}</span>, align: 'right', render: (_, one) => <Acts appid={appid} one={one} /> },
      ]}
    />
  );
}

function State({ one }: { one: Export }) {
  const { t } = useTranslation();
  return (
    <div className="log-export-state">
      <Mark level={stateLevels[one.state]}>{t(`logs.export.states.${one.state}`)}</Mark>
      {isActive(one) && one.rows_estimated !== null && <Progress size="small" percent={Math.min(99, Math.floor((one.rows / Math.max(1, one.rows_estimated)) * 100))} aria-label={t('logs.export.progress')} />}
      <small className="muted num">{t('logs.export.rows', { n: countText(one.rows) })}</small>
      {one.problem && <small className="log-export-problem">{one.problem === 'too_large' ? t('logs.export.cut') : problemText(new ApiProblem(0, one.problem, one.problem))}</small>}
      {one.state === 'interrupted' && <small className="muted">{t('logs.export.interrupted_hint')}</small>}
      {one.state === 'done' && one.expires_at !== null && (
        <small className="muted">
          {t('logs.export.expires')} <Exact at={one.expires_at} />
          {one.masked && ` · ${t('logs.export.masked')}`}
        </small>
      )}
    </div>
  );
}

function Acts({ appid, one }: { appid: string; one: Export }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const act = useExportActs(appid);
  const download = useDownload(appid);
  const run = (what: 'cancel' | 'repeat' | 'delete') => act.mutate({ what, id: one.id }, { onError: notify.failed });
  return (
    <>
      {one.state === 'done' && (
        <Button type="primary" size="small" icon={<Download size={14} aria-hidden />} loading={download.isPending} onClick={() => download.mutate(one, { onError: notify.failed })}>
          {t('logs.export.download')}
        </Button>
      )}
      {one.mine && isActive(one) && (
        <Button size="small" icon={<X size={14} aria-hidden />} loading={act.isPending} onClick={() => run('cancel')}>
          {t('common.cancel')}
        </Button>
      )}
      {one.mine && ['failed', 'cancelled', 'interrupted'].includes(one.state) && (
        <Button size="small" icon={<RotateCcw size={14} aria-hidden />} loading={act.isPending} onClick={() => run('repeat')}>
          {t('logs.export.repeat')}
        </Button>
      )}
      {one.mine && !isActive(one) && (
        <Button
          type="text"
          size="small"
          danger
          aria-label={t('logs.export.delete')}
          title={t('logs.export.delete')}
          icon={<Trash2 size={14} aria-hidden />}
          onClick={() => notify.confirm(t('logs.export.delete_title'), t('logs.export.delete_text'), () => act.mutateAsync({ what: 'delete', id: one.id }).catch(notify.failed), t('common.delete'))}
        />
      )}
    </>
  );
}
