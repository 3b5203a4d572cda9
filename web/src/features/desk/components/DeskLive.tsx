// Keeps the desk's cache live on every page, and calls an agent who looks elsewhere.
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { loadStrings } from '@/i18n';
import { useLiveEvents, useRefreshed } from '@/shared/live/live';
import { useAccount } from '@/shared/session/session';
import { late } from '@/shared/ui/late';
import { applyChange, applyCounts, applyMissed, applySnapshot, readLists, type ListCounts } from '../api/live';
import { keys } from '../api/conversations';
import type { Conversation, Message } from '../api/cache';
import { alertAgent } from './alerts';
import { customerName } from './customerName';
import { LevelNotices } from './LevelNotices';
import { firstOfTabs } from './once';
import { useSendWaiting } from './useSendWaiting';

const TogetherNotices = late(async () => (await Promise.all([import('./TogetherNotices'), loadStrings('supervise')]))[0]);

export function DeskLive() {
  const client = useQueryClient();
  const { t } = useTranslation();
  const account = useAccount();
  const { notification } = App.useApp();
  const navigate = useNavigate();
  const counted = useRef(new Map<string, ListCounts>());
  const stale = useRef(new Map<string, ReturnType<typeof setTimeout>>());

  // The numbers come from the server; a burst of changes asks for them once a second.
  const recount = (appid: string) => {
    if (stale.current.has(appid)) return;
    const timer = setTimeout(() => {
      stale.current.delete(appid);
      void client.invalidateQueries({ queryKey: keys.counts(appid) });
      void client.invalidateQueries({ queryKey: keys.lists(appid) });
      void client.invalidateQueries({ queryKey: ['presence', appid] });
      void client.invalidateQueries({ queryKey: ['agents', appid] });
    }, 1000);
    stale.current.set(appid, timer);
  };
  useEffect(() => () => stale.current.forEach(clearTimeout), []);

  const call = (what: string, appid: string, id: string, conversation: Conversation | undefined, text: string | undefined) => {
    const news = {
      conversationId: id,
      title: conversation ? customerName(conversation) : t('desk.customer.unnamed'),
      text: text ?? t('desk.notify.other'),
      open: () => navigate(`/m/${appid}/desk/workbench/${id}`),
    };
    void firstOfTabs(what).then((first) => first && alertAgent(news));
  };
  // A customer who waits was given to me: what they said before was told to nobody.
  const callForMine = (item: Conversation) => {
    const known = client.getQueryData<Conversation>(keys.one(item.id)) ?? client.getQueryData<{ items: Conversation[] }>(keys.open(item.appid))?.items.find((one) => one.id === item.id);
    if (item.assignee?.id !== account.id || known?.assignee?.id === account.id || !item.waiting_since) return;
    call(`mine ${item.id} ${item.version}`, item.appid, item.id, item, item.last_message?.summary || undefined);
  };

  useSendWaiting();
  const refresh = useRefreshed((appid) => readLists(client, appid));
  useLiveEvents('change', (change) => {
    if (change.topic === 'conversation') callForMine(change.data as unknown as Conversation);
    applyChange(client, change);
    if (change.topic === 'conversation') recount(change.appid);
    if (change.topic === 'automation') void import('./automationNotice').then(({ tell }) => tell(notification, change.appid, change.data));
    if (change.topic !== 'message') return;
    const message = change.data as unknown as Message;
    if (message.direction !== 'in') return;
    const conversation =
      client.getQueryData<Conversation>(keys.one(message.conversation_id)) ??
      client.getQueryData<{ items: Conversation[] }>(keys.open(change.appid))?.items.find((one) => one.id === message.conversation_id);
    // Somebody else's customer does not call me.
    if (conversation?.assignee && conversation.assignee.id !== account.id) return;
    call(message.id, change.appid, message.conversation_id, conversation, message.text?.content);
  });
  useLiveEvents('counts', (told) => {
    const before = applyCounts(client, told) ?? counted.current.get(told.appid);
    const now = told.counts as ListCounts;
    counted.current.set(told.appid, now);
    refresh(told.appid, !before || before.mine !== now.mine || before.waiting !== now.waiting || before.active !== now.active);
    // Whoever could take them is called; what they say is not ours to know before.
    if (!before || now.waiting <= before.waiting) return;
    const open = () => navigate(`/m/${told.appid}/desk/workbench?view=waiting`);
    const news = { conversationId: `waiting ${told.appid}`, title: t('desk.notify.waiting', { n: now.waiting }), text: '', open };
    void firstOfTabs(`waiting ${told.appid} ${told.seq}`).then((first) => first && alertAgent(news));
  });
  useLiveEvents('missed', ({ ids }) => applyMissed(client, ids));
  useLiveEvents('snapshot', (appid) => applySnapshot(client, appid));
  return (
    <>
      <LevelNotices />
      <Suspense fallback={null}>
        <TogetherNotices />
      </Suspense>
    </>
  );
}
