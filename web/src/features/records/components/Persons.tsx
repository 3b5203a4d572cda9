// 个人信息: one person's data, handed out or deleted on their request; and the receipts.
import { Button, Input, Modal, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { countText } from '@/shared/charts/numbers';
import { usePermissions } from '@/shared/session/session';
import { Empty, Loaded, Mark, Panel, useNotify, Wide, type Level } from '@/shared/ui/page';
import { Ago, Exact } from '@/shared/ui/time';
import { useErase, useErasures, useExportPerson, type Erasure } from '../api/records';
import { ReasonDialog } from './ReasonDialog';

export function Persons({ appid }: { appid: string }) {
  return (
    <>
      <Requests appid={appid} />
      <Receipts appid={appid} />
    </>
  );
}

function Requests({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { can } = usePermissions();
  const { done, failed } = useNotify();
  const [search] = useSearchParams();
  const [openid, setOpenid] = useState(search.get('openid')?.slice(0, 128) ?? '');
  const [erasing, setErasing] = useState(false);
  const exporting = useExportPerson(appid);
  const erase = useErase(appid);
  const named = openid.trim();
  const hand = () => exporting.mutate(named, { onSuccess: () => void navigate(`/m/${appid}/desk/records/exports`), onError: failed });
  const submit = (reason: string) => erase.mutate({ openid: named, reason }, { onSuccess: () => (done(t('records.persons.asked')), setErasing(false), setOpenid('')), onError: failed });
  return (
    <Panel title={t('records.persons.title')}>
      <p className="muted panel-note">{t('records.persons.hint')}</p>
      <div className="rec-person">
        <Input aria-label={t('records.persons.openid')} placeholder={t('records.persons.openid')} maxLength={128} autoComplete="off" value={openid} onChange={({ target }) => setOpenid(target.value)} />
        {can('desk.export', appid) && (
          <Button disabled={!named} loading={exporting.isPending} onClick={hand}>
            {t('records.persons.export')}
          </Button>
        )}
        {can('desk.configure', appid) && (
          <Button danger disabled={!named} onClick={() => setErasing(true)}>
            {t('records.persons.erase')}
          </Button>
        )}
      </div>
      {erasing && (
        <ReasonDialog
          title={t('records.persons.erase')}
          act={t('records.persons.erase')}
          danger
          busy={erase.isPending}
          close={() => setErasing(false)}
          submit={submit}
          text={
            <>
              <p className="mono rec-reason">{named}</p>
              <p>{t('records.persons.erase_hint')}</p>
            </>
          }
        />
      )}
    </Panel>
  );
}

const levels: Record<Erasure['state'], Level> = { waiting: 'info', erasing: 'info', held: 'warning', done: 'ok' };

function Receipts({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const erasures = useErasures(appid);
  const [shown, setShown] = useState('');
  return (
    <Panel title={t('records.receipts.title')}>
      <Loaded query={erasures} rows={4}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          const one = items.find(({ id }) => id === shown);
          if (items.length === 0) return <Empty title={t('records.receipts.none')} />;
          return (
            <>
              <Wide label={t('records.receipts.title')}>
                <Table
                  rowKey="id"
                  size="middle"
                  pagination={false}
                  className="rec-erasures"
                  dataSource={items}
                  columns={[
                    { title: t('records.receipts.who'), render: (_, { openid_hash }) => <span className="mono">{openid_hash}</span> },
                    { title: t('records.reason'), render: (_, { reason }) => <span className="rec-reason">{reason || '—'}</span> },
                    {
                      title: t('records.receipts.by'),
                      render: (_, each) => (
                        <>
                          {each.asked_by === 'wechat' ? t('records.receipts.wechat') : each.asked_by} · <Ago at={each.asked_at} />
                        </>
                      ),
                    },
                    { title: t('records.exports.state'), render: (_, { state }) => <Mark level={levels[state]}>{t(`records.receipts.states.${state}`)}</Mark> },
                    {
                      title: <span className="sr-only">{t('records.exports.acts')}</span>,
                      align: 'right',
                      render: (_, { id }) => (
                        <Button size="small" onClick={() => setShown(id)}>
                          {t('records.receipts.show')}
                        </Button>
                      ),
                    },
                  ]}
                />
              </Wide>
              {erasures.hasNextPage && (
                <Button loading={erasures.isFetchingNextPage} onClick={() => void erasures.fetchNextPage()}>
                  {t('common.load_more')}
                </Button>
              )}
              {one && <Receipt erasure={one} close={() => setShown('')} />}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

// Of what there was any.
const known = ['conversations_messages', 'conversations_media', 'conversations_conversations', 'conversations_threads', 'gateway_windows', 'gateway_outgoing', 'gateway_dead_letters', 'gateway_relayed', 'gateway_consents', 'exports', 'people', 'official', 'log_exports'] as const;
const later = ['push_journal', 'change_log', 'kept_answers'] as const;

function Receipt({ erasure: { openid_hash, state, finished_at, receipt }, close }: { erasure: Erasure; close(): void }) {
  const { t } = useTranslation();
  const nameOf = (what: string) => {
    const key = known.find((one) => one === what.replace('.', '_'));
    return key ? t(`records.receipts.deleted.${key}`) : t('records.receipts.telemetry', { what: what.replace('telemetry.', '') });
  };
  const laterOf = (what: string) => {
    const key = later.find((one) => one === what);
    return key ? t(`records.receipts.until.${key}`) : what;
  };
  const gone = Object.entries(receipt.deleted).filter(([, count]) => count > 0);
  return (
    <Modal open title={t('records.receipts.receipt', { who: openid_hash })} footer={null} onCancel={close}>
      <p className="rec-note">
        <Mark level={levels[state]}>{t(`records.receipts.states.${state}`)}</Mark> {finished_at !== null && <Exact at={finished_at} />}
      </p>
      {state === 'held' && <p className="rec-note">{t('records.receipts.held_hint')}</p>}
      <h3>{t('records.receipts.gone')}</h3>
      {gone.length === 0 ? (
        <p className="muted">{state === 'done' ? t('records.receipts.nothing') : t('records.receipts.not_yet')}</p>
      ) : (
        <dl className="facts">
          {gone.map(([what, count]) => (
            <Row key={what} name={nameOf(what)}>
              <span className="num">{countText(count)}</span>
            </Row>
          ))}
        </dl>
      )}
      <h3>{t('records.receipts.later')}</h3>
      <dl className="facts">
        {Object.entries(receipt.until).map(([what, at]) => (
          <Row key={what} name={laterOf(what)}>
            {t('records.receipts.at_latest')} <Exact at={at} />
          </Row>
        ))}
        <Row name={t('records.receipts.backups')}>
          {receipt.backups.made_before === null ? (
            t('records.receipts.backups_hint')
          ) : (
            <>
              {t('records.receipts.backups_before')} <Exact at={receipt.backups.made_before} />
            </>
          )}
        </Row>
      </dl>
    </Modal>
  );
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
