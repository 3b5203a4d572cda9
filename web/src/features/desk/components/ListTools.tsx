// Above the list: saved views with how many are in each, and the switch that lets one choose several.
import { Button } from 'antd';
import { ListChecks, SlidersHorizontal } from 'lucide-react';
import { Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount, usePermissions } from '@/shared/session/session';
import { late } from '@/shared/ui/late';
import { useNow } from '@/shared/ui/time';
import { useOpenConversations } from '../api/conversations';
import { useSavedViews } from '../api/views';
import { inSaved } from './savedViews';
import type { Selection } from './useSelection';
import './listTools.css';

const ViewsDialog = late(() => import('./ViewsDialog'));

interface Props {
  appid: string;
  saved: string; // the id of the view that is shown
  selection: Selection;
  onSaved(id: string): void;
}

export default function ListTools({ appid, saved, selection, onSaved }: Props) {
  const { t } = useTranslation();
  const account = useAccount();
  const { can } = usePermissions();
  const now = useNow(30_000);
  const views = useSavedViews(appid);
  const open = useOpenConversations(appid);
  const [managing, setManaging] = useState(false);
  const counts = useMemo(() => new Map((views.data ?? []).map(({ id, filter }) => [id, (open.data?.items ?? []).filter((one) => inSaved(one, filter, account.id, now)).length])), [views.data, open.data, account.id, now]);
  return (
    <div className="wb-tools">
      <div className="wb-saved" role="group" aria-label={t('workbench.views.label')}>
        {views.data?.map(({ id, name, filter }) => (
          <button key={id} aria-pressed={saved === id} onClick={() => onSaved(saved === id ? '' : id)}>
            <span className="wb-saved-name">{name}</span>
            {filter.state !== 'closed' && (
              <span className="num wb-count">
                {counts.get(id)}
                {open.data?.complete === false ? '+' : ''}
              </span>
            )}
          </button>
        ))}
        {views.data?.length === 0 && <span className="muted wb-small">{t('workbench.views.none')}</span>}
      </div>
      <Button type="text" size="small" aria-label={t('workbench.views.manage')} title={t('workbench.views.manage')} icon={<SlidersHorizontal size={15} aria-hidden />} onClick={() => setManaging(true)} />
      {can('desk.reply', appid) && (
        <Button type="text" size="small" aria-pressed={selection.on} aria-label={t('workbench.bulk.choose')} title={t('workbench.bulk.choose')} icon={<ListChecks size={16} aria-hidden />} onClick={selection.on ? selection.end : selection.begin} />
      )}
      {managing && (
        <Suspense fallback={null}>
          <ViewsDialog appid={appid} close={() => setManaging(false)} onSaved={onSaved} />
        </Suspense>
      )}
    </div>
  );
}
