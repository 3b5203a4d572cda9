// 法律保全: what nobody deletes, neither for its age nor on request, until it is released.
import { Button, Switch, Table } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Empty, Loaded, Mark, Panel, useNotify, Wide } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useHolds, useReleaseHold, type Hold } from '../api/records';
import { HoldDialog } from './HoldDialog';
import { ReasonDialog } from './ReasonDialog';

export function Holds({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const all = search.get('holds') === 'all';
  const holds = useHolds(appid, all ? 'all' : 'open');
  const [adding, setAdding] = useState(false);
  const [releasing, setReleasing] = useState<Hold | null>(null);
  const show = (released: boolean) => {
    const next = new URLSearchParams(search);
    released ? next.set('holds', 'all') : next.delete('holds');
    setSearch(next, { replace: true });
  };
  return (
    <Panel
      title={t('records.holds.title')}
      extra={
        <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setAdding(true)}>
          {t('records.holds.add')}
        </Button>
      }
    >
      <p className="muted panel-note">{t('records.holds.hint')}</p>
      <label className="rec-switch">
        <Switch size="small" checked={all} onChange={show} aria-label={t('records.holds.released_too')} /> {t('records.holds.released_too')}
      </label>
      <Loaded query={holds} rows={4}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={t('records.holds.none')} text={t('records.holds.none_hint')} />;
          return (
            <>
              <HoldTable appid={appid} items={items} release={setReleasing} />
              {holds.hasNextPage && (
                <Button loading={holds.isFetchingNextPage} onClick={() => void holds.fetchNextPage()}>
                  {t('common.load_more')}
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
      {adding && <HoldDialog appid={appid} close={() => setAdding(false)} />}
      {releasing && <Release appid={appid} hold={releasing} close={() => setReleasing(null)} />}
    </Panel>
  );
}

function HoldTable({ appid, items, release }: { appid: string; items: Hold[]; release(hold: Hold): void }) {
  const { t } = useTranslation();
  return (
    <Wide label={t('records.holds.title')}>
      <Table
        rowKey="id"
        size="middle"
        pagination={false}
        className="rec-holds"
        dataSource={items}
        columns={[
          { title: t('records.holds.what'), render: (_, one) => <What appid={appid} hold={one} /> },
          { title: t('records.reason'), render: (_, one) => <span className="rec-reason">{one.reason}</span> },
          {
            title: t('records.holds.by'),
            render: (_, one) => (
              <>
                {one.placed_by} · <Ago at={one.placed_at} />
              </>
            ),
          },
          {
            title: t('records.exports.state'),
            render: (_, one) =>
              one.released_at === null ? (
                <Mark level="warning">{t('records.holds.open')}</Mark>
              ) : (
                <span className="rec-what">
                  <Mark level="unknown">{t('records.holds.released')}</Mark>
                  <small className="muted">
                    {one.released_by} · <Ago at={one.released_at} />
                  </small>
                  <small className="muted rec-reason">{one.release_reason}</small>
                </span>
              ),
          },
          {
            title: <span className="sr-only">{t('records.exports.acts')}</span>,
            align: 'right',
            render: (_, one) =>
              one.released_at === null && (
                <Button size="small" onClick={() => release(one)}>
                  {t('records.holds.release')}
                </Button>
              ),
          },
        ]}
      />
    </Wide>
  );
}

function What({ appid, hold: { kind, openid, conversation_id } }: { appid: string; hold: Hold }) {
  const { t } = useTranslation();
  return (
    <span className="rec-what">
      {t(`records.holds.kinds.${kind}`)}
      {kind === 'person' && <small className="mono">{openid}</small>}
      {kind === 'conversation' && conversation_id && (
        <small>
          <Link to={`/m/${appid}/desk/records?open=${conversation_id}`}>{t('records.holds.conversation_n', { id: conversation_id })}</Link>
        </small>
      )}
    </span>
  );
}

function Release({ appid, hold, close }: { appid: string; hold: Hold; close(): void }) {
  const { t } = useTranslation();
  const { done, failed } = useNotify();
  const release = useReleaseHold(appid);
  const submit = (reason: string) => release.mutate({ id: hold.id, reason }, { onSuccess: () => (done(t('records.holds.was_released')), close()), onError: failed });
  return <ReasonDialog title={t('records.holds.release')} text={t('records.holds.release_hint')} act={t('records.holds.release')} danger busy={release.isPending} close={close} submit={submit} />;
}
