// What is held, and why: whoever releases it later reads the reason.
import { Form, Input, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import { usePlaceHold, type Hold, type HoldInput } from '../api/records';

interface Props {
  appid: string;
  conversation?: string; // that is held; otherwise one chooses
  close(): void;
}

interface Wish {
  kind: Hold['kind'];
  openid?: string;
  conversation_id?: string;
  reason: string;
}

const kinds: Hold['kind'][] = ['person', 'conversation', 'mini_program'];

export function HoldDialog({ appid, conversation, close }: Props) {
  const { t } = useTranslation();
  const { done, failed } = useNotify();
  const place = usePlaceHold(appid);
  const [form] = Form.useForm<Wish>();
  const kind = Form.useWatch('kind', form) ?? (conversation ? 'conversation' : 'person');
  const required = (message: string) => [{ required: true, whitespace: true, message }];
  const submit = ({ openid, conversation_id, reason }: Wish) => {
    const body: HoldInput = { kind, reason: reason.trim(), ...(kind === 'person' && { openid: openid!.trim() }), ...(kind === 'conversation' && { conversation_id: conversation ?? conversation_id!.trim() }) };
    place.mutate(body, { onSuccess: () => (done(t('records.holds.placed')), close()), onError: failed });
  };
  return (
    <Modal open title={t('records.holds.add')} okText={t('records.holds.place')} cancelText={t('common.cancel')} confirmLoading={place.isPending} onCancel={close} onOk={() => form.submit()}>
      <p className="rec-note">{t('records.holds.hint')}</p>
      <Form form={form} layout="vertical" initialValues={{ kind: conversation ? 'conversation' : 'person' }} onFinish={submit}>
        {!conversation && (
          <Form.Item name="kind" label={t('records.holds.what')}>
            <Radio.Group options={kinds.map((value) => ({ value, label: t(`records.holds.kinds.${value}`) }))} />
          </Form.Item>
        )}
        {kind === 'person' && (
          <Form.Item name="openid" label={t('records.persons.openid')} rules={required(t('records.persons.openid_needed'))}>
            <Input maxLength={128} autoComplete="off" />
          </Form.Item>
        )}
        {kind === 'conversation' && !conversation && (
          <Form.Item name="conversation_id" label={t('records.holds.conversation_id')} rules={[{ required: true, pattern: /^\s*[1-9]\d{0,18}\s*$/, message: t('records.holds.conversation_needed') }]}>
            <Input maxLength={24} autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="reason" label={t('records.reason')} rules={required(t('records.reason_needed'))}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} placeholder={t('records.holds.reason_hint')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
