// A new webhook, or another address, description or kinds of one. A new one's secret is shown at the end.
import { Alert, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressCharsMax, addressProblem } from '@/shared/ui/address';
import { useNotify } from '@/shared/ui/page';
import { useAddWebhook, useChangeWebhook, type Webhook } from '../api/webhooks';
import { changeOf, complete, descriptionCharsMax, draftOf, isPlain, type Edits } from './draft';
import { KindsField } from './KindsField';
import { SecretOnce } from './Secret';

export function WebhookDialog({ appid, webhook, close }: { appid: string; webhook?: Webhook; close(): void }) {
  const { t } = useTranslation();
  const add = useAddWebhook(appid);
  const change = useChangeWebhook(appid);
  const { done, failed } = useNotify();
  const [edits, setEdits] = useState<Edits>({});
  const [opened] = useState(webhook?.version);
  const [secret, setSecret] = useState('');
  const draft = draftOf(webhook, edits);
  const changed = webhook && changeOf(webhook, draft);
  const set = (part: Edits) => setEdits((old) => ({ ...old, ...part }));
  const save = () => {
    if (!webhook) return add.mutateAsync({ address: draft.address.trim(), description: draft.description.trim(), kinds: draft.kinds, enabled: true }).then((made) => setSecret(made.secret), failed);
    return changed ? change.mutateAsync({ webhook, change: changed }).then(() => (done(), close()), failed) : undefined;
  };
  if (secret) return <SecretOnce secret={secret} close={close} />;
  return (
    <Modal
      open
      width={640}
      mask={{ closable: false }}
      title={webhook ? t('webhooks.edit.title') : t('webhooks.edit.add')}
      okText={webhook ? t('common.save') : t('webhooks.edit.add')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: !complete(draft) || changed === null }}
      confirmLoading={add.isPending || change.isPending}
      onCancel={close}
      onOk={() => void save()}
    >
      <Form layout="vertical" requiredMark={false}>
        {webhook && !change.isPending && webhook.version !== opened && <Alert type="warning" showIcon className="hook-note" title={t('webhooks.edit.changed')} description={t('webhooks.edit.changed_hint')} />}
        <AddressField address={draft.address} change={(address) => set({ address })} />
        <Form.Item label={`${t('webhooks.edit.description')} (${t('common.optional')})`} htmlFor="hook-description">
          <Input id="hook-description" maxLength={descriptionCharsMax} placeholder={t('webhooks.edit.description_hint')} value={draft.description} onChange={(event) => set({ description: event.target.value })} />
        </Form.Item>
        <KindsField chosen={draft.kinds} change={(kinds) => set({ kinds })} />
      </Form>
    </Modal>
  );
}

function AddressField({ address, change }: { address: string; change(address: string): void }) {
  const { t } = useTranslation();
  const problem = address.trim() === '' ? undefined : addressProblem(address);
  const hint = problem ? t(`webhooks.edit.problems.${problem}`) : isPlain(address) ? t('webhooks.edit.plain') : t('webhooks.edit.address_hint');
  return (
    <Form.Item label={t('webhooks.edit.address')} htmlFor="hook-address" validateStatus={problem ? 'error' : undefined} extra={<span id="hook-address-hint" className={problem ? 'hook-wrong' : undefined}>{hint}</span>}>
      <Input
        id="hook-address"
        type="url"
        autoFocus
        autoComplete="off"
        maxLength={addressCharsMax}
        placeholder="https://hooks.example.com/miniops"
        aria-describedby="hook-address-hint"
        aria-invalid={problem ? true : undefined}
        value={address}
        onChange={(event) => change(event.target.value)}
      />
    </Form.Item>
  );
}
