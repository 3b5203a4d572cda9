// Keeps the desk's cache live on every page, and calls an agent who looks elsewhere.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useLiveEvents } from '@/shared/live/live';
import { useAccount } from '@/shared/session/session';
import { applyChange, applySnapshot } from '../api/live';
import { keys } from '../api/conversations';
import type { Conversation, Message } from '../api/cache';
import { alertAgent } from './alerts';
import { customerName } from './customerName';
import { LevelNotices } from './LevelNotices';

export function DeskLive() {
  const client = useQueryClient();
  const { t } = useTranslation();
  const account = useAccount();
  const navigate = useNavigate();
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

  useLiveEvents('change', (change) => {
    applyChange(client, change);
    if (change.topic === 'conversation') recount(change.appid);
    if (change.topic !== 'message') return;
    const message = change.data as unknown as Message;
    if (message.direction !== 'in') return;
    const conversation =
      client.getQueryData<Conversation>(keys.one(message.conversation_id)) ??
      client.getQueryData<{ items: Conversation[] }>(keys.open(change.appid))?.items.find((one) => one.id === message.conversation_id);
    // Somebody else's customer does not call me.
    if (conversation?.assignee && conversation.assignee.id !== account.id) return;
    alertAgent({
      conversationId: message.conversation_id,
      title: conversation ? customerName(conversation) : t('desk.customer.unnamed'),
      text: message.text?.content ?? t('desk.notify.other'),
      open: () => navigate(`/m/${change.appid}/desk/workbench/${message.conversation_id}`),
    });
  });
  useLiveEvents('snapshot', (appid) => applySnapshot(client, appid));
  return <LevelNotices />;
}
