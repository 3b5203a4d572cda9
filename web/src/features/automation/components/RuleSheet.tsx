// One rule, written beside the list, and tried on past conversations before it is saved.
import { Alert, Button, Drawer, Form, Input, Segmented, Switch } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConditionEditor } from '@/shared/conditions/ConditionEditor';
import { fresh, leavesMax, leavesOf, type Group } from '@/shared/conditions/conditions';
import { useQuickReplies, type QuickReply } from '@/shared/quick_replies/quickReplies';
import { StepList } from '@/shared/quick_replies/StepList';
import { messagesOf } from '@/shared/quick_replies/stepRows';
import { Loaded, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useLeave } from '@/shared/ui/useLeave';
import { useAddRule, useChangeRule, type Rule } from '../api/automation';
import { bodyOf, changesOf, draftOf, kindsAt, messagesMax, newDraft, problemOf, ready, triable, type Draft } from './draft';
import { DryRunPart } from './DryRun';
import { WhenFields } from './WhenFields';

interface Props {
  appid: string;
  rule: Rule | 'new' | undefined; // none: closed
  close(): void;
}

export function RuleSheet({ appid, rule, close }: Props) {
  const { t } = useTranslation();
  const replies = useQuickReplies(appid);
  const { leave, drop, setUnsaved } = useLeave(close, { title: t('automation.edit.unsaved_title'), text: t('automation.edit.unsaved_text'), discard: t('automation.edit.discard') });
  return (
    <Drawer open={!!rule} onClose={leave} size={820} title={rule === 'new' ? t('automation.list.add') : t('automation.edit.title')}>
      {rule && (
        <Loaded query={replies} rows={8}>
          {(known) => <Sheet key={rule === 'new' ? rule : rule.id} appid={appid} rule={rule === 'new' ? undefined : rule} replies={known} leave={leave} close={drop} setUnsaved={setUnsaved} />}
        </Loaded>
      )}
    </Drawer>
  );
}

interface SheetProps {
  appid: string;
  rule: Rule | undefined; // none: a new one
  replies: QuickReply[];
  leave(): void;
  close(): void;
  setUnsaved(unsaved: boolean): void;
}

function Sheet({ appid, rule, replies, leave, close, setUnsaved }: SheetProps) {
  const { t } = useTranslation();
  const [seen] = useState(rule?.version ?? 0);
  const [stored] = useState(() => (rule ? draftOf(rule) : newDraft()));
  const [draft, setDraft] = useState<Draft>(stored);
  const changes = changesOf(stored, draft);
  const changed = changes !== null;
  useEffect(() => setUnsaved(changed), [changed, setUnsaved]);
  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const { busy, save } = useSave(appid, close);
  const messages = messagesOf(draft.rows, replies);
  return (
    <Form layout="vertical" onFinish={() => save(rule, changes, draft)}>
      {rule && rule.version > seen && <Alert type="warning" showIcon className="panel-note" title={t('teams.rules.changed', { by: rule.updated_by })} />}
      <Form.Item label={t('teams.rules.name')} htmlFor="automation-name">
        <Input id="automation-name" maxLength={64} autoFocus={!rule} value={draft.name} onChange={(event) => set({ name: event.target.value })} />
      </Form.Item>
      <Form.Item>
        <span className="auto-line">
          <Switch aria-label={t('teams.rules.enabled')} checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
          <span aria-hidden>{t('teams.rules.enabled')}</span>
        </span>
      </Form.Item>
      <h3>{t('automation.when')}</h3>
      <WhenFields draft={draft} set={set} />
      <h3>{t('automation.if')}</h3>
      <Condition condition={draft.condition} change={(condition) => set({ condition })} />
      <h3>{t('automation.then')}</h3>
      <p className="muted">{t('automation.edit.limits')}</p>
      <StepList appid={appid} scope="shared" kinds={kindsAt(draft.event)} rows={draft.rows} problemOf={(step) => problemOf(step, draft.event, replies)} put={(rows) => set({ rows })} />
      {messages > messagesMax && (
        <p className="qr-wrong" role="alert">
          {t('automation.edit.too_many_messages', { n: messages, max: messagesMax })}
        </p>
      )}
      <DryRunPart appid={appid} draft={{ ...bodyOf(draft), name: draft.name.trim() || t('automation.list.add') }} ready={triable(draft, replies)} />
      {rule && (
        <p className="muted">
          {t('teams.rules.updated', { by: rule.updated_by })} <Ago at={rule.updated_at} />
        </p>
      )}
      <footer className="auto-foot">
        <Button type="primary" htmlType="submit" disabled={!changed || !ready(draft, replies)} loading={busy}>
          {t('common.save')}
        </Button>
        <Button onClick={leave}>{t('common.cancel')}</Button>
      </footer>
    </Form>
  );
}

// Of a rule that is there only what was changed, by the version that is shown.
function useSave(appid: string, close: () => void) {
  const add = useAddRule(appid);
  const change = useChangeRule(appid);
  const { done, failed } = useNotify();
  const save = (rule: Rule | undefined, changes: ReturnType<typeof changesOf>, draft: Draft) => {
    const saving = rule ? change.mutateAsync({ id: rule.id, change: { version: rule.version, ...changes } }) : add.mutateAsync(bodyOf(draft));
    saving.then(() => (done(), close()), failed);
  };
  return { busy: add.isPending || change.isPending, save };
}

function Condition({ condition, change }: { condition: Group | null; change(condition: Group | null): void }) {
  const { t } = useTranslation();
  return (
    <Form.Item>
      <div className="auto-fields">
        <Segmented aria-label={t('teams.rules.condition')} value={condition ? 'some' : 'every'} options={(['some', 'every'] as const).map((value) => ({ value, label: t(`teams.rules.${value}`) }))} onChange={(value) => change(value === 'every' ? null : { all: [fresh()] })} />
        {condition && <ConditionEditor group={condition} room={leavesOf(condition).length < leavesMax} change={change} />}
      </div>
    </Form.Item>
  );
}
