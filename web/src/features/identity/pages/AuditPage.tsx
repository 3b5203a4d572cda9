// 审计日志, of one mini program or of the whole installation. The address holds the filters.
import { Button, DatePicker, Drawer, Input, Table } from 'antd';
import dayjs from 'dayjs';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import type { Schemas } from '@/shared/api/client';
import { CopyText, Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { Ago, Exact } from '@/shared/ui/time';
import { auditExportUrl, useAudit, type AuditFilter } from '../api/people';

type Entry = Schemas['AuditEntry'];

export function AuditPage() {
  const { t } = useTranslation();
  const { appid } = useParams();
  const [search, setSearch] = useSearchParams();
  const number = (name: string) => (search.get(name) ? Number(search.get(name)) : undefined);
  const filter: AuditFilter = { action: search.get('action') || undefined, q: search.get('q') || undefined, from: number('from'), to: number('to') };
  const audit = useAudit(appid, filter);
  const [shown, setShown] = useState<Entry | null>(null);
  const set = (entries: Record<string, string | undefined>) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(entries)) value ? next.set(name, value) : next.delete(name);
        return next;
      },
      { replace: true },
    );
  return (
    <Page
      wide
      title={appid ? t('identity.audit.title') : t('identity.audit.instance_title')}
      purpose={appid ? t('identity.audit.purpose') : t('identity.audit.instance_purpose')}
      actions={
        <Button href={auditExportUrl(appid, filter)} download icon={<Download size={15} aria-hidden />}>
          {t('identity.audit.export')}
        </Button>
      }
    >
      <div className="filters">
        <Input.Search aria-label={t('identity.audit.search')} placeholder={t('identity.audit.search')} allowClear defaultValue={filter.q} style={{ width: 220 }} onSearch={(q) => set({ q })} />
        <Input.Search aria-label={t('identity.audit.action_filter')} placeholder={t('identity.audit.action_filter')} allowClear defaultValue={filter.action} style={{ width: 200 }} onSearch={(action) => set({ action })} />
        <DatePicker.RangePicker
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          allowEmpty={[true, true]}
          placeholder={[t('identity.audit.since'), t('identity.audit.until')]}
          value={[filter.from ? dayjs(filter.from) : null, filter.to ? dayjs(filter.to) : null]}
          onChange={(range) => set({ from: range?.[0] ? String(range[0].valueOf()) : undefined, to: range?.[1] ? String(range[1].valueOf()) : undefined })}
        />
      </div>
      <Panel>
        <Loaded query={audit} rows={8}>
          {(data) => {
            const items = data.pages.flatMap((page) => page.items);
            if (items.length === 0) return <Empty title={t('identity.audit.empty')} text={t('identity.audit.empty_hint')} />;
            return (
              <>
                <Table
                  rowKey="id"
                  dataSource={items}
                  size="middle"
                  pagination={false}
                  scroll={{ x: 'max-content' }}
                  onRow={(one) => ({ onClick: () => setShown(one), style: { cursor: 'pointer' } })}
                  columns={[
                    { title: t('identity.audit.at'), render: (_, one) => <Ago at={one.at} /> },
                    { title: t('identity.audit.who'), dataIndex: 'username' },
                    {
                      title: t('identity.audit.action'),
                      render: (_, one) => (
                        <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setShown(one)}>
                          {one.action}
                        </Button>
                      ),
                    },
                    { title: t('identity.audit.object'), render: (_, one) => <span className="mono">{one.object}</span> },
                    { title: t('identity.audit.from'), render: (_, one) => <span className="num muted">{one.remote_address}</span> },
                  ]}
                />
                {audit.hasNextPage && (
                  <div style={{ textAlign: 'center', marginTop: 12 }}>
                    <Button loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
                      {t('common.load_more')}
                    </Button>
                  </div>
                )}
              </>
            );
          }}
        </Loaded>
      </Panel>
      <Drawer open={!!shown} onClose={() => setShown(null)} title={t('identity.audit.detail')} size={480}>
        {shown && <Detail entry={shown} />}
      </Drawer>
    </Page>
  );
}

function Detail({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  return (
    <>
      <dl className="facts" style={{ marginBottom: 16 }}>
        <dt>{t('identity.audit.at')}</dt>
        <dd><Exact at={entry.at} /></dd>
        <dt>{t('identity.audit.who')}</dt>
        <dd>{entry.username}</dd>
        <dt>{t('identity.audit.via')}</dt>
        <dd>{entry.via}</dd>
        <dt>{t('identity.audit.from')}</dt>
        <dd>{entry.remote_address}</dd>
        <dt>{t('identity.audit.action')}</dt>
        <dd className="mono">{entry.action}</dd>
        <dt>{t('identity.audit.object')}</dt>
        <dd><CopyText text={entry.object} /></dd>
      </dl>
      <h3 style={{ marginBottom: 8 }}>{t('identity.audit.changes')}</h3>
      <dl className="facts">
        {Object.entries(entry.changes).map(([field, change]) => (
          <Change key={field} field={field} change={change} />
        ))}
      </dl>
    </>
  );
}

function Change({ field, change }: { field: string; change: unknown }) {
  const { t } = useTranslation();
  const show = (value: unknown) => (value === null || value === undefined || value === '' ? '—' : typeof value === 'string' ? value : JSON.stringify(value));
  const what = change as { from?: unknown; to?: unknown; changed?: boolean } | null;
  const isChange = typeof what === 'object' && what !== null;
  return (
    <>
      <dt className="mono">{field}</dt>
      <dd className="mono">{isChange && what.changed ? t('identity.audit.changed') : isChange && ('from' in what || 'to' in what) ? `${show(what.from)} → ${show(what.to)}` : show(change)}</dd>
    </>
  );
}
