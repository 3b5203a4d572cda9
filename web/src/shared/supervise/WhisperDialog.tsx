// A note for the agent of a conversation, which the customer and the rest of the group do not see.
import { useMutation } from '@tanstack/react-query';
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '../ui/page';
import { whisper } from './supervise';

export function WhisperDialog({ id, agent, close, done }: { id: string; agent: string; close(): void; done?(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const [text, setText] = useState('');
  const send = useMutation({ mutationFn: () => whisper(id, text.trim()) });
  const submit = () =>
    text.trim() &&
    !send.isPending &&
    send.mutate(undefined, {
      onSuccess: () => {
        notify.done(t('supervise.whisper.sent', { name: agent }));
        done?.();
        close();
      },
      onError: notify.failed,
    });
  return (
    <Modal open title={t('supervise.whisper.label', { name: agent })} onCancel={close} okText={t('supervise.whisper.send')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !text.trim() }} confirmLoading={send.isPending} onOk={submit}>
      <Form layout="vertical">
        <Form.Item label={t('supervise.whisper.text')} htmlFor="whisper-text" extra={t('supervise.whisper.hint')}>
          <Input.TextArea
            id="whisper-text"
            autoFocus
            rows={3}
            maxLength={2048}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onPressEnter={(event) => {
              if (event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              submit();
            }}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
