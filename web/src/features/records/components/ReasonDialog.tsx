// Something that is not done without a reason.
import { Form, Input, Modal } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  title: string;
  text: ReactNode;
  act: string; // what the button says
  danger?: boolean;
  busy: boolean;
  close(): void;
  submit(reason: string): void;
}

export function ReasonDialog({ title, text, act, danger = false, busy, close, submit }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <Modal open title={title} okText={act} okButtonProps={{ danger }} cancelText={t('common.cancel')} confirmLoading={busy} onCancel={close} onOk={() => form.submit()}>
      <div className="rec-note">{text}</div>
      <Form form={form} layout="vertical" onFinish={({ reason }) => submit(reason.trim())}>
        <Form.Item name="reason" label={t('records.reason')} rules={[{ required: true, whitespace: true, message: t('records.reason_needed') }]}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
