// Alerts, the newest first; a row leads to the alert.
import { Button, Select, Table } from 'antd';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { alertStates, useAlerts, useRules, useSummary, type AlertFilter } from '../api/alerts';
import { Severity, State } from './marks';

export function AlertList({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const state = alertStates.find((one) => one === search.get('state')) ?? 'open';
  const severity = (['notice', 'warning', 'critical'] as const).find((one) => one === search.get('severity'));
  const rule = search.get('rule') ?? undefined;
  const filter: AlertFilter = { state, ...(severity ? { severity } : {}), ...(rule ? { rule } : {}) };
  const alerts = useAlerts(appid, filter);
  const items = alerts.data?.pages.flatMap((page) => page.items) ?? [];
  const set = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next);
  };
  return (
    <>
      <Summary appid={appid} />
      <div className="filters" role="search" aria-label={t('alerts.filters.label')}>
        <Select aria-label={t('alerts.filters.state')} style={{ minWidth: 130 }} value={state} options={alertStates.map((value) => ({ value, label: t(`alerts.filters.states.${value}`) }))} onChange={(value) => set('state', value === 'open' ? undefined : value)} />
        <Select aria-label={t('alerts.filters.severity')} placeholder={t('alerts.filters.severity')} allowClear style={{ minWidth: 120 }} value={severity} options={(['notice', 'warning', 'critical'] as const).map((value) => ({ value, label: t(`alerts.severities.${value}`) }))} onChange={(value?: string) => set('severity', value)} />
        {rule && <OneRule appid={appid} rule={rule} clear={() => set('rule', undefined)} />}
      </div>
      <Panel>
        <Loaded query={alerts} rows={8}>
          {() =>
            items.length === 0 ? (
              <Empty title={state === 'open' ? t('alerts.none_open') : t('alerts.none')} text={t('alerts.none_hint')} action={<Link to={`/m/${appid}/alerts/rules`}>{t('alerts.to_rules')}</Link>} />
            ) : (
              <>
                <Table
                  rowKey="id"
                  size="small"
                  pagination={false}
                  scroll={{ x: 'max-content' }}
                  dataSource={items}
                  columns={[
                    { title: t('alerts.columns.severity'), render: (_, one) => <Severity of={one} /> },
                    {
                      title: t('alerts.columns.alert'),
                      render: (_, one) => (
                        <div className="alert-title">
                          <Link to={`/m/${appid}/alerts/${one.id}`}>{one.sentence || one.rule_name}</Link>
                          <span className="muted">
                            {one.rule_name}
                            {one.group && ` · ${one.group}`}
                          </span>
                        </div>
                      ),
                    },
                    { title: t('alerts.columns.state'), render: (_, one) => <State alert={one} /> },
                    { title: t('alerts.columns.began'), render: (_, one) => <Ago at={one.began_at} /> },
                    { title: t('alerts.columns.by'), render: (_, one) => one.acknowledged_by || <span className="muted">—</span> },
                  ]}
                />
                {alerts.hasNextPage && (
                  <Button loading={alerts.isFetchingNextPage} onClick={() => void alerts.fetchNextPage()} style={{ marginTop: 12 }}>
                    {t('common.load_more')}
                  </Button>
                )}
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

function OneRule({ appid, rule, clear }: { appid: string; rule: string; clear(): void }) {
  const { t } = useTranslation();
  const rules = useRules(appid);
  const name = rules.data?.find((one) => one.id === rule)?.name ?? rule;
  return (
    <Button aria-label={t('alerts.filters.clear_rule', { name })} icon={<X size={14} aria-hidden />} iconPlacement="end" onClick={clear}>
      {t('alerts.filters.one_rule', { name })}
    </Button>
  );
}

function Summary({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const summary = useSummary(appid);
  if (!summary.data) return null;
  const { firing, acknowledged, resolved_unreviewed, rules_blind } = summary.data;
  const tile = (label: string, value: number, to: string, hint?: string) => (
    <Link className="tile" to={to}>
      <div className="tile-label">{label}</div>
      <div className="tile-value">{value}</div>
      {hint && <div className="tile-hint">{hint}</div>}
    </Link>
  );
  const base = `/m/${appid}/alerts`;
  return (
    <div className="tiles">
      {tile(t('alerts.summary.firing'), firing.critical + firing.warning + firing.notice, `${base}?state=firing`, t('alerts.summary.critical', { n: firing.critical }))}
      {tile(t('alerts.summary.acknowledged'), acknowledged.critical + acknowledged.warning + acknowledged.notice, `${base}?state=acknowledged`)}
      {tile(t('alerts.summary.unreviewed'), resolved_unreviewed, `${base}?state=resolved`)}
      {tile(t('alerts.summary.blind'), rules_blind, `${base}/rules`, t('alerts.summary.blind_hint'))}
    </div>
  );
}
