// All accounts of the installation, for its administrators.
import { Button, Checkbox, Form, Input, Modal, Table } from 'antd';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Schemas } from '@/shared/api/client';
import { useAccount } from '@/shared/session/session';
import { Empty, Loaded, Mark, Page, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useAccounts, useAddAccount, useChangeAccount } from '../api/people';

type Account = Schemas['InstanceAccount'];

export function AccountsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const q = search.get('q') ?? '';
  const accounts = useAccounts(q);
  const [editing, setEditing] = useState<Account | 'new' | null>(null);
  return (
    <Page
      title={t('identity.accounts.title')}
      purpose={t('identity.accounts.purpose')}
      actions={
        <Button type="primary" icon={<UserPlus size={15} aria-hidden />} onClick={() => setEditing('new')}>
          {t('identity.accounts.add')}
        </Button>
      }
    >
      <div className="filters">
        <Input.Search aria-label={t('identity.accounts.search')} placeholder={t('identity.accounts.search')} allowClear defaultValue={q} style={{ maxWidth: 280 }} onSearch={(text) => setSearch(text ? { q: text } : {}, { replace: true })} />
      </div>
      <Panel>
        <Loaded query={accounts}>{(items) => (items.length === 0 ? <Empty title={t('identity.accounts.empty')} /> : <AccountTable items={items} edit={setEditing} />)}</Loaded>
      </Panel>
      {editing && <EditAccount account={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
    </Page>
  );
}

function AccountTable({ items, edit }: { items: Account[]; edit(account: Account): void }) {
  const { t } = useTranslation();
  const self = useAccount();
  const notify = useNotify();
  const change = useChangeAccount();
  const setDisabled = (one: Account, disabled: boolean) => change.mutateAsync({ id: one.id, disabled }).then(() => notify.done(), notify.failed);
  return (
    <Table
      rowKey="id"
      dataSource={items}
      size="middle"
      pagination={items.length > 50 ? { pageSize: 50 } : false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('identity.accounts.user'),
          sorter: (a, b) => a.username.localeCompare(b.username),
          render: (_, one) => (
            <>
              {one.display_name || one.username} <span className="muted">{one.username}</span>
            </>
          ),
        },
        { title: t('identity.accounts.kind'), render: (_, one) => (one.instance_admin ? t('identity.account.instance_admin') : t('identity.accounts.member')) },
        { title: t('identity.accounts.state'), render: (_, one) => <Mark level={one.disabled ? 'unknown' : 'ok'}>{one.disabled ? t('identity.accounts.disabled') : t('identity.accounts.active')}</Mark> },
        { title: t('identity.accounts.last_login'), render: (_, one) => <Ago at={one.last_login_at} /> },
        {
          title: <span className="sr-only">{t('common.edit')}</span>,
          align: 'right',
          render: (_, one) => (
            <>
              <Button type="text" onClick={() => edit(one)}>
                {t('common.edit')}
              </Button>
              {one.disabled ? (
                <Button type="text" onClick={() => void setDisabled(one, false)}>
                  {t('identity.accounts.enable')}
                </Button>
              ) : (
                <Button
                  type="text"
                  danger
                  disabled={one.id === self.id}
                  onClick={() => notify.confirm(t('identity.accounts.disable_title', { name: one.username }), t('identity.accounts.disable_text'), () => setDisabled(one, true), t('identity.accounts.disable'))}
                >
                  {t('identity.accounts.disable')}
                </Button>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

interface Values {
  username: string;
  display_name?: string;
  password?: string;
  instance_admin: boolean;
}

function EditAccount({ account, close }: { account: Account | null; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const add = useAddAccount();
  const change = useChangeAccount();
  const [form] = Form.useForm<Values>();
  const options = {
    onSuccess: () => {
      notify.done();
      close();
    },
    onError: notify.failed,
  };
  const submit = (values: Values) => {
    const display_name = values.display_name ?? '';
    if (!account) add.mutate({ username: values.username.trim(), password: values.password!, display_name, instance_admin: values.instance_admin }, options);
    else change.mutate({ id: account.id, display_name, instance_admin: values.instance_admin, ...(values.password ? { password: values.password } : {}) }, options);
  };
  return (
    <Modal open title={account ? t('identity.accounts.edit') : t('identity.accounts.add')} onCancel={close} okText={t('common.save')} cancelText={t('common.cancel')} confirmLoading={add.isPending || change.isPending} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={submit} initialValues={{ username: account?.username, display_name: account?.display_name, instance_admin: account?.instance_admin ?? false }}>
        <Form.Item name="username" label={t('identity.members.username')} rules={[{ required: true, max: 64 }]}>
          <Input disabled={!!account} autoComplete="off" />
        </Form.Item>
        <Form.Item name="display_name" label={t('identity.members.display_name')}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="password" label={account ? `${t('identity.accounts.reset')} (${t('common.optional')})` : t('identity.accounts.password')} extra={account ? t('identity.accounts.reset_hint') : t('identity.accounts.password_hint')} rules={[{ required: !account, min: 10 }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item name="instance_admin" valuePropName="checked">
          <Checkbox>{t('identity.account.instance_admin')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}
