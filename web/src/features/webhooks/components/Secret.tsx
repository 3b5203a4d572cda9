// A webhook's secret: shown once, and replaced by another one.
import { Alert, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyText, useNotify } from '@/shared/ui/page';
import { useRotateSecret, type Webhook } from '../api/webhooks';
import { nameOf } from './health';

// It is lost with a slip of the hand, so that nothing but its button ends it.
export function SecretOnce({ secret, close }: { secret: string; close(): void }) {
  const { t } = useTranslation();
  return (
    <Modal open closable={false} keyboard={false} mask={{ closable: false }} title={t('webhooks.secret.title')} cancelButtonProps={{ hidden: true }} okText={t('webhooks.secret.kept')} onOk={close}>
      <Alert type="warning" showIcon className="hook-note" title={t('webhooks.secret.once')} />
      <p className="hook-secret">
        <CopyText text={secret} />
      </p>
      <p className="muted">{t('webhooks.secret.use')}</p>
    </Modal>
  );
}

const holds = { none: 0, hour: 1, day: 24, days: 72, week: 168 } as const;
type Hold = keyof typeof holds;

export function RotateDialog({ appid, webhook, close }: { appid: string; webhook: Webhook; close(): void }) {
  const { t } = useTranslation();
  const rotate = useRotateSecret(appid);
  const { failed } = useNotify();
  const [hold, setHold] = useState<Hold>('day');
  const [secret, setSecret] = useState('');
  if (secret) return <SecretOnce secret={secret} close={close} />;
  const submit = () => rotate.mutateAsync({ id: webhook.id, previous_hours: holds[hold] }).then((made) => setSecret(made.secret), failed);
  return (
    <Modal open title={t('webhooks.secret.rotate_title', { name: nameOf(webhook) })} okText={t('webhooks.secret.rotate')} cancelText={t('common.cancel')} confirmLoading={rotate.isPending} onCancel={close} onOk={() => void submit()}>
      <p className="hook-note">{t('webhooks.secret.rotate_hint')}</p>
      <Form layout="vertical">
        <Form.Item label={t('webhooks.secret.previous')} htmlFor="hook-hold" extra={hold === 'none' ? t('webhooks.secret.at_once') : undefined}>
          <Select id="hook-hold" value={hold} options={(Object.keys(holds) as Hold[]).map((value) => ({ value, label: t(`webhooks.secret.holds.${value}`) }))} onChange={setHold} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
