// 工作台: list, conversation, customer. On a phone one pane at a time; the address says which, so that the back gesture
// works and a link shows a colleague the same thing.
import { Button } from 'antd';
import { Keyboard, PanelLeftOpen } from 'lucide-react';
import { Suspense, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { loadStrings } from '@/i18n';
import { usePermissions } from '@/shared/session/session';
import { useAppId } from '@/shared/session/miniPrograms';
import { late } from '@/shared/ui/late';
import { Empty, useTitle } from '@/shared/ui/page';
import type { Conversation } from '../api/cache';
import { ConversationList, useListed, type ListView } from '../components/ConversationList';
import { useSavedViews } from '../api/views';
import { ConversationPane } from '../components/ConversationPane';
import { useKept } from '../components/settings';
import { Splitter } from '../components/Splitter';
import { useKeyboardRoom } from '../components/useKeyboardRoom';
import { useSelection } from '../components/useSelection';
import { useShortcuts } from '../components/useShortcuts';
import './workbench.css';

const withStrings = async <T,>(part: Promise<T>) => (await Promise.all([part, loadStrings('workbench')]))[0];
const KeyboardMap = late(() => withStrings(import('../components/KeyboardMap')));
const CustomerPane = late(async () => ({ default: (await import('../components/CustomerPane')).CustomerPane }));
const ListTools = late(() => withStrings(import('../components/ListTools')));
const BulkBar = late(() => withStrings(import('../components/BulkBar')));

// What an answer needs is here before it is needed: whoever opens a conversation in a tunnel has it.
const ahead = [() => import('../components/ComposerHints'), () => import('../components/CustomerPane'), () => import('../components/CloseDialog'), () => import('../components/TransferDialog'), () => import('../components/Together'), () => import('../components/NoteNames'), () => loadStrings('supervise'), () => loadStrings('workbench'), () => loadStrings('wrapup')];

function useAhead() {
  useEffect(() => {
    const timer = setTimeout(() => ahead.forEach((load) => void load().catch(() => {})), 500);
    return () => clearTimeout(timer);
  }, []);
}

function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

export function WorkbenchPage() {
  const appid = useAppId();
  return <Workbench key={appid} appid={appid} />;
}

function Workbench({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const { conversationId } = useParams();
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  useTitle(t('common.places.workbench'));
  const view = (['mine', 'waiting', 'all', 'closed'] as const).find((one) => one === search.get('view')) ?? 'all';
  const [words, setWords] = useState(search.get('q') ?? '');
  const q = useSettled(words.trim(), 250);
  const group = search.get('group') ?? '';
  const savedId = search.get('saved') ?? '';
  const views = useSavedViews(appid).data;
  const saved = views?.find((one) => one.id === savedId);
  const listed = useListed(appid, view, q, group, saved?.filter);
  const selection = useSelection(listed.items);
  const mayReply = usePermissions().can('desk.reply', appid);
  useKeyboardRoom();
  useAhead();
  const [listWidth, setListWidth] = useKept('workbench.list', 320);
  const [customerWidth, setCustomerWidth] = useKept('workbench.customer', 300);
  const [listShown, setListShown] = useKept('workbench.list-shown', true);
  const [customerShown, setCustomerShown] = useKept('workbench.customer-shown', true);
  const customerOnPhone = search.get('pane') === 'customer';
  const [cursor, setCursor] = useState(-1);
  const [keyboard, setKeyboard] = useState(false);

  const change = useCallback(
    (entries: Record<string, string | undefined>, replace = true) =>
      setSearch(
        (old) => {
          const next = new URLSearchParams(old);
          for (const [name, value] of Object.entries(entries)) value ? next.set(name, value) : next.delete(name);
          return next;
        },
        { replace },
      ),
    [setSearch],
  );
  useEffect(() => {
    if ((search.get('q') ?? '') !== q) change({ q: q || undefined });
  }, [q]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => {
    setCursor(-1);
    selection.end();
  }, [view, q, group, savedId]); // eslint-disable-line react-hooks/exhaustive-deps
  // Somebody else's own, or deleted.
  useEffect(() => {
    if (savedId && views && !saved) change({ saved: undefined });
  }, [savedId, views, saved, change]);

  const base = `/m/${appid}/desk/workbench`;
  const query = () => {
    const kept = new URLSearchParams(search);
    kept.delete('pane');
    const text = kept.toString();
    return text ? `?${text}` : '';
  };
  const open = useCallback((one: Conversation) => navigate(`/m/${one.appid}/desk/workbench/${one.id}${query()}`), [navigate, search]); // eslint-disable-line react-hooks/exhaustive-deps
  const setView = (next: ListView) => {
    setWords('');
    change({ view: next === 'all' ? undefined : next, q: undefined, saved: undefined });
  };
  const toggleCustomer = () => {
    if (window.matchMedia('(max-width: 1100px)').matches) change({ pane: customerOnPhone ? undefined : 'customer' }, false);
    else setCustomerShown(!customerShown);
  };

  const openIndex = listed.items.findIndex((one) => one.id === conversationId);
  const move = (by: number, choosing: boolean) => {
    if (listed.items.length === 0) return;
    const from = cursor >= 0 ? cursor : openIndex;
    const to = from < 0 ? 0 : Math.min(listed.items.length - 1, Math.max(0, from + by));
    setCursor(to);
    if (choosing && mayReply) selection.between(from < 0 ? 0 : from, to);
  };
  const goTo = (by: number) => {
    const next = listed.items[openIndex < 0 ? 0 : openIndex + by];
    if (next) open(next);
  };
  const focusComposer = () => {
    const box = document.getElementById('composer') as HTMLTextAreaElement | null;
    box?.focus();
    return box;
  };
  useShortcuts({
    j: (event) => move(1, event.shiftKey),
    k: (event) => move(-1, event.shiftKey),
    x: () => mayReply && selection.toggle(cursor >= 0 ? cursor : openIndex),
    Enter: (event) => {
      const one = listed.items[cursor];
      if (!one || (event.target as HTMLElement).closest('button, a, summary')) return false;
      open(one);
      return true;
    },
    'alt+j': () => goTo(1),
    'alt+k': () => goTo(-1),
    '1': () => setView('mine'),
    '2': () => setView('waiting'),
    '3': () => setView('all'),
    '4': () => setView('closed'),
    r: () => focusComposer(),
    '/': () => {
      const box = focusComposer();
      if (!box || box.value) return;
      // Through React, so that the menu of quick replies opens.
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(box, '/');
      box.dispatchEvent(new Event('input', { bubbles: true }));
    },
    '?': () => setKeyboard(true),
  });

  const pane = !conversationId ? 'list' : customerOnPhone ? 'customer' : 'conversation';
  const showSaved = (id: string) => {
    setWords('');
    change({ saved: id || undefined, view: undefined, q: undefined });
  };
  const tools = (
    <Suspense fallback={<div className="wb-tools-room" />}>
      <ListTools appid={appid} saved={saved?.id ?? ''} selection={selection} onSaved={showSaved} />
    </Suspense>
  );
  const foot = selection.on && (
    <Suspense fallback={null}>
      <BulkBar appid={appid} listed={listed.items.length} selection={selection} />
    </Suspense>
  );
  return (
    <div className={`wb wb-pane-${pane}`} style={{ '--list': `${listWidth}px`, '--customer': `${customerWidth}px` } as React.CSSProperties}>
      <h1 className="sr-only">{t('common.places.workbench')}</h1>
      {listShown ? (
        <>
          <ConversationList appid={appid} view={view} q={words} group={group} listed={listed} openId={conversationId} cursor={cursor} saved={!!saved} selection={selection} tools={tools} foot={foot} onView={setView} onGroup={(next) => change({ group: next || undefined })} onSearch={setWords} onOpen={open} />
          <Splitter label={t('desk.list.width')} width={listWidth} min={260} max={480} grows={1} onWidth={setListWidth} />
        </>
      ) : (
        <div className="wb-folded">
          <Button type="text" aria-label={t('desk.list.unfold')} icon={<PanelLeftOpen size={18} aria-hidden />} onClick={() => setListShown(true)} />
        </div>
      )}
      {conversationId ? (
        <ConversationPane key={conversationId} appid={appid} id={conversationId} back={() => navigate(`${base}${query()}`)} showCustomer={toggleCustomer} />
      ) : (
        <section className="wb-conversation wb-nothing">
          <Empty
            title={t('desk.thread.none')}
            text={t('desk.thread.none_hint')}
            action={
              <Button icon={<Keyboard size={15} aria-hidden />} onClick={() => setKeyboard(true)}>
                {t('desk.keys.title')}
              </Button>
            }
          />
        </section>
      )}
      {conversationId && (customerShown || customerOnPhone) && (
        <>
          <Splitter label={t('desk.customer.width')} width={customerWidth} min={240} max={460} grows={-1} onWidth={setCustomerWidth} />
          <Suspense fallback={<aside className="wb-customer" aria-label={t('desk.customer.title')} aria-busy />}>
            <CustomerPane appid={appid} conversationId={conversationId} close={() => (customerOnPhone ? change({ pane: undefined }) : setCustomerShown(false))} />
          </Suspense>
        </>
      )}
      {keyboard && (
        <Suspense fallback={null}>
          <KeyboardMap close={() => setKeyboard(false)} />
        </Suspense>
      )}
    </div>
  );
}
