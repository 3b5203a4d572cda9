// The conversations of the last days, routed once more: what each group got and would have got, and whose agent could have
// them still.
import { Alert, Button, Progress, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useRules, type Rule } from '../api/routing';
import type { DraftStore } from './drafts';
import { useNames } from './names';
import { barsOf } from './replayBars';
import { percentOf, type Sum } from './replaySum';
import { useReplaying, type Running } from './useReplaying';
import { useAsked, WhichRules, type Asked } from './WhichRules';

interface Props {
  appid: string;
  store: DraftStore;
}

const daysMax = 7;

export function Replay({ appid, store }: Props) {
  const rules = useRules(appid);
  return (
    <Loaded query={rules} rows={6}>
      {(items) => <Replaying appid={appid} store={store} rules={items} />}
    </Loaded>
  );
}

function Replaying({ appid, store, rules }: Props & { rules: Rule[] }) {
  const { t } = useTranslation();
  const asked = useAsked(rules, store);
  const { running, run, stop } = useReplaying(appid);
  const { failed } = useNotify();
  const [days, setDays] = useState(daysMax);
  const [of, setOf] = useState<{ asked: Asked; days: number } | null>(null);
  const busy = !!running && !running.over;
  const start = () => {
    setOf({ asked, days });
    run({ days, ...(asked.body ? { rules: asked.body } : {}) }).catch(failed);
  };
  return (
    <>
      <Panel title={t('teams.replay.title')}>
        <p className="muted panel-note">{t('teams.replay.hint')}</p>
        <p className="muted panel-note">{t('teams.replay.agents_hint')}</p>
        <div className="team-line">
          <WhichRules appid={appid} store={store} />
          <span className="team-line">
            <Select aria-label={t('teams.replay.days')} prefix={t('teams.replay.days')} style={{ width: 150 }} disabled={busy} value={days} options={Array.from({ length: daysMax }, (_, n) => ({ value: n + 1, label: t('common.time.days', { n: n + 1 }) }))} onChange={setDays} />
            {busy ? (
              <Button onClick={stop}>{t('teams.replay.stop')}</Button>
            ) : (
              <Button type="primary" disabled={!asked.ready} onClick={start}>
                {t('teams.replay.run')}
              </Button>
            )}
          </span>
        </div>
        {busy && <Way sum={running.sum} />}
      </Panel>
      <div aria-live="polite">{running?.over && of && <Result appid={appid} running={running} {...of} />}</div>
    </>
  );
}

// How far it is; before the first page nobody knows of how many.
function Way({ sum }: { sum: Sum }) {
  const { t } = useTranslation();
  return (
    <div className="replay-way">
      <Progress percent={percentOf(sum)} size="small" status="active" aria-label={t('teams.replay.way')} />
      <span className="muted num">{sum.total > 0 && t('teams.replay.seen', { n: sum.conversations, total: sum.total })}</span>
    </div>
  );
}

function Result({ appid, running: { sum, stopped }, asked, days }: { appid: string; running: Running; asked: Asked; days: number }) {
  const { t } = useTranslation();
  if (sum.conversations === 0)
    return (
      <Panel>
        <Empty title={stopped ? t('teams.replay.stopped', { n: 0 }) : t('teams.replay.none', { days })} />
      </Panel>
    );
  return (
    <>
      <Panel title={t('teams.replay.groups')}>
        <p className="panel-note">
          <strong>{t('teams.replay.all', { days, n: sum.conversations, moved: sum.moved })}</strong>
        </p>
        {sum.agents.had > 0 && <p className="panel-note">{t('teams.replay.agents', { had: sum.agents.had, n: sum.agents.had - sum.agents.fit })}</p>}
        {sum.cut && <Alert type="info" showIcon className="panel-note" title={t('teams.replay.cut')} />}
        {stopped && <Alert type="info" showIcon className="panel-note" title={t('teams.replay.stopped', { n: sum.conversations })} />}
        <Bars appid={appid} groups={sum.groups} />
      </Panel>
      <Panel title={t('teams.replay.changes')}>
        {sum.changes.length === 0 ? <p className="muted">{t('teams.replay.no_changes')}</p> : <Changes appid={appid} changes={sum.changes} asked={asked} />}
        {Math.max(sum.moved, sum.changed) > sum.changes.length && <p className="muted">{t('teams.replay.first', { n: sum.changes.length })}</p>}
      </Panel>
    </>
  );
}

function Bars({ appid, groups }: { appid: string; groups: Sum['groups'] }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  return (
    <ul className="replay-bars">
      {barsOf(groups).map((one) => (
        <li key={one.group_id}>
          <span className="team-line">
            <strong>{names.group(one.group_id)}</strong>
            <span className="muted num">
              {t('teams.replay.difference')} {one.difference}
            </span>
          </span>
          {(['before', 'after'] as const).map((side) => (
            <div key={side} className="replay-bar">
              <span className="muted">{t(`teams.replay.${side}`)}</span>
              <span className="replay-track" aria-hidden>
                <span className={`replay-fill replay-${side}`} style={{ width: `${one.percent[side]}%` }} />
              </span>
              <span className="num">{one[side]}</span>
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Changes({ appid, changes, asked }: { appid: string; changes: Sum['changes']; asked: Asked }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  return (
    <ul className="team-rows">
      {changes.map((one) => (
        <li key={one.conversation_id}>
          <Link className="num" to={`/m/${appid}/desk/workbench/${one.conversation_id}`}>
            {t('teams.replay.conversation', { id: one.conversation_id })}
          </Link>
          <span className="team-row-text">
            <span>{one.from_group === one.to_group ? t('teams.replay.same_group', { group: names.group(one.to_group) }) : t('teams.replay.change', { from: names.group(one.from_group), to: names.group(one.to_group) })}</span>
            <span className="muted">{one.rule_id ? t('teams.replay.by', { rule: asked.find(one.rule_id)?.name ?? t('teams.rule_gone') }) : t('teams.replay.by_none')}</span>
            {one.agent_id && one.agent_obstacle && <span className="muted">{t('teams.replay.agent', { agent: names.agent(one.agent_id), why: t(`teams.replay.obstacles.${one.agent_obstacle}`) })}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
