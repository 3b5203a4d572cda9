// The blacklist 黑名单: who is blocked now, why, and until when.
import { Button, Form, Input, Modal, Select, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, Panel, useNotify, Wide } from '@/shared/ui/page';
import { Ago, Exact } from '@/shared/ui/time';
import { useBlacklist, useBlock, useUnblock, type Block, type Row } from '../api/people';
import { nameOf, PersonLink } from './marks';

export function Blacklist({ appid, mayChange }: { appid: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const blacklist = useBlacklist(appid);
  return (
    <Panel title={t('people.blacklist.title')}>
      <p className="muted panel-note">{t('people.blacklist.hint')}</p>
      <Loaded query={blacklist} rows={6}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={t('people.blacklist.none')} text={t('people.blacklist.none_hint')} />;
          return (
            <>
              <Wide label={t('people.blacklist.title')}>
                <Table
                  rowKey={({ person, block }) => `${person.profile_id}:${block.blocked_at}`}
                  size="small"
                  pagination={false}
                  dataSource={items}
                  columns={[
                    { title: t('people.columns.customer'), render: (_, { person }) => <PersonLink appid={appid} id={person.profile_id} of={person} /> },
                    { title: t('people.blacklist.reason'), render: (_, { block }) => <span className="people-reason">{block.reason}</span> },
                    { title: t('people.blacklist.by'), render: (_, { block }) => block.blocked_by },
                    { title: t('people.blacklist.since'), render: (_, { block }) => <Ago at={block.blocked_at} /> },
                    { title: t('people.blacklist.end'), render: (_, { block }) => <Until block={block} /> },
                    ...(mayChange ? [{ title: <span className="sr-only">{t('people.blacklist.lift')}</span>, render: (_: unknown, { person }: { person: Row }) => <Lift appid={appid} id={person.profile_id} name={nameOf(person)} /> }] : []),
                  ]}
                />
              </Wide>
              {blacklist.hasNextPage && (
                <Button loading={blacklist.isFetchingNextPage} onClick={() => void blacklist.fetchNextPage()} style={{ marginTop: 12 }}>
                  {t('common.load_more')}
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

export function Until({ block }: { block: Block }) {
  const { t } = useTranslation();
  return block.ends_at === 0 ? <span>{t('people.blacklist.for_ever')}</span> : <Exact at={block.ends_at} />;
}

export function Lift({ appid, id, name }: { appid: string; id: string; name: string }) {
  const { t } = useTranslation();
  const lift = useUnblock(appid);
  const { done, failed, confirm } = useNotify();
  const ask = () => confirm(t('people.blacklist.lift_title', { name }), t('people.blacklist.lift_hint'), () => lift.mutateAsync(id).then(() => done(t('people.blacklist.lifted')), failed), t('people.blacklist.lift'));
  return (
    <Button size="small" aria-label={t('people.blacklist.lift_one', { name })} onClick={ask}>
      {t('people.blacklist.lift')}
    </Button>
  );
}

const days = [1, 7, 30, 90, 365, 0] as const;
const dayMs = 86_400_000;

export function BlockDialog({ appid, id, name, close }: { appid: string; id: string; name: string; close(): void }) {
  const { t } = useTranslation();
  const block = useBlock(appid, id);
  const { done, failed } = useNotify();
  const [reason, setReason] = useState('');
  const [time, setTime] = useState<number>(0);
  const save = () => block.mutateAsync({ reason: reason.trim(), ends_at: time === 0 ? 0 : Date.now() + time * dayMs }).then(() => (done(t('people.blacklist.added')), close()), failed);
  return (
    <Modal open title={t('people.blacklist.add_title', { name })} okText={t('people.blacklist.add')} cancelText={t('common.cancel')} okButtonProps={{ danger: true, disabled: reason.trim() === '' }} confirmLoading={block.isPending} onCancel={close} onOk={() => void save()}>
      <p className="muted panel-note">{t('people.blacklist.add_hint')}</p>
      <Form layout="vertical">
        <Form.Item label={t('people.blacklist.reason')} htmlFor="block-reason">
          <Input.TextArea id="block-reason" autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Form.Item>
        <Form.Item label={t('people.blacklist.time')} htmlFor="block-time">
          <Select id="block-time" value={time} options={days.map((value) => ({ value: value as number, label: value === 0 ? t('people.blacklist.for_ever') : t('common.time.days', { n: value }) }))} onChange={setTime} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
