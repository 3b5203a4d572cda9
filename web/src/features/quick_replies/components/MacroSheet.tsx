// One macro, written beside the list: its actions in the order in which they are done.
import { Button, Drawer, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuickReplies, type Macro } from '@/shared/quick_replies/quickReplies';
import { StepList } from '@/shared/quick_replies/StepList';
import { messagesOf, stepProblem } from '@/shared/quick_replies/stepRows';
import { Loaded, useNotify } from '@/shared/ui/page';
import { useLeave } from '@/shared/ui/useLeave';
import { useSaveMacro } from '../api/quickReplies';
import { bodyOf, draftOf, kinds, messagesMax, newDraft, ready, same, type Draft } from './macroDraft';
import { ScopeField } from './ScopeField';

interface Props {
  appid: string;
  macro: Macro | 'new' | undefined; // none: closed
  mayConfigure: boolean;
  close(): void;
}

export function MacroSheet({ macro, close, ...props }: Props) {
  const { t } = useTranslation();
  const { leave, drop, setUnsaved } = useLeave(close, { title: t('quick_replies.unsaved_title'), text: t('quick_replies.unsaved_text'), discard: t('quick_replies.discard') });
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
          <StepList appid={appid} scope={draft.scope} kinds={kinds} rows={draft.rows} problemOf={(step) => stepProblem(step, draft.scope, known)} put={(rows) => set({ rows })} />
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
