// Moves a folder with all that is in it and below it.
import { Form, Input, Modal, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scope } from '@/shared/quick_replies/quickReplies';
import { useNotify } from '@/shared/ui/page';
import { useRenameFolder } from '../api/quickReplies';
import { folderFits } from './replyDraft';

interface Props {
  appid: string;
  folder: string;
  scopes: Scope[]; // in which there is something that the caller may move
  close(): void;
}

export function FolderDialog({ appid, folder, scopes: given, close }: Props) {
  const { t } = useTranslation();
  const [scopes] = useState(given); // once it is moved, there is nothing left in it
  const rename = useRenameFolder(appid);
  const { done, failed } = useNotify();
  const [to, setTo] = useState(folder);
  const [which, setWhich] = useState<Scope | 'both'>(scopes.length > 1 ? 'both' : scopes[0]!);
  const fits = folderFits(to);
  const submit = () => rename.mutate({ scopes: which === 'both' ? scopes : [which], from: folder, to: to.trim() }, { onSuccess: (n) => (done(t('quick_replies.folder.moved', { n })), close()), onError: failed });
  return (
    <Modal open title={t('quick_replies.folder.rename_one', { name: folder })} okText={t('quick_replies.folder.ok')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !fits || to.trim() === folder }} confirmLoading={rename.isPending} onCancel={close} onOk={submit}>
      <p className="muted panel-note">{t('quick_replies.folder.hint')}</p>
      <Form layout="vertical">
        <Form.Item label={t('quick_replies.folder.to')} htmlFor="folder-to" {...(fits ? {} : { validateStatus: 'error' as const, help: t('quick_replies.edit.problems.folder') })}>
          <Input id="folder-to" autoFocus maxLength={128} value={to} onChange={(event) => setTo(event.target.value)} />
        </Form.Item>
        {scopes.length > 1 && (
          <Form.Item label={t('quick_replies.folder.which')}>
            <Segmented aria-label={t('quick_replies.folder.which')} value={which} options={(['both', ...scopes] as const).map((value) => ({ value, label: value === 'both' ? t('quick_replies.folder.both') : t(`quick_replies.scopes.${value}`) }))} onChange={setWhich} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
