// One rule, written beside the list. What is not saved is kept, so that it can be tried first.
import { Alert, Button, Drawer, Form, Input, Segmented, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ConditionEditor } from '@/shared/conditions/ConditionEditor';
import { conditionWords } from '@/shared/conditions/conditionWords';
import { fresh, leavesMax, leavesOf } from '@/shared/conditions/conditions';
import { useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useAddRule, useChangeRule, type Rule } from '../api/routing';
import { blank, bodyOf, laidOver, newRule, ready, ruleChange, shownOf, untouched, type DraftStore, type RuleEdits, type Shown } from './drafts';
import { TargetEditor } from './TargetEditor';

interface Props {
  appid: string;
  id: string | null; // of a rule, `newRule`, or none: closed
  rules: Rule[];
  mayConfigure: boolean;
  store: DraftStore;
  close(): void;
}

export function RuleSheet({ id, ...props }: Props) {
  const { t } = useTranslation();
  const rule = props.rules.find((one) => one.id === id);
  const open = id !== null && (rule !== undefined || id === newRule || props.store.drafts[id] !== undefined);
  return (
    <Drawer open={open} onClose={props.close} size={820} title={rule ? t('teams.rules.edit', { name: rule.name }) : t('teams.rules.add')}>
      {open && <Sheet key={id} id={id} rule={rule} {...props} />}
    </Drawer>
  );
}

function Sheet({ appid, id, rule, rules, mayConfigure, store, close }: Props & { id: string; rule: Rule | undefined }) {
  const { t } = useTranslation();
  const { put } = store;
  const edits: RuleEdits = store.drafts[id] ?? { seen: rule?.version ?? 0 };
  const shown = laidOver(rule ? shownOf(rule) : blank(), edits);
  const set = (part: Omit<RuleEdits, 'seen'>) => {
    const next = { ...edits, ...part };
    put(id, rule && untouched(rule, next) ? null : next);
  };
  const disabled = !mayConfigure;
  return (
    // With nothing to change the keyboard still reaches what must be scrolled.
    <Form layout="vertical" tabIndex={disabled ? 0 : undefined}>
      {!rule && id !== newRule && <Alert type="warning" showIcon className="panel-note" title={t('teams.rules.gone')} />}
      {rule && edits.seen < rule.version && store.drafts[id] && <Alert type="warning" showIcon className="panel-note" title={t('teams.rules.changed', { by: rule.updated_by })} />}
      <Form.Item label={t('teams.rules.name')} htmlFor="rule-name">
        <Input id="rule-name" maxLength={64} disabled={disabled} value={shown.name} onChange={(event) => set({ name: event.target.value })} />
      </Form.Item>
      <Form.Item>
        <span className="team-line">
          <Switch aria-label={t('teams.rules.enabled')} checked={shown.enabled} disabled={disabled} onChange={(enabled) => set({ enabled })} />
          <span aria-hidden>{t('teams.rules.enabled')}</span>
        </span>
      </Form.Item>
      {!rule && (
        <Form.Item label={t('teams.rules.place')} htmlFor="rule-place">
          <Select
            id="rule-place"
            value={edits.before ?? ''}
            options={[{ value: '', label: t('teams.rules.at_end') }, ...rules.map((one) => ({ value: one.id, label: t('teams.rules.before', { name: one.name }) }))]}
            onChange={(before: string) => set({ before: before || null })}
          />
        </Form.Item>
      )}
      <h3>{t('teams.rules.condition')}</h3>
      <Condition shown={shown} disabled={disabled} set={set} />
      <h3>{t('teams.target.title')}</h3>
      <TargetEditor appid={appid} target={shown.target} disabled={disabled} change={(target) => set({ target })} />
      {rule && (
        <p className="muted">
          {t('teams.rules.updated', { by: rule.updated_by })} <Ago at={rule.updated_at} />
        </p>
      )}
      {mayConfigure && <Foot appid={appid} id={id} rule={rule} shown={shown} store={store} close={close} />}
    </Form>
  );
}

function Condition({ shown, disabled, set }: { shown: Shown; disabled: boolean; set(part: Pick<RuleEdits, 'condition'>): void }) {
  const { t } = useTranslation();
  const { condition } = shown;
  if (disabled) return <p className="panel-note">{conditionWords(condition, t)}</p>;
  return (
    <Form.Item>
      <div className="team-fields">
        <Segmented
          aria-label={t('teams.rules.condition')}
          value={condition ? 'some' : 'every'}
          options={(['some', 'every'] as const).map((value) => ({ value, label: t(`teams.rules.${value}`) }))}
          onChange={(value) => set({ condition: value === 'every' ? null : { all: [fresh()] } })}
        />
        {condition && <ConditionEditor group={condition} room={leavesOf(condition).length < leavesMax} change={(next) => set({ condition: next })} />}
      </div>
    </Form.Item>
  );
}

// A rule that a colleague deleted can be saved as a new one.
function Foot({ appid, id, rule, shown, store, close }: { appid: string; id: string; rule: Rule | undefined; shown: Shown; store: DraftStore; close(): void }) {
  const { t } = useTranslation();
  const add = useAddRule(appid);
  const change = useChangeRule(appid);
  const { done, failed } = useNotify();
  const edits = store.drafts[id];
  const different = edits && rule ? ruleChange(rule, edits) : null;
  const forget = () => store.put(id, null);
  const save = () => {
    const saving = rule ? change.mutateAsync({ id: rule.id, change: different! as Parameters<typeof change.mutateAsync>[0]['change'] }) : add.mutateAsync({ ...bodyOf(shown), before: edits?.before ?? null });
    saving.then(() => (forget(), done(), close()), failed);
  };
  return (
    <footer className="team-sheet-foot">
      {edits && <p className="muted">{t('teams.rules.kept')}</p>}
      <div className="team-line">
        <Button type="primary" disabled={!ready(shown) || (rule !== undefined && !different)} loading={add.isPending || change.isPending} onClick={save}>
          {t('common.save')}
        </Button>
        {edits && (
          <>
            <Button onClick={() => (forget(), rule || close())}>{t('teams.discard')}</Button>
            {(['try', 'replay'] as const).map((section) => (
              <Link key={section} to={`/m/${appid}/teams/${section}?rules=draft`}>
                {t(`teams.rules.${section}`)}
              </Link>
            ))}
          </>
        )}
      </div>
    </footer>
  );
}
