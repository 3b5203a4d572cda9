// How fresh the figures are, and whether something is not counted yet.
import { Button } from 'antd';
import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { usePermissions } from '@/shared/session/session';
import { Mark, useNotify } from '@/shared/ui/page';
import { clockTime, useZone } from '@/shared/ui/time';
import { lags, useRebuild, type Answer } from '../api/reports';

export function Freshness({ answer, at, refresh, busy }: { answer: Answer; at: number; refresh(): void; busy: boolean }) {
  const { t } = useTranslation();
  const zone = useZone();
  const { can } = usePermissions();
  const rebuild = useRebuild();
  const notify = useNotify();
  const ask = () => notify.confirm(t('reports.rebuild.ask'), t('reports.rebuild.hint'), () => rebuild.mutateAsync().then(() => notify.done(t('reports.rebuild.begun')), notify.failed), t('reports.rebuild.do'));
  return (
    <div className="rep-fresh">
      <span className="muted num">{t('reports.fresh.at', { at: clockTime(at, zone) })}</span>
      <span role="status">{lags(answer) && <Mark level="warning">{answer.rebuilding ? t('reports.fresh.rebuilding') : t('reports.fresh.pending', { n: countText(answer.pending) })}</Mark>}</span>
      <Button size="small" type="text" loading={busy} icon={<RefreshCw size={14} aria-hidden />} onClick={refresh}>
        {t('reports.fresh.refresh')}
      </Button>
      {can('instance.manage') && !answer.rebuilding && (
        <Button size="small" type="text" onClick={ask}>
          {t('reports.rebuild.do')}
        </Button>
      )}
    </div>
  );
}
