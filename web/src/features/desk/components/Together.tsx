// Below the head of a conversation: a transfer that waits, who reads along, and what its supervisor can do.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { Ear, MessageCircleWarning, UserRoundCheck, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount, usePermissions } from '@/shared/session/session';
import { watch } from '@/shared/supervise/supervise';
import { useTakeOver } from '@/shared/supervise/useTakeOver';
import { WhisperDialog } from '@/shared/supervise/WhisperDialog';
import { defaultGroup } from '@/shared/teams/teams';
import { useNotify } from '@/shared/ui/page';
import { useSecond } from '@/shared/ui/second';
import { countdown } from '@/shared/ui/time';
import type { Conversation } from '../api/cache';
import { keys, storeDone } from '../api/conversations';
import { useAnswerTransfer, useNamed, useWithdrawMention, type Mention } from '../api/together';
import './together.css';

export default function Together({ conversation }: { conversation: Conversation }) {
  const account = useAccount();
  const { canIn } = usePermissions();
  const open = conversation.state !== 'closed';
  const mine = conversation.assignee?.id === account.id;
  const supervises = open && !mine && canIn('desk.supervise', conversation.appid, conversation.group_id ?? defaultGroup);
  return (
    <>
      {open && conversation.offer && <OfferBar conversation={conversation} mine={mine} />}
      {open && (conversation.mentioned?.length ?? 0) > 0 && <NamedBar conversation={conversation} mine={mine} supervises={supervises} />}
      {supervises && <SuperviseBar conversation={conversation} />}
    </>
  );
}

function OfferBar({ conversation, mine }: { conversation: Conversation; mine: boolean }) {
  const { t } = useTranslation();
  const account = useAccount();
  const notify = useNotify();
  const answer = useAnswerTransfer(conversation.id);
  const [declining, setDeclining] = useState(false);
  const [note, setNote] = useState('');
  const { to, until } = conversation.offer!;
  const left = useSecond((now) => countdown(Math.max(0, until - now)));
  const asked = to.id === account.id;
  const say = (one: Parameters<typeof answer.mutate>[0]) => answer.mutate(one, { onError: notify.failed, onSettled: () => setDeclining(false) });
  return (
    <div className="together" role="group" aria-label={t('supervise.offer.label')}>
      <span>
        {asked ? t('supervise.offer.to_me', { name: conversation.assignee?.display_name ?? '' }) : t('supervise.offer.to', { name: to.display_name })} <span className="num">{left}</span>
      </span>
      {asked && (
        <>
          <Button size="small" type="primary" loading={answer.isPending} onClick={() => say({ answer: 'accept' })}>
            {t('supervise.offer.accept')}
          </Button>
          <Button size="small" onClick={() => setDeclining(true)}>
            {t('supervise.offer.decline')}
          </Button>
        </>
      )}
      {mine && (
        <Button size="small" loading={answer.isPending} onClick={() => say({ answer: 'withdraw' })}>
          {t('supervise.offer.withdraw')}
        </Button>
      )}
      {declining && (
        <Modal open title={t('supervise.offer.decline_title')} onCancel={() => setDeclining(false)} okText={t('supervise.offer.decline')} cancelText={t('common.cancel')} confirmLoading={answer.isPending} onOk={() => say({ answer: 'decline', note: note.trim() || undefined })}>
          <Form layout="vertical">
            <Form.Item label={t('supervise.offer.reason')} htmlFor="decline-note">
              <Input.TextArea id="decline-note" autoFocus rows={2} maxLength={2048} value={note} onChange={(event) => setNote(event.target.value)} placeholder={t('supervise.offer.reason_hint')} />
            </Form.Item>
          </Form>
        </Modal>
      )}
    </div>
  );
}

// One chip for each colleague, whatever the notes that name them.
function NamedBar({ conversation, mine, supervises }: { conversation: Conversation; mine: boolean; supervises: boolean }) {
  const { t } = useTranslation();
  const account = useAccount();
  const notify = useNotify();
  const named = useNamed(conversation.id, conversation.mentioned?.join(' ') ?? '');
  const withdraw = useWithdrawMention(conversation.id);
  const people = new Map<string, Mention[]>();
  for (const one of named.data ?? []) people.set(one.whom.id, [...(people.get(one.whom.id) ?? []), one]);
  if (people.size === 0) return null;
  return (
    <div className="together" role="group" aria-label={t('supervise.named.label')}>
      <span className="muted">{t('supervise.named.title')}</span>
      {[...people.values()].map((mentions) => {
        const { whom } = mentions[0]!;
        const consult = mentions.findLast((one) => one.kind === 'consult');
        const may = mine || supervises || mentions.every((one) => one.from.id === account.id);
        return (
          <span key={whom.id} className="together-chip">
            @{whom.display_name}
            {consult && <span className={consult.answered_at ? 'muted' : 'together-asked'}> · {consult.answered_at ? t('supervise.named.answered') : t('supervise.named.asked')}</span>}
            {may && (
              <button
                aria-label={t('supervise.named.withdraw', { name: whom.display_name })}
                onClick={() => notify.confirm(t('supervise.named.withdraw_title', { name: whom.display_name }), t('supervise.named.withdraw_hint'), () => withdraw.mutateAsync(mentions).catch(notify.failed), t('supervise.named.withdraw_ok'))}
              >
                <X size={12} aria-hidden />
              </button>
            )}
          </span>
        );
      })}
    </div>
  );
}

function SuperviseBar({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notify = useNotify();
  const [whispering, setWhispering] = useState(false);
  const askTakeOver = useTakeOver((taken) => storeDone(client, taken));
  const agent = conversation.assignee?.display_name;
  const watching = !!agent;
  // Once for each opening, however often it is drawn, and wherever from.
  const told = useRef(false);
  useEffect(() => {
    if (!watching || told.current) return;
    told.current = true;
    watch(conversation.id).catch(notify.failed);
  }, [watching, conversation.id]); // eslint-disable-line react-hooks/exhaustive-deps
  return (
    <div className="together" role="group" aria-label={t('supervise.bar')}>
      <span className="together-bar">
        {watching && <Ear size={14} aria-hidden />}
        {watching ? t('supervise.watching') : t('supervise.bar')}
      </span>
      {agent && (
        <Button size="small" icon={<MessageCircleWarning size={14} aria-hidden />} onClick={() => setWhispering(true)}>
          {t('supervise.whisper.do')}
        </Button>
      )}
      <Button size="small" icon={<UserRoundCheck size={14} aria-hidden />} onClick={() => askTakeOver(conversation)}>
        {t('supervise.take_over.do')}
      </Button>
      {whispering && agent && <WhisperDialog id={conversation.id} agent={agent} close={() => setWhispering(false)} done={() => void client.invalidateQueries({ queryKey: keys.thread(conversation.thread_id) })} />}
    </div>
  );
}
