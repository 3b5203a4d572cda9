// The dry run: which rule would answer, and why the others would not. Nothing is sent.
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark, Panel, useNotify } from '@/shared/ui/page';
import { useTryRules } from '../api/settings';
import { replyText } from './RuleSettings';

export function RuleTrial({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const trial = useTryRules(appid);
  const [text, setText] = useState('');
  const [enters, setEnters] = useState(false);
  const run = () => trial.mutate(enters ? { event: 'user_enter_tempsession' } : { text }, { onError: notify.failed });
  const result = trial.data;
  return (
    <Panel title={t('desk.rules.trial')}>
      <div className="trial">
        <p className="muted">{t('desk.rules.trial_hint')}</p>
        <div className="trial-row">
          <Input aria-label={t('desk.rules.trial_text')} placeholder={t('desk.rules.trial_text')} style={{ maxWidth: 360 }} value={text} disabled={enters} maxLength={2048} onChange={(event) => setText(event.target.value)} onPressEnter={() => (enters || text.trim()) && run()} />
          <Checkbox checked={enters} onChange={(event) => setEnters(event.target.checked)}>
            {t('desk.rules.trial_enter')}
          </Checkbox>
          <Button loading={trial.isPending} disabled={!enters && !text.trim()} onClick={run}>
            {t('desk.rules.trial_run')}
          </Button>
        </div>
        {result && (
          <div role="status" className="trial">
            {result.fired ? <Mark level="ok">{t('desk.rules.trial_fired', { name: result.fired.name })}</Mark> : <Mark level="unknown">{t('desk.rules.trial_none')}</Mark>}
            {result.replies.map((reply, index) => (
              <span key={index} className="rule-reply">
                {replyText(reply, (type) => t('desk.rules.not_text', { type }))}
              </span>
            ))}
            {result.considered.length > 0 && (
              <details>
                <summary>{t('desk.rules.trial_considered')}</summary>
                <ol className="trial-steps">
                  {result.considered.map((one) => (
                    <li key={one.rule_id}>
                      {one.name} · {one.why}
                    </li>
                  ))}
                </ol>
              </details>
            )}
          </div>
        )}
      </div>
    </Panel>
  );
}
