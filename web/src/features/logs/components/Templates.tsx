// 日志模式: what the lines have in common. How often each comes, since when, and which are new since a release.
import { Button, Select, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { countText, percentText } from '@/shared/charts/numbers';
import { Sparkline } from '@/shared/charts/Sparkline';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useReleases, useTemplates, type LogTemplate } from '../api/logs';
import type { Question } from './address';
import { TemplateText } from './formats';
import { termOf } from './terms';

interface Props {
  appid: string;
  question: Question;
  readable: boolean;
  since: string;
  choose(since: string): void;
  narrow(term: string): void; // and to the lines
}

export function Templates({ appid, question, readable, since, choose, narrow }: Props) {
  const { t } = useTranslation();
  const templates = useTemplates(appid, question, since, readable);
  const releases = useReleases(appid);
  const choice = (
    <Select
      aria-label={t('logs.templates.since')}
      style={{ minWidth: 220 }}
      value={since}
      showSearch
      options={[{ value: '', label: t('logs.templates.all') }, ...(releases.data ?? []).filter((one) => one.release).map((one) => ({ value: one.release, label: t('logs.templates.since_release', { release: one.release }) }))]}
      onChange={choose}
    />
  );
  return (
    <Panel title={t('logs.templates.title')} extra={choice}>
      <p className="muted log-note">{t('logs.templates.purpose')}</p>
      <Loaded query={templates} rows={10}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty
              title={since ? t('logs.templates.none_new', { release: since }) : t('logs.templates.none')}
              text={since ? t('logs.templates.none_new_hint') : t('logs.none_hint')}
              action={since && <Button onClick={() => choose('')}>{t('logs.templates.all')}</Button>}
            />
          ) : (
            <TemplateTable items={items} total={total} narrow={narrow} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function TemplateTable({ items, total, narrow }: { items: LogTemplate[]; total: number; narrow(term: string): void }) {
  const { t } = useTranslation();
  return (
    <Table
      rowKey="number"
      size="small"
      className="log-templates"
      pagination={items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
      scroll={{ x: 'max-content' }}
      dataSource={items}
      title={() => <span className="muted num">{t('logs.templates.total', { n: items.length, m: countText(total) })}</span>}
      columns={[
        {
          title: t('logs.templates.text'),
          render: (_, one) => (
            <button type="button" className="log-template" title={one.sample} onClick={() => narrow(termOf('template', one.number))}>
              {one.number === 0 ? t('logs.templates.beyond') : <TemplateText text={one.text} />}
            </button>
          ),
        },
        { title: t('logs.templates.count'), align: 'right', className: 'num', sorter: (a, b) => a.count - b.count, render: (_, one) => countText(one.count) },
        { title: t('logs.templates.share'), align: 'right', className: 'num', render: (_, one) => percentText(one.share) },
        { title: t('logs.templates.trend'), render: (_, one) => <Sparkline values={one.trend} label={t('logs.templates.trend_of', { most: countText(Math.max(0, ...one.trend)) })} /> },
        { title: t('logs.templates.first_release'), render: (_, one) => <span className="num">{one.first_release || '—'}</span> },
        { title: t('logs.templates.first_seen'), align: 'right', sorter: (a, b) => a.first_seen_at - b.first_seen_at, render: (_, one) => <Ago at={one.first_seen_at} /> },
      ]}
    />
  );
}
