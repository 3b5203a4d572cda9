// One macro, written beside the list: its actions in the order in which they are done.
import { Button, Drawer, Dropdown, Form, Input } from 'antd';
import { ArrowDown, ArrowUp, ChevronDown, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuickReplies, type Macro, type Step } from '@/shared/quick_replies/quickReplies';
import { Loaded, useNotify } from '@/shared/ui/page';
import { useSaveMacro } from '../api/quickReplies';
import { addable, added, bodyOf, draftOf, messagesMax, messagesOf, moved, newDraft, ready, same, stepProblem, stepsMax, type Draft, type Kind, type Row } from './macroDraft';
import { ScopeField } from './ScopeField';
import { StepFields } from './StepFields';
import { useLeave } from './useLeave';

interface Props {
  appid: string;
  macro: Macro | 'new' | undefined; // none: closed
  mayConfigure: boolean;
  close(): void;
}

export function MacroSheet({ macro, close, ...props }: Props) {
  const { t } = useTranslation();
  const { leave, drop, setUnsaved } = useLeave(close);
  return (
    <Drawer open={!!macro} onClose={leave} size={680} title={macro === 'new' ? t('quick_replies.macros.add') : t('quick_replies.macros.edit')}>
      {macro && <Sheet key={macro === 'new' ? macro : macro.id} macro={macro} {...props} leave={leave} close={drop} setUnsaved={setUnsaved} />}
    </Drawer>
  );
}

interface SheetProps extends Omit<Props, 'macro'> {
  macro: Macro | 'new';
  leave(): void;
  setUnsaved(unsaved: boolean): void;
}

function Sheet({ appid, macro, mayConfigure, leave, close, setUnsaved }: SheetProps) {
  const { t } = useTranslation();
  const { done, failed } = useNotify();
  const replies = useQuickReplies(appid);
  const save = useSaveMacro(appid);
  const [stored] = useState(() => (macro === 'new' ? newDraft() : draftOf(macro)));
  const [draft, setDraft] = useState<Draft>(stored);
  const changed = !same(draft, stored);
  useEffect(() => setUnsaved(changed), [changed, setUnsaved]);
  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const submit = () => save.mutate({ id: macro === 'new' ? undefined : macro.id, ...bodyOf(draft) }, { onSuccess: () => (done(), close()), onError: failed });
  return (
    <Loaded query={replies} rows={8}>
      {(known) => (
        <Form layout="vertical" onFinish={submit}>
          <Form.Item label={t('quick_replies.macros.name')} htmlFor="macro-name">
            <Input id="macro-name" maxLength={64} autoFocus={macro === 'new'} value={draft.name} onChange={(event) => set({ name: event.target.value })} />
          </Form.Item>
          <ScopeField scope={draft.scope} mayConfigure={mayConfigure} change={(scope) => set({ scope })} />
          <h3>{t('quick_replies.macros.steps')}</h3>
          <Steps appid={appid} draft={draft} problemOf={(step) => stepProblem(step, draft.scope, known)} put={(rows) => set({ rows })} />
          {messagesOf(draft.rows, known) > messagesMax && (
            <p className="qr-wrong" role="alert">
              {t('quick_replies.macros.too_many_messages', { n: messagesOf(draft.rows, known), max: messagesMax })}
            </p>
          )}
          <footer className="qr-foot">
            <Button type="primary" htmlType="submit" disabled={!changed || !ready(draft, known)} loading={save.isPending}>
              {t('common.save')}
            </Button>
            <Button onClick={leave}>{t('common.cancel')}</Button>
          </footer>
        </Form>
      )}
    </Loaded>
  );
}

interface StepsProps {
  appid: string;
  draft: Draft;
  problemOf(step: Step): ReturnType<typeof stepProblem>;
  put(rows: Row[]): void;
}

// Menus belong to the sheet, which goes over all else.
const inSheet = (trigger: HTMLElement) => trigger.closest<HTMLElement>('.ant-drawer-body') ?? document.body;

