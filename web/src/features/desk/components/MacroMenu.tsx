// Macros 组合操作 of the open conversation: chosen, done at once, and taken back for as long as the server lets one.
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { ListChecks } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { loadStrings } from '@/i18n';
import { ApiProblem, type Schemas } from '@/shared/api/client';
import { problemText } from '@/shared/api/problems';
import { useMacros, type Macro } from '@/shared/quick_replies/quickReplies';
import { useStepText } from '@/shared/quick_replies/steps';
import { useNotify } from '@/shared/ui/page';
import type { Conversation } from '../api/cache';
import { runMacro, undoRun, type Known } from '../api/macros';
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
  const attempt = async (macro: Macro, known: Known): Promise<void> => {
    try {
      tell(macro.name, await runMacro(client, conversation, macro.id, known));
    } catch (problem) {
      await stopped(macro, known, problem);
    }
  };
  // A person decides: colleagues answered meanwhile, or the content check does not like what it would send.
  const stopped = async (macro: Macro, known: Known, problem: unknown) => {
    if (!(problem instanceof ApiProblem)) return failed(problem);
    const ask = (content: ReactNode, more: Known) => void confirm(problemText(problem), content, () => attempt(macro, { ...known, ...more }), t('desk.delivery.send_anyway'));
    const last = problem.answers.at(-1);
    if (last) return ask(<Answers said={problem.answers} />, { seen_seq: last.seq });
    if (!problem.doubts) return failed(problem);
    await loadStrings('content_check');
    const content = doubtLines(problem.doubts, t).map((line) => <p key={line}>{line}</p>);
    if (!problem.doubts.mayConfirm) return void modal.error({ title: problemText(problem), content });
    ask(content, { confirmed: true });
  };
  const run = async (macro: Macro) => {
    setBusy(true);
    await attempt(macro, { seen_seq: conversation.last_seq }); // what is on the screen as it is chosen
    setBusy(false);
  };
  return { run, busy };
}

const Answers = ({ said }: { said: Schemas['MessageBrief'][] }) => (
  <>
    {said.map((one) => (
      <blockquote key={one.seq} className="delivery-answer">
        <strong>{one.sender_name}</strong> {one.summary}
      </blockquote>
    ))}
  </>
);
