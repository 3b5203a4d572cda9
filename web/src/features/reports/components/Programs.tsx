// The mini programs that one supervises, side by side; each leads to its own reports.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { usePrograms, type Listed, type Span } from '../api/reports';
import { withListed } from './address';
import type { View } from './figures';
import { FigureTable, ViewSwitch, type Line } from './FigureTable';

const programsMax = 50;

export function Programs({ span, view, change }: { span: Span; view: View; change(view: View): void }) {
  const { t } = useTranslation();
  const known = useMiniPrograms();
  const programs = usePrograms(span);
  const within = new URLSearchParams({ from: String(span.from), to: String(span.to) });
  return (
    <Loaded query={programs} rows={6}>
      {(items) => {
        const lines = items.map(({ appid, totals }): Line => {
          const name = known.data?.find((one) => one.appid === appid)?.name ?? appid;
          const base = `/m/${appid}/reports`;
          return { key: appid, name, figures: totals, to: (listed: Listed) => `${base}/conversations?${withListed(within, listed)}`, shown: <Link to={`${base}?${within}`}>{name}</Link> };
        });
        if (lines.length === 0)
          return (
            <Panel>
              <Empty title={t('reports.empty')} text={t('reports.programs_empty')} />
            </Panel>
          );
        return (
          <Panel title={t('reports.tables.program')} extra={<ViewSwitch view={view} change={change} />}>
            <p className="muted panel-note">{t('reports.table_hints.program')}</p>
            <FigureTable title={t('reports.tables.program')} head={t('reports.program')} lines={lines} view={view} />
            {lines.length >= programsMax && <p className="muted">{t('reports.programs_cut', { n: programsMax })}</p>}
          </Panel>
        );
      }}
    </Loaded>
  );
}
