// A channel's name, kind and settings. Secrets are written and never shown again.
import { Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import { useAddChannel, useChangeChannel, type Channel, type ChannelKind, type NewChannel } from '../api/channels';
import { channelFields, missing, partsOf, writtenOf } from './channelFields';

const kinds = Object.keys(channelFields) as ChannelKind[];

export function ChannelDialog({ appid, channel, close }: { appid: string; channel: Channel | null; close(): void }) {
  const { t } = useTranslation();
  const add = useAddChannel(appid);
  const change = useChangeChannel(appid);
  const { done, failed } = useNotify();
  const [name, setName] = useState(channel?.name ?? '');
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? 'wecom_robot');
  const [written, setWritten] = useState<Record<string, string>>(() => (channel ? writtenOf(channel) : {}));
  const stored = channel?.secrets ?? {};
  const save = () => {
    const { settings, secrets } = partsOf(kind, written, channel?.settings);
    const what = { name: name.trim(), settings, ...(Object.keys(secrets).length > 0 ? { secrets } : {}) } as unknown as NewChannel;
    return (channel ? change.mutateAsync({ id: channel.id, change: what }) : add.mutateAsync({ ...what, kind })).then(() => (done(), close()), failed);
  };
  return (
    <Modal
      open
      title={channel ? t('alerts.channels.edit', { name: channel.name }) : t('alerts.channels.add')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: name.trim() === '' || missing(kind, written, stored) }}
      confirmLoading={add.isPending || change.isPending}
      onCancel={close}
      onOk={() => void save()}
    >
      <Form layout="vertical">
        <Form.Item label={t('alerts.channels.name')} htmlFor="channel-name">
          <Input id="channel-name" value={name} maxLength={64} onChange={(event) => setName(event.target.value)} />
        </Form.Item>
        <Form.Item label={t('alerts.channels.kind')} htmlFor="channel-kind">
          <Select id="channel-kind" disabled={!!channel} value={kind} options={kinds.map((value) => ({ value, label: t(`alerts.channels.kinds.${value}`) }))} onChange={(value) => (setKind(value), setWritten({}))} />
        </Form.Item>
        {channelFields[kind].map((field) => {
          const label = t(`alerts.channels.fields.${field.name}` as 'alerts.channels.fields.key');
          const id = `channel-${field.name}`;
          const value = written[field.name] ?? field.usual ?? '';
          const write = (text: string) => setWritten((old) => ({ ...old, [field.name]: text }));
          return (
            <Form.Item key={field.name} label={label} htmlFor={id} required={field.required}>
              {field.type === 'choice' ? (
                <Select id={id} value={value} options={(field.choices ?? []).map((one) => ({ value: one, label: t(`alerts.channels.choices.${one}` as 'alerts.channels.choices.tls') }))} onChange={write} />
              ) : field.type === 'list' || field.type === 'pairs' ? (
                <Input.TextArea id={id} autoSize={{ minRows: 1, maxRows: 6 }} placeholder={t(field.type === 'pairs' ? 'alerts.channels.pairs_hint' : 'alerts.channels.list_hint')} value={value} onChange={(event) => write(event.target.value)} />
              ) : field.type === 'secret' ? (
                <Input.Password id={id} autoComplete="new-password" placeholder={stored[field.name] ? t('alerts.channels.kept') : ''} value={value} onChange={(event) => write(event.target.value)} />
              ) : (
                <Input id={id} value={value} onChange={(event) => write(event.target.value)} />
              )}
            </Form.Item>
          );
        })}
      </Form>
    </Modal>
  );
}
