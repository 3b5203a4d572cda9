// The list: mine, waiting, all and closed, with live counts; virtual, so that 500 open conversations stay smooth.
import { useVirtualizer } from '@tanstack/react-virtual';
import i18next from 'i18next';
import { Clock3, Search, X } from 'lucide-react';
import { memo, Suspense, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { loadStrings } from '@/i18n';
import { Countdown } from '@/shared/service_levels/Countdown';
import { countsWaiting, pressing } from '@/shared/service_levels/marks';
import { useAccount } from '@/shared/session/session';
import { defaultGroup, groupName, useGroupName, useGroups } from '@/shared/teams/teams';
import { late } from '@/shared/ui/late';
import { Empty, Failure, Loading } from '@/shared/ui/page';
import { Ago, duration, useNow } from '@/shared/ui/time';
import { byWaiting, inView, type Conversation } from '../api/cache';
import { useConversationList, useOpenConversations } from '../api/conversations';
import { AlertSwitches } from './AlertSwitches';
import { ConversationMarks } from './ConversationMarks';
import { CustomerAvatar } from './CustomerAvatar';
import { customerName } from './customerName';
import { useDrafts } from './drafts';
import { inSaved, type SavedFilter } from './savedViews';
import type { Selection } from './useSelection';
import { WindowLeft } from './WindowLeft';

const Mentions = late(async () => (await Promise.all([import('./Mentions'), loadStrings('supervise')]))[0]);

export type ListView = 'mine' | 'waiting' | 'all' | 'closed';
const views: ListView[] = ['mine', 'waiting', 'all', 'closed'];

// What the list shows for a view, or a saved one instead, a search and a group ('': of all), and how many there are in
// each view.
export function useListed(appid: string, view: ListView, q: string, group: string, saved?: SavedFilter) {
  const account = useAccount();
  const open = useOpenConversations(appid);
  const now = useNow(30_000);
  const fromPages = !!q || (saved ? saved.state : view) === 'closed';
  const paged = useConversationList(appid, { ...(q ? { q } : { state: 'closed' as const, tag: saved?.tag, reason_id: saved?.reason_id, assignee: saved?.agent, group_id: saved?.group_id }), ...(group ? { group_id: group } : {}) }, fromPages);
  const ofGroup = useMemo(() => (open.data?.items ?? []).filter((one) => !group || (one.group_id ?? defaultGroup) === group), [open.data, group]);
  const items = useMemo(() => {
    if (fromPages) return paged.data?.pages.flatMap((page) => page.items) ?? [];
    return ofGroup.filter((one) => (saved ? inSaved(one, saved, account.id, now) : inView(one, view as 'mine', account.id))).sort(byWaiting);
  }, [fromPages, paged.data, ofGroup, view, account.id, saved, saved ? now : 0]); // eslint-disable-line react-hooks/exhaustive-deps
  const counts = useMemo(() => {
    const count = (of: 'mine' | 'waiting') => ofGroup.filter((one) => inView(one, of, account.id)).length;
    return { mine: count('mine'), waiting: count('waiting'), all: ofGroup.length };
  }, [ofGroup, account.id]);
  const query = fromPages ? paged : open;
  return { items, counts, complete: open.data?.complete ?? true, error: query.error, isPending: query.isPending, refetch: () => void query.refetch(), more: fromPages && paged.hasNextPage ? () => void paged.fetchNextPage() : undefined };
}

interface Props {
  appid: string;
  view: ListView;
  q: string;
  group: string;
  listed: ReturnType<typeof useListed>;
  openId: string | undefined;
  cursor: number;
  saved: boolean; // a saved view is shown
  selection: Selection;
  tools?: ReactNode; // saved views
  foot?: ReactNode; // what is done to those that are chosen
  onView(view: ListView): void;
  onGroup(group: string): void;
  onSearch(q: string): void;
  onOpen(conversation: Conversation): void;
}

export function ConversationList({ appid, view, q, group, listed, openId, cursor, saved, selection, tools, foot, onView, onGroup, onSearch, onOpen }: Props) {
  const { t } = useTranslation();
  return (
    <section className="wb-list" aria-label={t('desk.list.title')}>
      <div className="wb-list-head">
        <div className="wb-list-title">
          <h2>{t('desk.list.title')}</h2>
          <span className="wb-list-tools">
            <Suspense fallback={null}>
              <Mentions appid={appid} />
            </Suspense>
            <AlertSwitches />
          </span>
        </div>
        <div className="wb-search">
          <Search size={15} aria-hidden />
          <input aria-label={t('desk.list.search')} placeholder={t('desk.list.search')} value={q} onChange={(event) => onSearch(event.target.value)} />
          {q && (
            <button aria-label={t('common.clear')} onClick={() => onSearch('')}>
              <X size={14} aria-hidden />
            </button>
          )}
        </div>
        <div className="wb-views" role="group" aria-label={t('desk.list.views')}>
          {views.map((one) => (
            <button key={one} aria-pressed={!q && !saved && view === one} onClick={() => onView(one)}>
              {t(`desk.list.${one}`)}
              {one !== 'closed' && <span className="num wb-count">{listed.counts[one]}{one === 'all' && !listed.complete ? '+' : ''}</span>}
            </button>
          ))}
        </div>
        <GroupFilter appid={appid} group={group} onGroup={onGroup} />
        {tools}
      </div>
      <Rows appid={appid} view={view} q={q} listed={listed} openId={openId} cursor={cursor} saved={saved} selection={selection} onOpen={onOpen} />
      {foot}
    </section>
  );
}

// Only where there is more than the default group; a plain select, which costs the workbench nothing.
function GroupFilter({ appid, group, onGroup }: Pick<Props, 'appid' | 'group' | 'onGroup'>) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  if ((groups.data?.length ?? 0) < 2 && !group) return null;
  return (
    <select className="wb-group" aria-label={t('desk.groups.filter')} value={group} onChange={(event) => onGroup(event.target.value)}>
      <option value="">{t('desk.groups.all')}</option>
      {groups.data?.map((one) => (
        <option key={one.id} value={one.id}>
          {groupName(one)}
        </option>
      ))}
    </select>
  );
}

