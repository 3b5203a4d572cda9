// Rules: what each watches and sees now; switched with one press, written in a form, tried on the past before.
import { Button, Dropdown, Switch, Table } from 'antd';
import { Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty, Loaded, Panel, useNotify, Wide } from '@/shared/ui/page';
import { useChangeRule, useRemoveRule, useRestoreRules, useReview, useRules, type Rule } from '../api/alerts';
import { Severity, Sight } from './marks';
import { RuleDialog } from './RuleDialog';

export function Rules({ appid, mayManage }: { appid: string; mayManage: boolean }) {
  const { t } = useTranslation();
  const rules = useRules(appid);
  const change = useChangeRule(appid);
  const remove = useRemoveRule(appid);
  const restore = useRestoreRules(appid);
  const { done, failed, confirm } = useNotify();
  const [edited, setEdited] = useState<Rule | 'new' | null>(null);
  const act = (what: string, rule: Rule) => {
    if (what === 'edit') setEdited(rule);
    if (what === 'remove') confirm(t('alerts.rules.remove_title', { name: rule.name }), t('alerts.rules.remove_hint', { n: rule.open_alerts }), () => remove.mutateAsync(rule.id).then(() => done(), failed), t('common.delete'));
  };
  const buttons = mayManage && (
    <span className="alert-buttons">
      <Button onClick={() => restore.mutateAsync().then(() => done(), failed)} loading={restore.isPending}>
        {t('alerts.rules.restore')}
      </Button>
      <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setEdited('new')}>
        {t('alerts.rules.add')}
      </Button>
    </span>
  );
  return (
    <>
      <Panel title={t('alerts.rules.title')} extra={buttons}>
        <Loaded query={rules} rows={8}>
          {(items) =>
            items.length === 0 ? (
              <Empty title={t('alerts.rules.none')} text={t('alerts.rules.none_hint')} />
            ) : (
              <Wide label={t('alerts.rules.title')}>
                <Table
                  rowKey="id"
                  size="small"
                  pagination={false}
                  dataSource={items}
                  columns={[
                    {
                      title: t('alerts.rules.name'),
                      render: (_, one) => (
                        <div className="alert-title">
                          <strong>{one.name}</strong>
                          <span className="muted">{t(`alerts.kinds.${one.kind}`)}</span>
                        </div>
                      ),
                    },
                    { title: t('alerts.columns.severity'), render: (_, one) => <Severity of={one} /> },
                    { title: t('alerts.rules.sees'), render: (_, one) => <Sight rule={one} /> },
                    { title: t('alerts.rules.open'), align: 'right', render: (_, one) => (one.open_alerts > 0 ? <Link to={`/m/${appid}/alerts?rule=${one.id}`} className="num">{one.open_alerts}</Link> : <span className="num muted">0</span>) },
                    {
                      title: t('alerts.rules.enabled'),
                      render: (_, one) => (
                        <Switch size="small" aria-label={t('alerts.rules.enable', { name: one.name })} disabled={!mayManage} checked={one.enabled} loading={change.isPending && change.variables?.id === one.id} onChange={(enabled) => change.mutateAsync({ id: one.id, change: { enabled } }).catch(failed)} />
                      ),
                    },
                    ...(mayManage
                      ? [
                          {
                            title: <span className="sr-only">{t('common.more')}</span>,
                            render: (_: unknown, one: Rule) => (
                              <Dropdown trigger={['click']} menu={{ items: [{ key: 'edit', label: t('common.edit') }, { key: 'remove', danger: true, label: t('common.delete') }], onClick: ({ key }) => act(key, one) }}>
                                <Button size="small" type="text" aria-label={t('alerts.rules.more', { name: one.name })} icon={<Ellipsis size={15} aria-hidden />} />
                              </Dropdown>
                            ),
                          },
                        ]
                      : []),
                  ]}
                />
              </Wide>
            )
          }
        </Loaded>
      </Panel>
      <Review appid={appid} mayManage={mayManage} />
      {edited && <RuleDialog appid={appid} rule={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
    </>
  );
}

// What the last four weeks say about the rules, with the change that would help.
function Review({ appid, mayManage }: { appid: string; mayManage: boolean }) {
  const { t } = useTranslation();
  const review = useReview(appid);
  const change = useChangeRule(appid);
  const { done, failed } = useNotify();
  return (
    <Panel title={t('alerts.review.title')}>
      <p className="muted panel-note">{t('alerts.review.hint')}</p>
      <Loaded query={review} rows={4}>
        {({ items }) => {
          const worth = items.filter((one) => one.finding !== 'fine');
          if (worth.length === 0) return <p className="muted">{t('alerts.review.fine')}</p>;
          return (
            <ul className="alert-review">
              {worth.map((one) => (
                <li key={one.rule_id}>
                  <span>
                    <strong>{one.rule_name}</strong> <span className="muted">{t(`alerts.review.findings.${one.finding}`, { fired: one.fired, acknowledged: one.acknowledged, noise: one.noise, reopened: one.reopened })}</span>
                  </span>
                  {one.suggestion && mayManage && (
                    <Button size="small" loading={change.isPending && change.variables?.id === one.rule_id} onClick={() => change.mutateAsync({ id: one.rule_id, change: one.suggestion! }).then(() => done(), failed)}>
                      {one.suggestion.enabled === false ? t('alerts.review.switch_off') : t('alerts.review.apply')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Panel>
  );
}
