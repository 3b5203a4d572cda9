// API keys: a key acts as its owner, limited to its scopes; it is shown once.
import { Alert, Button, Form, Input, Modal, Select, Table } from 'antd';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { usePermissions, type Permission } from '@/shared/session/session';
import { CopyText, Empty, Loaded, Page, Panel, useNotify } from '@/shared/ui/page';
import { Ago, Exact } from '@/shared/ui/time';
import { useAddApiKey, useApiKeys, useRevokeApiKey } from '../api/people';
import { adjustable, nameKey } from '../components/permissions';

const permissions: Permission[] = ['instance.manage', 'account.self', ...adjustable];

export function ApiKeysPage() {
  const { t } = useTranslation();
  const keys = useApiKeys();
  const [adding, setAdding] = useState(false);
  const add = (
    <Button type="primary" icon={<KeyRound size={15} aria-hidden />} onClick={() => setAdding(true)}>
      {t('identity.keys.add')}
    </Button>
  );
  return (
    <Page title={t('identity.keys.title')} purpose={t('identity.keys.purpose')} actions={add}>
      <Panel>
        <Loaded query={keys}>{(list) => (list.items.length === 0 ? <Empty title={t('identity.keys.empty')} text={t('identity.keys.empty_hint')} /> : <KeyTable items={list.items} />)}</Loaded>
      </Panel>
      {adding && <AddKey close={() => setAdding(false)} />}
    </Page>
  );
}

function KeyTable({ items }: { items: Schemas['ApiKey'][] }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const revoke = useRevokeApiKey();
  return (
    <Table
      rowKey="id"
      dataSource={items}
      size="middle"
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('identity.keys.name'),
          render: (_, one) => (
            <>
              {one.name} <span className="mono muted">{one.prefix}…</span>
            </>
          ),
        },
        { title: t('identity.keys.scopes'), render: (_, one) => (one.scopes ? one.scopes.map((scope) => t(`identity.permission.${nameKey(scope)}`)).join('、') : t('identity.keys.scopes_all')) },
        { title: t('identity.keys.program'), render: (_, one) => (one.appid ? <span className="mono">{one.appid}</span> : t('identity.keys.any_program')) },
        { title: t('identity.keys.created'), render: (_, one) => <Ago at={one.created_at} /> },
        { title: t('identity.keys.last_used'), render: (_, one) => <Ago at={one.last_used_at} /> },
        { title: t('identity.keys.expires'), render: (_, one) => (!one.expires_at ? t('identity.keys.expires_never') : one.expires_at < Date.now() ? t('identity.keys.expired') : <Exact at={one.expires_at} />) },
        {
          title: <span className="sr-only">{t('identity.keys.revoke')}</span>,
          align: 'right',
          render: (_, one) => (
            <Button
              type="text"
              danger
              onClick={() => notify.confirm(t('identity.keys.revoke_title', { name: one.name }), t('identity.keys.revoke_text'), () => revoke.mutateAsync(one.id).catch(notify.failed), t('identity.keys.revoke'))}
            >
              {t('identity.keys.revoke')}
            </Button>
          ),
        },
      ]}
    />
  );
}

interface Values {
  name: string;
  scopes?: Permission[];
  appid?: string;
  days: number;
}

function AddKey({ close }: { close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { can } = usePermissions();
  const programs = useMiniPrograms();
  const add = useAddApiKey();
  const [form] = Form.useForm<Values>();
  const submit = (values: Values) =>
    add.mutate(
      { name: values.name, scopes: values.scopes?.length ? values.scopes : null, appid: values.appid ?? null, expires_at: values.days ? Date.now() + values.days * 86_400_000 : null },
      { onError: notify.failed },
    );
  if (add.data) {
    return (
      <Modal open title={t('identity.keys.add')} onCancel={close} cancelButtonProps={{ hidden: true }} okText={t('common.close')} onOk={close}>
        <Alert type="warning" showIcon title={t('identity.keys.once')} style={{ marginBottom: 12 }} />
        <CopyText text={add.data.key} />
      </Modal>
    );
  }
  const mine = permissions.filter((one) => can(one) || programs.data?.some((program) => can(one, program.appid)));
  return (
    <Modal open title={t('identity.keys.add')} onCancel={close} okText={t('identity.keys.add')} cancelText={t('common.cancel')} confirmLoading={add.isPending} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={submit} initialValues={{ days: 90 }}>
        <Form.Item name="name" label={t('identity.keys.name')} rules={[{ required: true, max: 64 }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="scopes" label={t('identity.keys.scopes')} extra={t('identity.keys.scopes_hint')}>
          <Select mode="multiple" options={mine.map((one) => ({ value: one, label: `${t(`identity.permission.${nameKey(one)}`)} · ${one}` }))} />
        </Form.Item>
        <Form.Item name="appid" label={t('identity.keys.program')}>
          <Select allowClear placeholder={t('identity.keys.any_program')} options={programs.data?.map((one) => ({ value: one.appid, label: one.name }))} />
        </Form.Item>
        <Form.Item name="days" label={t('identity.keys.expires')}>
          <Select options={[...[7, 30, 90, 365].map((n) => ({ value: n, label: t('identity.keys.days', { n }) })), { value: 0, label: t('identity.keys.expires_never') }]} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
