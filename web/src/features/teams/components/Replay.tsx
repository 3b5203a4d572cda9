// The conversations of the last days, routed once more: what each group got and would have got.
import { Alert, Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useReplay, useRules, type Replay as Found, type Rule } from '../api/routing';
import type { DraftStore } from './drafts';
import { useNames } from './names';
import { barsOf } from './replayBars';
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
  const replay = useReplay(appid);
  const { failed } = useNotify();
  const [days, setDays] = useState(daysMax);
  const [answer, setAnswer] = useState<{ found: Found; asked: Asked; days: number } | null>(null);
  const run = () => replay.mutate({ days, ...(asked.body ? { rules: asked.body } : {}) }, { onSuccess: (found) => setAnswer({ found, asked, days }), onError: failed });
  return (
    <>
      <Panel title={t('teams.replay.title')}>
        <p className="muted panel-note">{t('teams.replay.hint')}</p>
        <div className="team-line">
          <WhichRules appid={appid} store={store} />
          <span className="team-line">
            <Select aria-label={t('teams.replay.days')} prefix={t('teams.replay.days')} style={{ width: 150 }} value={days} options={Array.from({ length: daysMax }, (_, n) => ({ value: n + 1, label: t('common.time.days', { n: n + 1 }) }))} onChange={setDays} />
            <Button type="primary" disabled={!asked.ready} loading={replay.isPending} onClick={run}>
              {t('teams.replay.run')}
            </Button>
          </span>
        </div>
      </Panel>
      <div aria-live="polite">{answer && <Result appid={appid} {...answer} />}</div>
    </>
  );
}

function Result({ appid, found, asked, days }: { appid: string; found: Found; asked: Asked; days: number }) {
  const { t } = useTranslation();
  if (found.conversations === 0)
    return (
      <Panel>
        <Empty title={t('teams.replay.none', { days })} />
      </Panel>
    );
  return (
    <>
      <Panel title={t('teams.replay.groups')}>
        <p className="panel-note">
          <strong>{t('teams.replay.all', { days, n: found.conversations, moved: found.moved })}</strong>
        </p>
        {found.cut && <Alert type="info" showIcon className="panel-note" title={t('teams.replay.cut')} />}
        <Bars appid={appid} groups={found.groups} />
      </Panel>
      <Panel title={t('teams.replay.changes')}>
        {found.changes.length === 0 ? <p className="muted">{t('teams.replay.no_changes')}</p> : <Changes appid={appid} changes={found.changes} asked={asked} />}
        {found.moved > found.changes.length && <p className="muted">{t('teams.replay.first', { n: found.changes.length })}</p>}
      </Panel>
    </>
  );
}

function Bars({ appid, groups }: { appid: string; groups: Found['groups'] }) {
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

function Changes({ appid, changes, asked }: { appid: string; changes: Found['changes']; asked: Asked }) {
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
            <span>{t('teams.replay.change', { from: names.group(one.from_group), to: names.group(one.to_group) })}</span>
            <span className="muted">{one.rule_id ? t('teams.replay.by', { rule: asked.find(one.rule_id)?.name ?? t('teams.rule_gone') }) : t('teams.replay.by_none')}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
