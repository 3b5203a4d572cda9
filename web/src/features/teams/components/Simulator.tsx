// Who would get this customer at this moment, and why: of somebody made up, or of a conversation.
import { Button, Form, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useGroups } from '@/shared/teams/teams';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useRules, useTry, type Answer, type Rule } from '../api/routing';
import type { DraftStore } from './drafts';
import { Explanation } from './Explanation';
import { FactsForm } from './FactsForm';
import { isId, nobody, questionAbout, questionOf, type Tier } from './facts';
import { tiers } from './groupEdits';
import { useAsked, WhichRules, type Asked } from './WhichRules';

interface Props {
  appid: string;
  store: DraftStore;
}

export function Simulator({ appid, store }: Props) {
  const rules = useRules(appid);
  return (
    <Loaded query={rules} rows={8}>
      {(items) => <Trying appid={appid} store={store} rules={items} />}
    </Loaded>
  );
}

function Trying({ appid, store, rules }: Props & { rules: Rule[] }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const asked = useAsked(rules, store);
  const attempt = useTry(appid);
  const { failed } = useNotify();
  const [about, setAbout] = useState<'facts' | 'conversation'>(search.get('conversation') ? 'conversation' : 'facts');
  const [id, setId] = useState(search.get('conversation') ?? '');
  const [facts, setFacts] = useState(nobody);
  const [tier, setTier] = useState<Tier | 'none'>('none');
  const experts = useGroups(appid).data?.some((one) => one.tier === 'expert');
  const [answer, setAnswer] = useState<{ answer: Answer; asked: Asked } | null>(null);
  const can = asked.ready && (about === 'facts' || isId(id.trim()));
  const run = () =>
    can && attempt.mutate({ ...(about === 'facts' ? questionOf(facts, asked.body) : questionAbout(id.trim(), asked.body)), ...(tier === 'none' ? {} : { tier }) }, { onSuccess: (found) => setAnswer({ answer: found, asked }), onError: failed });
  return (
    <div className="team-columns">
      <Panel title={t('teams.try.title')}>
        <p className="muted panel-note">{t('teams.try.hint')}</p>
        <WhichRules appid={appid} store={store} />
        <Form layout="vertical" onFinish={run}>
          <Form.Item label={t('teams.try.about')}>
            <Segmented aria-label={t('teams.try.about')} value={about} options={(['facts', 'conversation'] as const).map((value) => ({ value, label: t(`teams.try.abouts.${value}`) }))} onChange={setAbout} />
          </Form.Item>
          {about === 'conversation' ? (
            <Form.Item label={t('teams.try.conversation')} htmlFor="try-conversation" extra={t('teams.try.conversation_hint')}>
              <Input id="try-conversation" inputMode="numeric" maxLength={20} value={id} status={id === '' || isId(id.trim()) ? undefined : 'error'} onChange={(event) => setId(event.target.value)} />
            </Form.Item>
          ) : (
            <FactsForm facts={facts} change={setFacts} />
          )}
          {experts && (
            <Form.Item label={t('teams.try.tier')}>
              <Segmented aria-label={t('teams.try.tier')} value={tier} options={[{ value: 'none' as const, label: t('teams.try.no_tier') }, ...tiers.map((value) => ({ value, label: t(`desk.tiers.${value}`) }))]} onChange={setTier} />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" disabled={!can} loading={attempt.isPending}>
            {t('teams.try.run')}
          </Button>
        </Form>
      </Panel>
      <div aria-live="polite">
        {answer ? (
          <Explanation appid={appid} answer={answer.answer} find={answer.asked.find} />
        ) : (
          <Panel>
            <Empty title={t('teams.try.title')} text={t('teams.try.waiting_for')} />
          </Panel>
        )}
      </div>
    </div>
  );
}
