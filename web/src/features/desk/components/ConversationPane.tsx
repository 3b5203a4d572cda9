// One conversation: its head with what can be done, its messages, the budget and the composer.
import { App, Button, Dropdown, Tooltip } from 'antd';
import { AlarmClock, ArrowLeft, ArrowRightLeft, CircleCheck, Ellipsis, ListChecks, PanelRight, Play, Undo2, UserPlus } from 'lucide-react';
import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import { loadStrings } from '@/i18n';
import { useLiveEvents, useWatching } from '@/shared/live/live';
import { Countdown } from '@/shared/service_levels/Countdown';
import { pressing } from '@/shared/service_levels/marks';
import { useAccount, usePermissions } from '@/shared/session/session';
import { problemCode } from '@/shared/api/problems';
import { late } from '@/shared/ui/late';
import { Empty, Failure, Loading, useNotify } from '@/shared/ui/page';
import type { Conversation } from '../api/cache';
import { markRead, useConversation, useConversationAction, type Outcome, type Saying } from '../api/conversations';
import { lookingAt } from './alerts';
import { BudgetLine } from './BudgetLine';
import { Composer } from './Composer';
import { CustomerAvatar } from './CustomerAvatar';
import { ConversationMarks } from './ConversationMarks';
import { customerName } from './customerName';
import { MessageList } from './MessageList';
import { useShortcuts } from './useShortcuts';

const CloseDialog = late(async () => (await Promise.all([import('./CloseDialog'), loadStrings('wrapup')]))[0]);
const TransferDialog = late(() => import('./TransferDialog'));
const ParkDialog = late(() => import('./ParkDialog'));
const Together = late(async () => (await Promise.all([import('./Together'), loadStrings('supervise')]))[0]);
const LeftMessage = late(async () => (await Promise.all([import('./LeftMessage'), loadStrings('queue'), loadStrings('sealing')]))[0]);
const MacroMenu = late(async () => (await Promise.all([import('./MacroMenu'), loadStrings('quick_replies')]))[0]);

interface Props {
  appid: string;
  id: string;
  back(): void;
  showCustomer(): void;
}

export function ConversationPane({ appid, id, back, showCustomer }: Props) {
  const conversation = useConversation(appid, id);
  useWatching(appid, id);
  useEffect(() => {
    lookingAt(id);
    return () => lookingAt('');
  }, [id]);
  if (!conversation.data) {
    return (
      <section className="wb-conversation wb-pad">
        <Absent error={conversation.error} retry={() => void conversation.refetch()} back={back} />
      </section>
    );
  }
  return <Opened key={id} conversation={conversation.data} back={back} showCustomer={showCustomer} />;
}

// It is still read; or it cannot be, as when it went to another group while somebody looked at it.
function Absent({ error, retry, back }: { error: unknown; retry(): void; back(): void }) {
  const { t } = useTranslation();
  if (!error) return <Loading rows={8} />;
  if (problemCode(error) !== 'desk.other_group') return <Failure error={error} retry={retry} />;
  return <Empty title={t('errors.desk_other_group')} text={t('desk.other_group')} action={<Button onClick={back}>{t('desk.to_list')}</Button>} />;
}

