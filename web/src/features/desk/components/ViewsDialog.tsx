// Saved views: what there is, in which order, and one of them being written.
import { Button, Modal } from 'antd';
import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissions } from '@/shared/session/session';
import { useAgents, useGroupName } from '@/shared/teams/teams';
import { Loaded, useNotify } from '@/shared/ui/page';
import { pathOf, useReasons } from '@/shared/wrapup/wrapUp';
import { useOrderViews, useRemoveView, useSavedViews, type ViewToSave } from '../api/views';
import type { SavedView } from './savedViews';
import { ViewEditor } from './ViewEditor';
import { viewText, type Names } from './viewText';

function useNames(appid: string): Names {
  const group = useGroupName(appid);
  const agents = useAgents(appid);
  const reasons = useReasons(appid);
  return {
    group,
    agent: (id) => agents.data?.items.find((one) => one.account_id === id)?.display_name ?? id,
    reason: (id) => {
      const found = reasons.data?.find((one) => one.id === id);
      return found ? pathOf(reasons.data!, found) : id;
    },
  };
}

export default function ViewsDialog({ appid, close, onSaved }: { appid: string; close(): void; onSaved(id: string): void }) {
  const { t } = useTranslation();
  const [written, setWritten] = useState<ViewToSave>();
  if (written)
    return (
      <ViewEditor
        appid={appid}
        view={written}
        close={() => setWritten(undefined)}
        saved={(id) => {
          onSaved(id);
          close();
        }}
      />
    );
  return (
    <Modal open footer={null} title={t('workbench.views.title')} onCancel={close}>
      <p className="muted">{t('workbench.views.hint')}</p>
      <List appid={appid} edit={setWritten} />
      <Button icon={<Plus size={15} aria-hidden />} onClick={() => setWritten({ scope: 'personal', name: '', filter: {} })}>
        {t('workbench.views.add')}
      </Button>
    </Modal>
  );
}

function List({ appid, edit }: { appid: string; edit(view: ViewToSave): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { can } = usePermissions();
  const names = useNames(appid);
  const views = useSavedViews(appid);
  const remove = useRemoveView(appid);
  const order = useOrderViews(appid);
  const configures = can('desk.configure', appid);
  // Among those of its kind.
  const move = (items: SavedView[], view: SavedView, by: -1 | 1) => {
    const ids = items.filter((one) => one.scope === view.scope).map((one) => one.id);
    const at = ids.indexOf(view.id);
    const to = at + by;
    if (to < 0 || to >= ids.length) return;
    order.mutate({ scope: view.scope, ids: ids.with(at, ids[to]!).with(to, view.id) }, { onError: notify.failed });
  };
  return (
    <Loaded query={views}>
      {(items) => (
        <ul className="views-list">
          {items.map((view) => {
            const { id, name, scope, filter } = view;
            return (
              <li key={id}>
                <span className="views-list-text">
                  <strong>{name}</strong> {scope === 'shared' && <span className="muted wb-small">{t('workbench.views.shared')}</span>}
                  <br />
                  <span className="muted wb-small">{viewText(filter, names)}</span>
                </span>
                {(scope === 'personal' || configures) && (
                  <>
                    <Button type="text" size="small" aria-label={t('workbench.views.up', { name })} icon={<ArrowUp size={14} aria-hidden />} onClick={() => move(items, view, -1)} />
                    <Button type="text" size="small" aria-label={t('workbench.views.down', { name })} icon={<ArrowDown size={14} aria-hidden />} onClick={() => move(items, view, 1)} />
                    <Button type="text" size="small" aria-label={t('workbench.views.edit', { name })} icon={<Pencil size={14} aria-hidden />} onClick={() => edit({ id, name, scope, filter })} />
                    <Button type="text" size="small" aria-label={t('workbench.views.remove', { name })} icon={<Trash2 size={14} aria-hidden />} onClick={() => notify.confirm(t('workbench.views.remove_title', { name }), scope === 'shared' ? t('workbench.views.remove_shared') : '', () => remove.mutateAsync(id).catch(notify.failed), t('common.delete'))} />
                  </>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Loaded>
  );
}
