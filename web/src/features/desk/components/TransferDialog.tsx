// Hand a conversation to a colleague, to a group's queue or to a tier, with a note that only they see.
import { Form, Input, Modal, Radio, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount } from '@/shared/session/session';
import { PresenceName } from '@/shared/teams/PresenceName';
import { groupName, tiersOf, useAgents, useGroups, type Group, type Tier } from '@/shared/teams/teams';
import { Empty, Loaded, useNotify } from '@/shared/ui/page';
import type { Conversation } from '../api/cache';
import { useOpenConversations, useTransfer } from '../api/conversations';
import { useRoster } from '../api/people';
import { groupLoads, named, whoFirst } from './transfer';

type Kind = 'agents' | 'groups' | 'tiers';
const target = (kind: Kind, to: string) => (kind === 'agents' ? { account_id: to } : kind === 'groups' ? { group_id: to } : { tier: to as Tier });

export default function TransferDialog({ conversation, close }: { conversation: Conversation; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const groups = useGroups(conversation.appid);
  const transfer = useTransfer();
  const [kind, setKind] = useState<Kind>('agents');
  const [to, setTo] = useState<string>();
  const [words, setWords] = useState('');
  const [note, setNote] = useState('');
  const submit = () =>
    to &&
    transfer.mutate(
      { id: conversation.id, ...target(kind, to), note: note.trim() || undefined },
      {
        onSuccess: ({ offer }) => {
          notify.done(offer ? t('desk.transfer.asked') : t('desk.transfer.done'));
          close();
        },
        onError: notify.failed,
      },
    );
  const choose = (next: Kind) => {
    setKind(next);
    setTo(undefined);
  };
  const list = { conversation, words, to, setTo };
  const tiers = tiersOf(groups.data ?? []);
  const kinds: Kind[] = tiers.length > 0 ? ['agents', 'groups', 'tiers'] : ['agents', 'groups'];
  return (
    <Modal open title={t('desk.transfer.title')} onCancel={close} okText={t('desk.transfer.ok')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !to }} confirmLoading={transfer.isPending} onOk={submit}>
      <Form layout="vertical">
        {(groups.data?.length ?? 0) > 1 && (
          <Form.Item>
            <Segmented block aria-label={t('desk.transfer.kind')} value={kind} options={kinds.map((value) => ({ value, label: t(`desk.transfer.${value}`) }))} onChange={choose} />
          </Form.Item>
        )}
        {kind !== 'tiers' && (
          <Form.Item>
            <Input.Search aria-label={t('desk.transfer.search')} placeholder={t('desk.transfer.search')} allowClear value={words} onChange={(event) => setWords(event.target.value)} />
          </Form.Item>
        )}
        <Form.Item label={t('desk.transfer.to')} extra={kind === 'tiers' && t('desk.transfer.tiers_hint')}>
          {kind === 'agents' && <Agents {...list} />}
          {kind === 'groups' && <Loaded query={groups}>{(items) => <Groups {...list} groups={items} />}</Loaded>}
          {kind === 'tiers' && <Tiers {...list} tiers={tiers} />}
        </Form.Item>
        <Form.Item label={t('desk.transfer.note')} htmlFor="transfer-note">
          <Input.TextArea id="transfer-note" rows={3} maxLength={2048} value={note} onChange={(event) => setNote(event.target.value)} placeholder={t('desk.transfer.note_hint')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

interface ListProps {
  conversation: Conversation;
  words: string;
  to: string | undefined;
  setTo(id: string): void;
}

function Agents({ conversation, words, to, setTo }: ListProps) {
  const { t } = useTranslation();
  const account = useAccount();
  const agents = useAgents(conversation.appid);
  return (
    <Loaded query={agents}>
      {({ items }) => {
        const others = items.filter((one) => one.account_id !== account.id && one.account_id !== conversation.assignee?.id);
        if (others.length === 0) return <Empty title={t('desk.transfer.nobody')} />;
        const found = others.filter((one) => named(one.display_name, words)).sort(whoFirst);
        if (found.length === 0) return <p className="muted">{t('desk.transfer.not_found')}</p>;
        return (
          <Radio.Group aria-label={t('desk.transfer.to')} className="transfer-agents" value={to} onChange={(event) => setTo(event.target.value)}>
            {found.map((one) => (
              <Radio key={one.account_id} value={one.account_id} disabled={one.presence === 'offline'}>
                {one.display_name} · <PresenceName state={one.presence} reason={one.reason} />{' '}
                <span className="muted num">
                  {one.load}/{one.load_max}
                </span>
              </Radio>
            ))}
          </Radio.Group>
        );
      }}
    </Loaded>
  );
}

function Tiers({ conversation, to, setTo, tiers }: ListProps & { tiers: ReturnType<typeof tiersOf> }) {
  const { t } = useTranslation();
  const roster = useRoster(conversation.appid);
  const open = useOpenConversations(conversation.appid);
  const loads = groupLoads(roster.data ?? [], open.data?.items ?? []);
  // Where it waits already, it need not be sent.
  const here = conversation.stage === 'queued' ? tiers.find((one) => one.ids.includes(conversation.group_id ?? '')) : undefined;
  return (
    <Radio.Group aria-label={t('desk.transfer.to')} className="transfer-agents" value={to} onChange={(event) => setTo(event.target.value)}>
      {tiers.map((one) => (
        <Radio key={one.tier} value={one.tier} disabled={one === here}>
          {t(`desk.tiers.${one.tier}`)} <span className="muted num">{open.data && t('desk.transfer.queue', { n: `${one.ids.reduce((sum, id) => sum + loads(id).queued, 0)}${open.data.complete ? '' : '+'}` })}</span>
        </Radio>
      ))}
    </Radio.Group>
  );
}

// How long a queue is, is counted among the open conversations, which the workbench has.
function Groups({ conversation, words, to, setTo, groups }: ListProps & { groups: Group[] }) {
  const { t } = useTranslation();
  const roster = useRoster(conversation.appid);
  const open = useOpenConversations(conversation.appid);
  const loads = groupLoads(roster.data ?? [], open.data?.items ?? []);
  const found = groups.filter((one) => named(groupName(one), words) && !(conversation.stage === 'queued' && one.id === conversation.group_id));
  if (found.length === 0) return <p className="muted">{t('desk.transfer.not_found')}</p>;
  return (
    <Radio.Group aria-label={t('desk.transfer.to')} className="transfer-agents" value={to} onChange={(event) => setTo(event.target.value)}>
      {found.map((one) => {
        const load = loads(one.id);
        return (
          <Radio key={one.id} value={one.id}>
            {groupName(one)} <span className="muted num">{[roster.data && t('desk.transfer.online', { n: load.online, all: one.agents }), open.data && t('desk.transfer.queue', { n: `${load.queued}${open.data.complete ? '' : '+'}` })].filter(Boolean).join(' · ')}</span>
          </Radio>
        );
      })}
    </Radio.Group>
  );
}