export function Rows({ appid, view, q, listed, openId, cursor, saved, selection, onOpen }: Pick<Props, 'appid' | 'view' | 'q' | 'listed' | 'openId' | 'cursor' | 'saved' | 'selection' | 'onOpen'>) {
  const { t } = useTranslation();
  const nameOfGroup = useGroupName(appid);
  const drafts = useDrafts();
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(10_000);
  const { items, more } = listed;
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: () => 76, overscan: 8, getItemKey: (index) => items[index]!.id });
  useEffect(() => {
    if (cursor >= 0 && cursor < items.length) rows.scrollToIndex(cursor, { align: 'auto' });
  }, [cursor]); // eslint-disable-line react-hooks/exhaustive-deps
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= items.length - 5) more();
  }, [last, items.length, more]);

  if (listed.error && items.length === 0) return <Failure error={listed.error} retry={listed.refetch} />;
  if (listed.isPending) return <div className="wb-pad"><Loading rows={8} /></div>;
  if (items.length === 0) {
    return q || saved ? <Empty title={t('desk.list.empty_search')} text={q ? t('desk.list.empty_search_hint') : undefined} /> : <Empty title={t(`desk.list.empty_${view}`)} text={t(`desk.list.empty_${view}_hint`)} />;
  }
  return (
    <div className="wb-rows" ref={scroller} tabIndex={-1}>
      <ul style={{ height: rows.getTotalSize() }} aria-label={t('desk.list.title')}>
        {visible.map((row) => (
          <li key={row.key} style={{ transform: `translateY(${row.start}px)`, height: row.size }} aria-setsize={items.length} aria-posinset={row.index + 1}>
            {selection.on && <input type="checkbox" className="wb-check" aria-label={t('desk.list.select', { name: customerName(items[row.index]!) })} checked={selection.has(items[row.index]!.id)} onChange={(event) => selection.toggle(row.index, (event.nativeEvent as MouseEvent).shiftKey)} />}
            <Row conversation={items[row.index]!} draft={drafts.has(items[row.index]!.id)} group={groupOf(items[row.index]!, nameOfGroup)} open={items[row.index]!.id === openId} cursor={row.index === cursor} now={now} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </div>
  );
}

// The default group's goes without saying.
const groupOf = ({ group_id }: Conversation, nameOf: (id: string) => string) => (group_id && group_id !== defaultGroup ? nameOf(group_id) : '');

// Where no target says how long a customer may wait: after one minute it is noted, after five it is late.
export const waitLevel = (ms: number) => (ms >= 300_000 ? 'late' : ms >= 60_000 ? 'soon' : 'fresh');

const Row = memo(function Row({ conversation: one, draft, group, open, cursor, now, onOpen }: { conversation: Conversation; draft: boolean; group: string; open: boolean; cursor: boolean; now: number; onOpen(one: Conversation): void }) {
  const { t } = useTranslation();
  const name = customerName(one);
  return (
    <button className={`wb-row${open ? ' wb-row-open' : ''}${cursor ? ' wb-row-cursor' : ''}`} aria-current={open} onClick={() => onOpen(one)}>
      <CustomerAvatar openid={one.openid} name={one.nickname} />
      <span className="wb-row-text">
        <span className="wb-row-top">
          <span className="wb-row-name">{name}</span>
          <RowTimes conversation={one} now={now} />
        </span>
        <span className="wb-row-line">
          <span className="wb-row-last">
            {draft && !open && <span className="wb-draft">{t('desk.list.draft')} </span>}
            {one.last_message?.direction === 'out' && <span>{t('desk.list.we')}</span>}
            {one.last_message ? summaryOf(one.last_message) : t('desk.list.no_message')}
          </span>
          {one.unread > 0 && <span className="wb-unread num" aria-label={t('desk.list.unread', { n: one.unread })}>{one.unread > 99 ? '99+' : one.unread}</span>}
        </span>
        <span className="wb-row-line wb-small muted">
          <span className="wb-row-last">
            {one.state === 'waiting' && !one.assignee ? t('desk.state.waiting') : one.state === 'closed' ? t('desk.state.closed') : (one.assignee?.display_name ?? t(`desk.stage.${one.stage}`))}
            {group && ` · ${group}`}
            {one.source && ` · ${one.source}`} <ConversationMarks conversation={one} />
          </span>
          <WindowLeft conversation={one} />
        </span>
      </span>
    </button>
  );
});

// The countdown of a service level; how long the customer waits, or since when it is quiet, unless that says it.
export function RowTimes({ conversation: one, now }: { conversation: Conversation; now: number }) {
  const { t } = useTranslation();
  const mark = pressing(one);
  const waits = one.state !== 'closed' && one.waiting_since ? now - one.waiting_since : undefined;
  return (
    <span className="wb-row-times">
      {!countsWaiting(mark) &&
        (waits !== undefined ? (
          <span className={`wb-wait wb-wait-${mark ? 'fresh' : waitLevel(waits)} num`} title={t('desk.list.waits')}>
            <Clock3 size={12} aria-hidden />
            {duration(waits)}
          </span>
        ) : (
          <span className="muted wb-small">
            <Ago at={one.last_message_at} now={now} />
          </span>
        ))}
      {mark && <Countdown mark={mark} />}
    </span>
  );
}

function summaryOf(last: NonNullable<Conversation['last_message']>): string {
  if (last.summary) return last.summary;
  if (last.msgtype === 'image') return i18next.t('desk.kind.image');
  if (last.msgtype === 'miniprogrampage') return i18next.t('desk.kind.miniprogrampage');
  if (last.msgtype === 'link') return i18next.t('desk.kind.link');
  return i18next.t('desk.kind.other');
}
