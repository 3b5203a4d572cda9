// Quick replies: the own ones and the shared ones, by folder, by use, or those that fit what is typed.
import { Button } from 'antd';
import { Download, Plus, Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useQuickReplies, type QuickReply } from '@/shared/quick_replies/quickReplies';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useKeys } from '@/shared/ui/useKeys';
import { exportUrl } from '../api/quickReplies';
import { byFolder, filtersOf, foldersOf, listed, noFolder, scopes, within, withFilters, type Filters } from './filters';
import { FolderDialog } from './FolderDialog';
import { ImportDialog } from './ImportDialog';
import { ReplyFilters } from './ReplyFilters';
import { ReplyRow } from './ReplyRow';
import { ReplySheet } from './ReplySheet';

export interface Props {
  appid: string;
  mayReply: boolean;
  mayConfigure: boolean;
}

export function Replies({ appid, mayReply, mayConfigure }: Props) {
  const { t } = useTranslation();
  const replies = useQuickReplies(appid);
  const [search, setSearch] = useSearchParams();
  const [importing, setImporting] = useState(false);
  const [moving, setMoving] = useState('');
  const filters = filtersOf(search);
  const [words, setWords] = useState(filters.q);
  const all = replies.data ?? [];
  const change = (next: Partial<Filters>) => {
    if (next.q !== undefined) setWords(next.q);
    setSearch((old) => withFilters(old, next), { replace: true });
  };
  const open = (reply: string | null) =>
    setSearch((old) => {
      const next = new URLSearchParams(old);
      if (reply) next.set('reply', reply);
      else next.delete('reply');
      return next;
    });
  const mayChange = ({ scope }: QuickReply) => mayReply && (scope === 'personal' || mayConfigure);
  const movable = (folder: string) => scopes.filter((scope) => all.some((one) => one.scope === scope && within(one.folder, folder) && mayChange(one)));
  const opened = search.get('reply');
  useKeys({ '/': () => document.getElementById('replies-search')?.focus() });
  return (
    <>
      <ReplyFilters replies={all} filters={filters} words={words} change={change} />
      <Panel
        extra={
          <div className="page-actions">
            {mayReply && (
              <Button icon={<Upload size={15} aria-hidden />} onClick={() => setImporting(true)}>
                {t('quick_replies.list.import')}
              </Button>
            )}
            <Button href={exportUrl(appid)} download icon={<Download size={15} aria-hidden />}>
              {t('quick_replies.list.export')}
            </Button>
            {mayReply && (
              <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => open('new')}>
                {t('quick_replies.list.add')}
              </Button>
            )}
          </div>
        }
      >
        <Loaded query={replies} rows={8}>
          {(items) =>
            items.length === 0 ? (
              <Empty title={t('quick_replies.list.empty')} text={t('quick_replies.list.empty_hint')} />
            ) : (
              <List key={`${filters.scope} ${filters.folder} ${filters.q}`} appid={appid} all={items} filters={filters} mayChange={mayChange} movable={(folder) => movable(folder).length > 0} edit={open} move={setMoving} />
            )
          }
        </Loaded>
      </Panel>
      <ReplySheet
        appid={appid}
        reply={opened === 'new' && mayReply ? 'new' : all.find((one) => one.id === opened && mayChange(one))}
        folder={filters.folder === noFolder ? '' : filters.folder}
        folders={foldersOf(all).map((one) => one.path)}
        mayConfigure={mayConfigure}
        close={() => open(null)}
      />
      {moving && <FolderDialog appid={appid} folder={moving} scopes={movable(moving)} close={() => setMoving('')} />}
      {importing && <ImportDialog appid={appid} mayConfigure={mayConfigure} close={() => setImporting(false)} />}
    </>
  );
}

interface ListProps {
  appid: string;
  all: QuickReply[];
  filters: Filters;
  mayChange(reply: QuickReply): boolean;
  movable(folder: string): boolean;
  edit(id: string): void;
  move(folder: string): void;
}

const rowsAtOnce = 100;

function List({ appid, all, filters, mayChange, movable, edit, move }: ListProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(rowsAtOnce);
  const found = listed(all, filters);
  if (found.length === 0) return <Empty title={t('quick_replies.list.none')} text={t('quick_replies.list.none_hint')} />;
  const shown = found.slice(0, wanted);
  const folders = filters.q.trim() === '' && filters.sort === '';
  const usesMax = filters.sort === 'uses' && !filters.q.trim() ? Math.max(...found.map((one) => one.uses)) : 0;
  const rows = (items: QuickReply[]) => (
    <ul className="qr-rows">
      {items.map((one) => (
        <ReplyRow key={one.id} appid={appid} reply={one} mayChange={mayChange(one)} withFolder={!folders} usesMax={usesMax} edit={() => edit(one.id)} />
      ))}
    </ul>
  );
  return (
    <>
      {folders
        ? byFolder(shown).map(({ folder, items }) => (
            <section key={folder} className="qr-folder">
              {(folder || shown.some((one) => one.folder)) && (
                <div className="qr-folder-head">
                  <h2>{folder || t('quick_replies.filters.no_folder')}</h2>
                  {folder && movable(folder) && (
                    <Button type="text" size="small" aria-label={t('quick_replies.folder.rename_one', { name: folder })} onClick={() => move(folder)}>
                      {t('quick_replies.folder.rename')}
                    </Button>
                  )}
                </div>
              )}
              {rows(items)}
            </section>
          ))
        : rows(shown)}
      <div className="qr-end">
        <span className="muted num" role="status">
          {t('quick_replies.list.shown', { n: shown.length, all: all.length })}
        </span>
        {shown.length < found.length && <Button onClick={() => setWanted(wanted + rowsAtOnce)}>{t('common.load_more')}</Button>}
      </div>
    </>
  );
}
