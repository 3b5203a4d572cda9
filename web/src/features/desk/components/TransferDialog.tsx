// Hand a conversation to a colleague, with a note that only they see.
import { Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount } from '@/shared/session/session';
import { Empty, Loaded, useNotify } from '@/shared/ui/page';
import type { Conversation } from '../api/cache';
import { useTransfer } from '../api/conversations';
import { useAgents } from '../api/people';
import { PresenceName } from './PresenceSwitch';

export default function TransferDialog({ conversation, close }: { conversation: Conversation; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const account = useAccount();
  const agents = useAgents(conversation.appid);
  const transfer = useTransfer();
  const [to, setTo] = useState<string>();
  const [note, setNote] = useState('');
  const submit = () =>
    to &&
    transfer.mutate(
      { id: conversation.id, account_id: to, note: note.trim() || undefined },
      {
        onSuccess: () => {
          notify.done(t('desk.transfer.done'));
          close();
        },
        onError: notify.failed,
      },
    );
  return (
    <Modal open title={t('desk.transfer.title')} onCancel={close} okText={t('desk.transfer.ok')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !to }} confirmLoading={transfer.isPending} onOk={submit}>
      <Loaded query={agents}>
        {(list) => {
          const others = list.items.filter((one) => one.account_id !== account.id && one.account_id !== conversation.assignee?.id);
          if (others.length === 0) return <Empty title={t('desk.transfer.nobody')} />;
          return (
            <Form layout="vertical">
              <Form.Item label={t('desk.transfer.to')}>
                <Radio.Group aria-label={t('desk.transfer.to')} className="transfer-agents" value={to} onChange={(event) => setTo(event.target.value)}>
                  {others.map((one) => (
                    <Radio key={one.account_id} value={one.account_id} disabled={one.presence === 'offline'}>
                      {one.display_name} · <PresenceName state={one.presence} />{' '}
                      <span className="muted num">
                        {one.load}/{one.load_max}
                      </span>
                    </Radio>
                  ))}
                </Radio.Group>
              </Form.Item>
              <Form.Item label={t('desk.transfer.note')} htmlFor="transfer-note">
                <Input.TextArea id="transfer-note" rows={3} maxLength={2048} value={note} onChange={(event) => setNote(event.target.value)} placeholder={t('desk.transfer.note_hint')} />
              </Form.Item>
            </Form>
          );
        }}
      </Loaded>
    </Modal>
  );
}
