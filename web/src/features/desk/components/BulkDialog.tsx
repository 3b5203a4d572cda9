// One thing done to many conversations: what exactly, how far it is, what failed and why; and taking it back.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Progress } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { act, changedMany, runBulk, type BulkAction, type BulkKind, type Done, type Line } from '../api/bulk';
import type { Conversation } from '../api/cache';
import { newest } from '../api/conversations';
import { BulkForm, ready, type Draft } from './BulkForm';
import { customerName } from './customerName';

interface Props {
  appid: string;
  kind: BulkKind;
  conversations: Conversation[];
  close(done: boolean): void;
}

export default function BulkDialog({ appid, kind, conversations, close }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>({ outcome: 'resolved', tags: [], until: 'three_hours', note: '' });
  const [lines, setLines] = useState<Line[]>();
  const [running, setRunning] = useState<'act' | 'undo'>();
  const [undone, setUndone] = useState(false);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  const run = async (what: 'act' | 'undo', those: Conversation[], step: (one: Conversation) => Promise<Done>, before: Line[] = []) => {
    stop.current = new AbortController();
    setRunning(what);
    setUndone(what === 'undo');
    const after = await runBulk(those, step, (now) => setLines([...before, ...now]), stop.current.signal);
    setLines([...before, ...after]);
    setRunning(undefined);
    changedMany(client, appid, after);
  };
  const action = ready(kind, draft);
  const begin = () => action && void run('act', conversations, (one) => act(action as BulkAction, one));
  const again = () => void run('act', left.map((one) => newest(client, one.conversation)), (one) => act(action as BulkAction, one), lines!.filter((one) => one.state === 'done'));
  const takeBack = () => {
    const undo = new Map(undoable.map((one) => [one.conversation.id, one.undo!]));
    void run('undo', undoable.map((one) => one.conversation), async (one) => (await undo.get(one.id)!(), {}));
  };

  const of = (...states: Line['state'][]) => (lines ?? []).filter((one) => states.includes(one.state));
  const left = of('failed', 'stopped');
  const undoable = undone ? [] : of('done').filter((one) => one.undo);
  const title = t('workbench.bulk.title', { what: t(`workbench.bulk.kinds.${kind}`), n: conversations.length });
  if (!lines)
    return (
      <Modal open title={title} onCancel={() => close(false)} okText={t('workbench.bulk.run')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !action }} onOk={begin}>
        <BulkForm appid={appid} kind={kind} draft={draft} change={(part) => setDraft({ ...draft, ...part })} />
      </Modal>
    );
  const finished = of('done', 'failed', 'stopped').length;
  const footer = running
    ? [
        <Button key="stop" onClick={() => stop.current?.abort()}>
          {t('workbench.bulk.stop')}
        </Button>,
      ]
    : [
        undoable.length > 0 && (
          <Button key="undo" onClick={takeBack}>
            {t('common.undo')}
          </Button>
        ),
        left.length > 0 && !undone && (
          <Button key="again" onClick={again}>
            {t('workbench.bulk.again')}
          </Button>
        ),
        <Button key="close" type="primary" onClick={() => close(true)}>
          {t('common.close')}
        </Button>,
      ];
  return (
    <Modal open title={title} closable={!running} mask={{ closable: false }} keyboard={!running} onCancel={() => close(true)} footer={footer}>
      <Progress aria-label={t('workbench.bulk.progress')} percent={Math.round((finished / lines.length) * 100)} status={left.length > 0 ? 'exception' : undefined} format={() => `${finished}/${lines.length}`} />
      <p role="status">
        {running ? t(`workbench.bulk.running.${running}`) : t(undone ? 'workbench.bulk.undone' : 'workbench.bulk.done', { n: of('done').length, failed: left.length })}
      </p>
      <ul className="bulk-lines" tabIndex={0} aria-label={t('workbench.bulk.results')}>
        {[...left, ...of('done', 'doing', 'waiting')].map(({ conversation, state, problem }) => (
          <li key={conversation.id}>
            <span>{customerName(conversation)}</span>
            <span className={state === 'failed' ? 'state-red' : 'muted'}>{problem ?? t(`workbench.bulk.states.${state}`)}</span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
