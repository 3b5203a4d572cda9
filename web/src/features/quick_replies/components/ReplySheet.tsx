// One quick reply, written beside the list.
import { Button, Drawer, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuickReply } from '@/shared/quick_replies/quickReplies';
import { VariableText } from '@/shared/quick_replies/VariableText';
import { useNotify } from '@/shared/ui/page';
import { useLeave } from '@/shared/ui/useLeave';
import { useSaveReply } from '../api/quickReplies';
import { PictureField } from './PictureField';
import { draftOf, newDraft, problemsOf, same, type Draft, type Problem } from './replyDraft';
import { ScopeField } from './ScopeField';

interface Props {
  appid: string;
  reply: QuickReply | 'new' | undefined; // none: closed
  folder: string; // of a new one
  folders: string[];
  mayConfigure: boolean;
  close(): void;
}

export function ReplySheet({ reply, close, ...props }: Props) {
  const { t } = useTranslation();
  const { leave, drop, setUnsaved } = useLeave(close, { title: t('quick_replies.unsaved_title'), text: t('quick_replies.unsaved_text'), discard: t('quick_replies.discard') });
  return (
    <Drawer open={!!reply} onClose={leave} size={640} title={reply === 'new' ? t('quick_replies.list.add') : t('quick_replies.edit.title')}>
      {reply && <Sheet key={reply === 'new' ? reply : reply.id} reply={reply} {...props} leave={leave} close={drop} setUnsaved={setUnsaved} />}
    </Drawer>
  );
}

interface SheetProps extends Omit<Props, 'reply'> {
  reply: QuickReply | 'new';
  leave(): void;
  setUnsaved(unsaved: boolean): void;
}

function Sheet({ appid, reply, folder, folders, mayConfigure, leave, close, setUnsaved }: SheetProps) {
  const { t } = useTranslation();
  const { done, failed } = useNotify();
  const save = useSaveReply(appid);
  const [stored] = useState(() => (reply === 'new' ? newDraft(folder) : draftOf(reply)));
  const [draft, setDraft] = useState<Draft>(stored);
  const changed = !same(draft, stored);
  useEffect(() => setUnsaved(changed), [changed, setUnsaved]);
  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const problems = problemsOf(draft);
  const wrong = (problem: Exclude<Problem, 'variable'>) => (problems.includes(problem) ? { validateStatus: 'error' as const, help: t(`quick_replies.edit.problems.${problem}`) } : {});
  const submit = () => save.mutate({ id: reply === 'new' ? undefined : reply.id, ...draft }, { onSuccess: () => (done(), close()), onError: failed });
  const automatic = reply !== 'new' && !reply.initials_by_hand && reply.title === draft.title && reply.initials;
  return (
    <Form layout="vertical" onFinish={submit}>
      <div className="qr-form">
        <Form.Item label={t('quick_replies.edit.name')} htmlFor="reply-title">
          <Input id="reply-title" maxLength={64} autoFocus={reply === 'new'} value={draft.title} onChange={(event) => set({ title: event.target.value })} />
        </Form.Item>
        <Form.Item label={t('quick_replies.edit.shortcut')} htmlFor="reply-shortcut" extra={t('quick_replies.edit.shortcut_hint')}>
          <Input id="reply-shortcut" prefix="/" maxLength={32} value={draft.shortcut} onChange={(event) => set({ shortcut: event.target.value.trim() })} />
        </Form.Item>
      </div>
      <Form.Item label={t('quick_replies.edit.content')} htmlFor="reply-content">
        <VariableText id="reply-content" label={t('quick_replies.edit.content')} value={draft.content} change={(content) => set({ content })} />
      </Form.Item>
      <Form.Item label={t('quick_replies.edit.picture')} extra={t('quick_replies.edit.picture_hint')} {...(changed ? wrong('empty') : {})}>
        <PictureField appid={appid} name={draft.title || draft.shortcut} picture={draft.picture_id} change={(picture_id) => set({ picture_id })} />
      </Form.Item>
      <div className="qr-form">
        <Form.Item label={t('quick_replies.edit.folder')} htmlFor="reply-folder" extra={t('quick_replies.edit.folder_hint')} {...wrong('folder')}>
          <Input id="reply-folder" list="reply-folders" maxLength={128} autoComplete="off" value={draft.folder} onChange={(event) => set({ folder: event.target.value })} />
          <datalist id="reply-folders">
            {folders.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </Form.Item>
        <Form.Item label={t('quick_replies.edit.initials')} htmlFor="reply-initials" extra={t('quick_replies.edit.initials_hint')} {...wrong('initials')}>
          <Input id="reply-initials" maxLength={64} autoComplete="off" placeholder={automatic ? t('quick_replies.edit.initials_auto', { initials: automatic }) : undefined} value={draft.initials} onChange={(event) => set({ initials: event.target.value })} />
        </Form.Item>
      </div>
      <ScopeField scope={draft.scope} mayConfigure={mayConfigure} change={(scope) => set({ scope })} />
      <footer className="qr-foot">
        <Button type="primary" htmlType="submit" disabled={problems.length > 0 || !changed} loading={save.isPending}>
          {t('common.save')}
        </Button>
        <Button onClick={leave}>{t('common.cancel')}</Button>
      </footer>
    </Form>
  );
}
