// Which scores open a follow-up, whose it is, and until when.
import { Form, InputNumber, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAgents } from '@/shared/teams/teams';
import { Panel } from '@/shared/ui/page';
import type { Settings } from '../api/satisfaction';
import { useNames } from './names';
import type { PartProps } from './Settings';
import { dueHoursMax } from './settingsDraft';

type Rule = Settings['follow_up'];
const limits = [0, 1, 2, 3, 4];
const owners = ['agent', 'account', 'nobody'] as const satisfies Rule['owner'][];

export function FollowUpRule({ appid, draft, problems, change }: PartProps) {
  const { t } = useTranslation();
  const rule = draft.follow_up;
  const set = (part: Partial<Rule>) => change({ follow_up: { ...rule, ...part } });
  const own = (owner: Rule['owner']) => set({ owner, account_id: owner === 'account' ? rule.account_id : null });
  const limitText = (n: number) => (n === 0 ? t('satisfaction.rule.none') : t('satisfaction.rule.up_to', { n }));
  // What was set by the API, and has no name here, is still shown.
  const offered = limits.includes(rule.score_max) ? limits : [...limits, rule.score_max];
  return (
    <Panel title={t('satisfaction.rule.title')}>
      <p className="muted panel-note">{t('satisfaction.rule.hint')}</p>
      <div className="sat-fields">
        <Form.Item label={t('satisfaction.rule.limit')} htmlFor="rule-limit">
          <Select id="rule-limit" style={{ maxWidth: 240 }} value={rule.score_max} options={offered.map((value) => ({ value, label: limitText(value) }))} onChange={(score_max: number) => set(score_max === 0 && problems.includes('account') ? { score_max, owner: 'agent' } : { score_max })} />
        </Form.Item>
        {rule.score_max > 0 && (
          <>
            <Form.Item label={t('satisfaction.rule.owner')}>
              <Radio.Group aria-label={t('satisfaction.rule.owner')} className="sat-choices" value={rule.owner} onChange={(event) => own(event.target.value as Rule['owner'])}>
                {owners.map((one) => (
                  <Radio key={one} value={one}>
                    {t(`satisfaction.rule.owners.${one}`)}
                  </Radio>
                ))}
              </Radio.Group>
              {problems.includes('agent_anonymous') && (
                <p className="sat-wrong" role="alert">
                  {t('satisfaction.rule.agent_anonymous')}
                </p>
              )}
            </Form.Item>
            {rule.owner === 'account' && <Account appid={appid} id={rule.account_id} missing={problems.includes('account')} change={(account_id) => set({ account_id })} />}
            <Form.Item label={t('satisfaction.rule.due')} htmlFor="rule-due">
              <InputNumber id="rule-due" min={1} max={dueHoursMax} precision={0} suffix={t('satisfaction.rule.hours')} style={{ width: 140 }} value={rule.due_hours} onChange={(hours) => hours && set({ due_hours: hours })} />
            </Form.Item>
          </>
        )}
      </div>
    </Panel>
  );
}

function Account({ appid, id, missing, change }: { appid: string; id: string | null; missing: boolean; change(id: string): void }) {
  const { t } = useTranslation();
  const agents = useAgents(appid);
  const names = useNames(appid);
  const options = (agents.data?.items ?? []).map((one) => ({ value: one.account_id, label: one.display_name }));
  const all = !id || options.some((one) => one.value === id) ? options : [...options, { value: id, label: names.agent(id) }];
  return (
    <Form.Item label={t('satisfaction.rule.account')} htmlFor="rule-account" validateStatus={missing ? 'error' : undefined} help={missing ? t('satisfaction.rule.account_missing') : undefined}>
      <Select id="rule-account" style={{ maxWidth: 240 }} placeholder={t('satisfaction.rule.choose')} showSearch={all.length > 8 ? { optionFilterProp: 'label' } : false} value={id ?? undefined} options={all} onChange={change} />
    </Form.Item>
  );
}
