// Macros 组合操作 of the open conversation: chosen, done at once, and taken back for as long as the server lets one.
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { loadStrings } from '@/i18n';
import { ApiProblem, type Schemas } from '@/shared/api/client';
import { problemText } from '@/shared/api/problems';
import { useMacros, type Macro } from '@/shared/quick_replies/quickReplies';
import { useStepText } from '@/shared/quick_replies/steps';
import { useNotify } from '@/shared/ui/page';
import type { Conversation } from '../api/cache';
import { runMacro, undoRun } from '../api/macros';
import { customerName } from './customerName';
import { doubtLines } from './doubts';
import './macros.css';

interface Props {
  conversation: Conversation;
  open: boolean;
  setOpen(open: boolean): void;
}

// Menus belong to the page's main part, for who finds their way by its landmarks.
const inMain = (trigger: HTMLElement) => trigger.closest('main') ?? document.body;

export default function MacroMenu({ conversation, open, setOpen }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const macros = useMacros(conversation.appid);
  const stepText = useStepText(conversation.appid);
  const { run, busy } = useRun(conversation);
  const line = (text: string) => [{ key: 'none', disabled: true, label: text }];
  const offered = (items: Macro[]) =>
    items.length === 0
      ? line(t('quick_replies.run.none'))
      : items.map((one) => ({
          key: one.id,
          label: (
            <span className="macro">
              <span>{one.name}</span>
              <span className="macro-steps">{one.actions.map(stepText).join(' → ')}</span>
            </span>
          ),
        }));
  const items = macros.data ? offered(macros.data) : macros.error ? [...line(problemText(macros.error)), { key: 'retry', label: t('common.retry') }] : line(t('common.loading'));
  const choose = (key: string) => {
    if (key === 'manage') navigate(`/m/${conversation.appid}/quick-replies/macros`);
    else if (key === 'retry') void macros.refetch();
    else void run(macros.data!.find((one) => one.id === key)!);
  };
  return (
    <Dropdown placement="bottomRight" open={open} onOpenChange={setOpen} autoFocus trigger={['click']} getPopupContainer={inMain} classNames={{ root: 'macro-menu' }} menu={{ items: [...items, { type: 'divider' }, { key: 'manage', label: t('quick_replies.run.manage') }], onClick: ({ key }) => (setOpen(false), choose(key)) }}>
      <Button aria-label={t('desk.action.macros')} title={t('desk.action.macros')} loading={busy} icon={<ListChecks size={15} aria-hidden />} />
    </Dropdown>
  );
}

function useRun(conversation: Conversation) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { modal, notification } = App.useApp();
  const { done, failed, confirm } = useNotify();
  const [busy, setBusy] = useState(false);

  const undone = (name: string, { kept }: Schemas['MacroUndo']) => {
    const changed = kept.filter((one) => one.why === 'changed').length;
    const words = [t('quick_replies.run.undone', { name }), kept.length > changed && t('quick_replies.run.kept.sent'), changed > 0 && t('quick_replies.run.kept.changed', { n: changed })];
    done(words.filter(Boolean).join(t('quick_replies.run.but')));
  };
  const tell = (name: string, { id, actions, ran_at, undo_until }: Schemas['MacroRun']) => {
    if (actions.length === 0) return done(t('quick_replies.run.nothing', { name }));
    if (!actions.some((one) => one.undoable)) return done(t('quick_replies.run.done', { name }));
    const key = `macro:${id}`;
    const takeBack = () => {
      notification.destroy(key);
      undoRun(client, conversation, id).then((answer) => undone(name, answer), failed);
    };
    notification.open({
      key,
      type: 'success',
      role: 'status',
      duration: (undo_until - ran_at) / 1000,
      pauseOnHover: false, // the server does not wait either
      title: t('quick_replies.run.done', { name }),
      description: `${customerName(conversation)} · ${actions.map((one) => t(`quick_replies.run.actions.${one.kind}`)).join(t('quick_replies.run.comma'))}`,
      actions: (
        <Button size="small" onClick={takeBack}>
          {t('common.undo')}
        </Button>
      ),
    });
  };
  // What the content check does not like about what it would send; a warning may be confirmed.
  const doubted = async (macro: Macro, problem: unknown) => {
    if (!(problem instanceof ApiProblem) || !problem.doubts) return failed(problem);
    await loadStrings('content_check');
    const content = doubtLines(problem.doubts, t).map((line) => <p key={line}>{line}</p>);
    if (!problem.doubts.mayConfirm) return void modal.error({ title: problemText(problem), content });
    confirm(problemText(problem), content, () => runMacro(client, conversation, macro.id, true).then((answer) => tell(macro.name, answer), failed), t('desk.delivery.send_anyway'));
  };
  const run = async (macro: Macro) => {
    setBusy(true);
    await runMacro(client, conversation, macro.id).then((answer) => tell(macro.name, answer), (problem: unknown) => doubted(macro, problem));
    setBusy(false);
  };
  return { run, busy };
}
