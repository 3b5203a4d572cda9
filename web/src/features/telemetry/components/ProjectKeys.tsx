// 项目密钥: made, copied, revoked.
import { Button, Form, Input, InputNumber, Modal, Table } from 'antd';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countText } from '@/shared/charts/numbers';
import { CopyText, Mark, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useAddProjectKey, useRevokeProjectKey, type ProjectKey } from '../api/telemetry';

export function NewKeyButton({ onClick }: { onClick(): void }) {
  const { t } = useTranslation();
  return (
    <Button type="primary" icon={<KeyRound size={15} aria-hidden />} onClick={onClick}>
      {t('telemetry.keys.add')}
    </Button>
  );
}

export function ProjectKeys({ appid, keys, mayChange }: { appid: string; keys: ProjectKey[]; mayChange: boolean }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const revoke = useRevokeProjectKey(appid);
  const askRevoke = (one: ProjectKey) =>
    notify.confirm(
      t('telemetry.keys.revoke_title', { name: one.name }),
      t('telemetry.keys.revoke_text'),
      () => revoke.mutateAsync(one.id).then(() => notify.done(t('telemetry.keys.revoked_done')), notify.failed),
      t('telemetry.keys.revoke'),
    );
  return (
    <Panel title={t('telemetry.keys.title')}>
      <p className="muted panel-note">{t('telemetry.keys.purpose')}</p>
      <Table
        rowKey="id"
        size="middle"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={[...keys].sort((a, b) => Number(!!a.revoked_at) - Number(!!b.revoked_at) || b.created_at - a.created_at)}
        columns={[
          { title: t('telemetry.keys.name'), dataIndex: 'name' },
          { title: t('telemetry.keys.key'), render: (_, one) => (one.revoked_at ? <span className="mono muted">{one.key}</span> : <CopyText text={one.key} />) },
          { title: t('telemetry.keys.quota'), align: 'right', className: 'num', render: (_, one) => countText(one.records_per_minute) },
          { title: t('telemetry.keys.created'), render: (_, one) => <Ago at={one.created_at} /> },
          {
            title: t('telemetry.keys.state'),
            render: (_, one) =>
              one.revoked_at ? (
                <Mark level="unknown">
                  {t('telemetry.keys.revoked')} <Ago at={one.revoked_at} />
                </Mark>
              ) : (
                <Mark level="ok">{t('telemetry.keys.active')}</Mark>
              ),
          },
          {
            title: <span className="sr-only">{t('telemetry.keys.revoke')}</span>,
            align: 'right',
            render: (_, one) =>
              !one.revoked_at && (
                <>
                  <Link to={`/m/${appid}/telemetry/intake/connect?key=${one.id}`}>{t('telemetry.keys.snippet')}</Link>
                  {mayChange && (
                    <Button type="text" danger onClick={() => askRevoke(one)}>
                      {t('telemetry.keys.revoke')}
                    </Button>
                  )}
                </>
              ),
          },
        ]}
      />
    </Panel>
  );
}

export function NewKey({ appid, close, made }: { appid: string; close(): void; made(key: ProjectKey): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const add = useAddProjectKey(appid);
  const [form] = Form.useForm<{ name: string; records_per_minute: number }>();
  return (
    <Modal open title={t('telemetry.keys.add')} onCancel={close} okText={t('telemetry.keys.create')} cancelText={t('common.cancel')} confirmLoading={add.isPending} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ records_per_minute: 60_000 }} onFinish={(values) => add.mutate(values, { onSuccess: made, onError: notify.failed })}>
        <Form.Item name="name" label={t('telemetry.keys.name')} extra={t('telemetry.keys.name_hint')} rules={[{ required: true, whitespace: true, max: 64 }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="records_per_minute" label={t('telemetry.keys.quota')} extra={t('telemetry.keys.quota_hint')} rules={[{ required: true }]}>
          <InputNumber min={1} max={10_000_000} precision={0} style={{ width: 180 }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