function Steps({ appid, draft, problemOf, put }: StepsProps) {
  const { t } = useTranslation();
  const { rows } = draft;
  const [said, setSaid] = useState('');
  const [newest, setNewest] = useState(-1);
  const keepFocus = useFocusAfterMove(rows);
  const move = (row: Row, by: -1 | 1) => {
    const next = moved(rows, row.key, by);
    if (!next) return;
    keepFocus(row.key, by);
    put(next);
    setSaid(t('quick_replies.macros.moved', { name: t(`quick_replies.kinds.${row.step.kind}`), n: next.indexOf(row) + 1 }));
  };
  const add = (kind: Kind) => {
    const next = added(rows, kind);
    setNewest(Math.max(...next.map((one) => one.key)));
    put(next);
  };
  const kinds = addable(rows);
  return (
    <>
      {rows.length === 0 && <p className="muted panel-note">{t('quick_replies.macros.no_steps')}</p>}
      <ol className="qr-editor">
        {rows.map((row, index) => {
          const name = t(`quick_replies.kinds.${row.step.kind}`);
          const problem = problemOf(row.step);
          return (
            <li key={row.key} aria-label={`${t('quick_replies.macros.position', { n: index + 1 })} ${name}`}>
              <div className="qr-editor-head">
                <strong>
                  <span className="num muted">{index + 1}</span> {name}
                </strong>
                <span className="qr-actions">
                  {([-1, 1] as const).map((by) => (
                    <Button key={by} id={`step-${row.key}-${by}`} size="small" type="text" aria-label={by < 0 ? t('quick_replies.macros.up', { name }) : t('quick_replies.macros.down', { name })} icon={by < 0 ? <ArrowUp size={15} aria-hidden /> : <ArrowDown size={15} aria-hidden />} disabled={!moved(rows, row.key, by)} onClick={() => move(row, by)} />
                  ))}
                  <Button size="small" type="text" aria-label={t('quick_replies.macros.remove_step', { name })} icon={<X size={15} aria-hidden />} onClick={() => put(rows.filter((one) => one.key !== row.key))} />
                </span>
              </div>
              <StepFields appid={appid} id={`step-${row.key}`} scope={draft.scope} step={row.step} autoFocus={row.key === newest} change={(step) => put(rows.with(index, { ...row, step }))} />
              {problem && <p className="qr-wrong">{t(`quick_replies.step_problems.${problem}`)}</p>}
            </li>
          );
        })}
      </ol>
      <div className="qr-line panel-note">
        <Dropdown trigger={['click']} autoFocus disabled={kinds.length === 0} getPopupContainer={inSheet} menu={{ items: kinds.map((key) => ({ key, label: t(`quick_replies.kinds.${key}`) })), onClick: ({ key }) => add(key as Kind) }}>
          <Button>
            {t('quick_replies.macros.add_step')} <ChevronDown size={14} aria-hidden />
          </Button>
        </Dropdown>
        <span className="muted">{rows.length >= stepsMax ? t('quick_replies.macros.full', { n: stepsMax }) : t('quick_replies.macros.ends')}</span>
      </div>
      <p className="sr-only" role="status">
        {said}
      </p>
    </>
  );
}

// A row that moves takes the focus from its button; at the end of the list the other button gets it.
function useFocusAfterMove(rows: Row[]) {
  const wanted = useRef<{ key: number; by: number } | null>(null);
  const order = rows.map((one) => one.key).join();
  useEffect(() => {
    if (!wanted.current) return;
    const { key, by } = wanted.current;
    wanted.current = null;
    const buttons = [by, -by].map((each) => document.getElementById(`step-${key}-${each}`) as HTMLButtonElement | null);
    buttons.find((button) => button && !button.disabled)?.focus();
  }, [order]);
  return (key: number, by: number) => (wanted.current = { key, by });
}
