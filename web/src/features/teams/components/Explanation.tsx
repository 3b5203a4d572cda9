// The answer of the simulator: which queue, who, and why not the others.
import { Table } from 'antd';
import { Check, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PresenceName } from '@/shared/teams/PresenceName';
import { Mark, Panel, Wide, type Level } from '@/shared/ui/page';
import type { Answer } from '../api/routing';
import { agentSentence, comparedSentence, obstacleSentence, queueSentence, type FindRule } from './sentences';
import { useNames } from './names';

type Considered = Answer['queue']['considered'][number];
const levels: Record<Considered['verdict'], Level> = { matches: 'ok', does_not_match: 'unknown', disabled: 'unknown', no_group: 'warning', not_reached: 'unknown', other_tier: 'unknown' };

export function Explanation({ appid, answer: { queue, agents }, find }: { appid: string; answer: Answer; find: FindRule }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  return (
    <>
      <Panel>
        <p className="team-answer">
          <strong>{queueSentence(queue, find, names, t)}</strong>
        </p>
        <p className="team-answer">
          <strong>{agentSentence(agents, names, t)}</strong>
        </p>
      </Panel>
      <Panel title={t('teams.answer.rules')}>
        {queue.considered.length === 0 && <p className="muted">{t('teams.answer.no_rules')}</p>}
        <ol className="team-rows">
          {queue.considered.map((one, index) => (
            <OneRule key={one.rule} considered={one} number={index + 1} find={find} />
          ))}
        </ol>
        {queue.cut && <p className="muted">{t('teams.answer.cut')}</p>}
      </Panel>
      <Panel title={t('teams.answer.agents')}>
        {agents.candidates.length === 0 ? <p className="muted">{t('teams.answer.no_agents')}</p> : <Candidates agents={agents} appid={appid} />}
        {agents.left_out > 0 && <p className="muted">{t('teams.answer.left_out', { n: agents.left_out })}</p>}
      </Panel>
    </>
  );
}

function OneRule({ considered, number, find }: { considered: Considered; number: number; find: FindRule }) {
  const { t } = useTranslation();
  const rule = find(considered.rule);
  const told = considered.verdict === 'matches' || considered.verdict === 'does_not_match';
  return (
    <li>
      <div className="team-row-text">
        <span className="team-line">
          <strong>
            {number}. {rule?.name ?? t('teams.rule_gone')}
          </strong>
          <Mark level={levels[considered.verdict]}>{t(`teams.answer.verdicts.${considered.verdict}`)}</Mark>
        </span>
        {told && considered.compared.length === 0 && rule?.condition === null && <span className="muted">{t('teams.answer.every')}</span>}
        {considered.compared.length > 0 && (
          <ul className="team-compared">
            {considered.compared.map((one) => (
              <li key={one.index}>
                {one.held ? <Check size={14} className="team-held" role="img" aria-label={t('teams.answer.held')} /> : <X size={14} className="muted" role="img" aria-label={t('teams.answer.not_held')} />}
                <span>{comparedSentence(one, rule, t)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

function Candidates({ appid, agents }: { appid: string; agents: Answer['agents'] }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  return (
    <Wide label={t('teams.answer.agents')}>
      <Table
        rowKey="account_id"
        size="small"
        pagination={false}
        dataSource={agents.candidates}
        columns={[
          { title: t('teams.agents.name'), render: (_, one) => names.agent(one.account_id) },
          { title: t('teams.answer.obstacle'), render: (_, one) => <Mark level={one.obstacle === null ? 'ok' : 'unknown'}>{obstacleSentence(one, names, t)}</Mark> },
          { title: t('teams.agents.presence'), render: (_, one) => <PresenceName state={one.presence} /> },
          {
            title: t('teams.answer.load'),
            align: 'right',
            render: (_, one) => (
              <span className="num">
                {one.load}/{one.limit}
              </span>
            ),
          },
        ]}
      />
    </Wide>
  );
}
