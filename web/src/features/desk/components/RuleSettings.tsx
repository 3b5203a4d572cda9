// 自动回复: the rules in the order in which they are tried, and a box to try them in.
import { Button, Switch } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useRemoveRule, useRules, useSwitchRule } from '../api/settings';
import type { SettingsPart } from './part';
import { RuleDialog } from './RuleDialog';
import { RuleTrial } from './RuleTrial';

type Rule = Schemas['Rule'];

export function replyText(reply: Schemas['Reply'], other: (type: string) => string): string {
  return reply.text?.content ?? reply.link?.title ?? reply.miniprogrampage?.title ?? other(reply.msgtype);
}

export function RuleSettings({ appid, mayChange }: SettingsPart) {
  const { t } = useTranslation();
  const rules = useRules(appid);
  const [editing, setEditing] = useState<Rule | 'new' | null>(null);
  return (
    <>
      <RuleTrial appid={appid} />
      <Panel
        title={t('desk.settings.rules')}
        extra={
          mayChange && (
            <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
              {t('desk.rules.add')}
            </Button>
          )
        }
      >
        <Loaded query={rules}>
          {(list) =>
            list.items.length === 0 ? (
              <Empty title={t('desk.rules.empty')} text={t('desk.rules.empty_hint')} />
            ) : (
              <ul className="rules">
                {list.items.map((one) => (
                  <RuleLine key={one.id} rule={one} appid={appid} mayChange={mayChange} edit={() => setEditing(one)} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
      {editing && <RuleDialog appid={appid} rule={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
    </>
  );
}

function RuleLine({ rule, appid, mayChange, edit }: SettingsPart & { rule: Rule; edit(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const turn = useSwitchRule(appid);
  const remove = useRemoveRule(appid);
  return (
    <li className={rule.enabled ? undefined : 'rule-off'}>
      <Switch aria-label={`${t('desk.rules.enabled')} ${rule.name}`} checked={rule.enabled} disabled={!mayChange} onChange={(enabled) => turn.mutate({ id: rule.id, enabled }, { onError: notify.failed })} />
      <div className="rule-text">
        <div>
          <strong>{rule.name}</strong>{' '}
          <span className="muted">
            · {t(`desk.rules.kinds.${rule.kind}`)} · {t('desk.rules.priority')} <span className="num">{rule.priority}</span>
            {rule.pause_s > 0 && ` · ${t('desk.rules.pause')} ${rule.pause_s}`}
          </span>
        </div>
        {rule.kind === 'keyword' && (
          <div>
            <span className="muted">{t(`desk.rules.matches.${rule.match}`)} </span>
            {rule.patterns.map((pattern) => (
              <span key={pattern} className="word-chip">
                {pattern}
              </span>
            ))}
          </div>
        )}
        {rule.replies.map((reply, index) => (
          <span key={index} className="rule-reply">
            {replyText(reply, (type) => t('desk.rules.not_text', { type }))}
          </span>
        ))}
      </div>
      {mayChange && (
        <span>
          <Button type="text" size="small" onClick={edit}>
            {t('common.edit')}
          </Button>
          <Button type="text" size="small" danger onClick={() => notify.confirm(t('desk.rules.remove', { name: rule.name }), t('desk.rules.remove_text'), () => remove.mutateAsync(rule.id).catch(notify.failed), t('common.delete'))}>
            {t('common.delete')}
          </Button>
        </span>
      )}
    </li>
  );
}