function Opened({ conversation, back, showCustomer }: { conversation: Conversation; back(): void; showCustomer(): void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const account = useAccount();
  const notify = useNotify();
  const { can } = usePermissions();
  const act = useConversationAction();
  const newest = useRef(conversation);
  newest.current = conversation;
  const mayReply = can('desk.reply', conversation.appid);
  const mine = conversation.assignee?.id === account.id;
  // Named in a note, or offered it: they look on, and what is read is for others to say.
  const alongside = !mine && (!!conversation.mentioned?.includes(account.id) || conversation.offer?.to.id === account.id);

  const onSeen = useCallback(
    (seq: number) => {
      if (mayReply && !alongside && !document.hidden) void markRead(client, newest.current, seq);
    },
    [client, mayReply, alongside],
  );
  const ready = useCallback(async () => {
    if (newest.current.state !== 'waiting' || newest.current.assignee) return true;
    try {
      await act.mutateAsync({ conversation: newest.current, action: 'take' });
      return true;
    } catch (problem) {
      notify.failed(problem);
      return false;
    }
  }, [act, notify]);

  return (
    <section className="wb-conversation" aria-label={customerName(conversation)}>
      <Head conversation={conversation} mine={mine} mayReply={mayReply} act={act} back={back} showCustomer={showCustomer} />
      <Suspense fallback={null}>
        <Together conversation={conversation} />
      </Suspense>
      {conversation.left_due_at && (
        <Suspense fallback={null}>
          <LeftMessage conversation={conversation} />
        </Suspense>
      )}
      <MessageList conversation={conversation} onSeen={onSeen} />
      <ColleagueTyping conversation={conversation} />
      {mayReply &&
        (conversation.state === 'closed' ? (
          <div className="composer composer-closed">
            <span className="muted">{t('desk.composer.closed')}</span>
            <Button loading={act.isPending} onClick={() => act.mutate({ conversation, action: 'reopen' }, { onError: notify.failed })}>
              {t('desk.action.reopen')}
            </Button>
          </div>
        ) : (
          <>
            <BudgetLine budget={conversation.budget} />
            <Composer conversation={conversation} ready={ready} notesFirst={alongside} />
          </>
        ))}
    </section>
  );
}

interface HeadProps {
  conversation: Conversation;
  mine: boolean;
  mayReply: boolean;
  act: ReturnType<typeof useConversationAction>;
  back(): void;
  showCustomer(): void;
}

function Head({ conversation, mine, mayReply, act, back, showCustomer }: HeadProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const notify = useNotify();
  const [dialog, setDialog] = useState<'close' | 'transfer' | 'park'>();
  const [macros, setMacros] = useState(false);
  const closed = conversation.state === 'closed';
  const mark = pressing(conversation);

  // Done at once, and taken back for five seconds.
  const withUndo = (action: 'close' | 'take' | 'release', undo: 'reopen' | 'release' | 'take', text: string, end: { outcome?: Outcome; said?: Saying } = {}) =>
    act.mutateAsync({ conversation, action, ...end }).then(() => {
      // Also when what it changed has put another pane in the place of this one.
      const key = `${action}:${conversation.id}`;
      message.open({
        key,
        type: 'success',
        duration: 5,
        content: (
          <>
            {text}
            <Button
              type="link"
              size="small"
              onClick={() => {
                message.destroy(key);
                act.mutateAsync({ conversation, action: undo }).catch(notify.failed);
              }}
            >
              {t('common.undo')}
            </Button>
          </>
        ),
      });
    }, notify.failed);
  const take = () => withUndo('take', 'release', t('desk.action.taken'));
  const end = (outcome: Outcome, said: Saying) => {
    setDialog(undefined);
    withUndo('close', 'reopen', t('desk.action.closed'), { outcome, said });
  };
  const parked = !closed && conversation.stage === 'parked' && !!conversation.assignee; // not by the customer
  const unpark = () => act.mutate({ conversation, action: 'unpark' }, { onError: notify.failed });
  const takeIt = () => mayReply && !closed && !mine && take();
  useShortcuts({ t: takeIt, a: takeIt, e: () => mayReply && !closed && setDialog('close'), z: () => mayReply && mine && !closed && !parked && setDialog('park'), m: () => mayReply && !closed && setMacros(true) });

  const state = closed ? t('desk.state.closed') : conversation.assignee ? t('desk.state.with', { name: conversation.assignee.display_name }) : t('desk.state.waiting');
  return (
    <header className="wb-head">
      <Button className="wb-back" type="text" aria-label={t('common.back')} icon={<ArrowLeft size={18} aria-hidden />} onClick={back} />
      <CustomerAvatar openid={conversation.openid} name={conversation.nickname} size={36} />
      <div className="wb-head-name">
        <h2>{customerName(conversation)}</h2>
        <div className="muted wb-small wb-head-line">
          {mark && <Countdown mark={mark} named />}
          {state}
          {conversation.source && ` · ${conversation.source}`}
          {conversation.reason && ` · ${conversation.reason.name}`}
          {conversation.tags.map((tag) => ` #${tag}`)} <ConversationMarks conversation={conversation} />
        </div>
      </div>
      <div className="wb-head-actions">
        {mayReply && !closed && !conversation.assignee && (
          <Button type="primary" icon={<UserPlus size={15} aria-hidden />} loading={act.isPending} onClick={take}>
            {t('desk.action.take')}
          </Button>
        )}
        {mayReply && !closed && (
          <>
            <Tooltip title={t('desk.action.transfer')}>
              <Button aria-label={t('desk.action.transfer')} icon={<ArrowRightLeft size={15} aria-hidden />} onClick={() => setDialog('transfer')} />
            </Tooltip>
            <Tooltip title={t('desk.action.close')}>
              <Button aria-label={t('desk.action.close')} icon={<CircleCheck size={15} aria-hidden />} onClick={() => setDialog('close')} />
            </Tooltip>
            {parked && (
              <Button icon={<Play size={15} aria-hidden />} loading={act.isPending} onClick={unpark}>
                {t('desk.action.unpark')}
              </Button>
            )}
            <Suspense fallback={<Button disabled aria-label={t('desk.action.macros')} icon={<ListChecks size={15} aria-hidden />} />}>
              <MacroMenu conversation={conversation} open={macros} setOpen={setMacros} />
            </Suspense>
            {mine && (
              <Dropdown
                trigger={['click']}
                menu={{
                  items: [
                    ...(parked ? [] : [{ key: 'park', icon: <AlarmClock size={14} aria-hidden />, label: t('desk.action.park') }]),
                    { key: 'release', icon: <Undo2 size={14} aria-hidden />, label: t('desk.action.release') },
                  ],
                  onClick: ({ key }) => (key === 'park' ? setDialog('park') : withUndo('release', 'take', t('desk.action.released'))),
                }}
              >
                <Button type="text" aria-label={t('desk.action.more')} icon={<Ellipsis size={16} aria-hidden />} />
              </Dropdown>
            )}
          </>
        )}
        <Tooltip title={t('desk.customer.toggle')}>
          <Button type="text" aria-label={t('desk.customer.toggle')} icon={<PanelRight size={17} aria-hidden />} onClick={showCustomer} />
        </Tooltip>
      </div>
      <Suspense fallback={null}>
        {dialog === 'close' && <CloseDialog conversation={conversation} end={end} close={() => setDialog(undefined)} />}
        {dialog === 'transfer' && <TransferDialog conversation={conversation} close={() => setDialog(undefined)} />}
        {dialog === 'park' && <ParkDialog conversation={conversation} close={() => setDialog(undefined)} />}
      </Suspense>
    </header>
  );
}

function ColleagueTyping({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const account = useAccount();
  const [who, setWho] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveEvents('typing', (typing) => {
    if (typing.conversation_id !== conversation.id || typing.account_id === account.id) return;
    setWho(typing.display_name || t('desk.thread.colleague'));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setWho(''), 6000);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  if (!who) return null;
  return (
    <div className="wb-typing" role="status">
      <span className="typing-dots" aria-hidden>
        <i />
        <i />
        <i />
      </span>
      {t('desk.thread.is_replying', { name: who })}
    </div>
  );
}
