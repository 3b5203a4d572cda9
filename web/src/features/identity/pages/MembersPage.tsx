// 成员与角色: who may do what in this mini program.
import { Button, Form, Input, Modal, Select, Table } from 'antd';
import { Check, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Schemas } from '@/shared/api/client';
import { useAppId } from '@/shared/session/miniPrograms';
import { useAccount, usePermissions, type Role } from '@/shared/session/session';
import { Empty, Loaded, Page, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useAddMember, useChangeMember, useMembers, usePermissionTable, useRemoveMember } from '../api/people';
import { PermissionSheet } from '../components/PermissionSheet';
import { adjustable, nameKey } from '../components/permissions';

export const roles: Role[] = ['admin', 'operator', 'developer', 'analyst', 'agent'];

export function MembersPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { can } = usePermissions();
  const members = useMembers(appid);
  const [adding, setAdding] = useState(false);
  const [search, setSearch] = useSearchParams();
  const shown = members.data?.items.find((one) => one.account_id === search.get('member'));
  const mayManage = can('members.manage', appid);
  return (
    <Page
      title={t('identity.members.title')}
      purpose={t('identity.members.purpose')}
      actions={
        mayManage && (
          <Button type="primary" icon={<UserPlus size={15} aria-hidden />} onClick={() => setAdding(true)}>
            {t('identity.members.add')}
          </Button>
        )
      }
    >
      <Panel>
        <Loaded query={members}>
          {(list) => (list.items.length === 0 ? <Empty title={t('identity.members.empty')} text={t('identity.members.empty_hint')} /> : <MemberTable appid={appid} items={list.items} mayManage={mayManage} show={(member) => setSearch({ member })} />)}
        </Loaded>
      </Panel>
      <PermissionTable />
      <PermissionSheet appid={appid} member={shown} close={() => setSearch({})} />
      {adding && <AddMember appid={appid} close={() => setAdding(false)} />}
    </Page>
  );
}

// A role is given by those who have all of it.
function useRoleOptions(appid: string, label: (role: Role) => string) {
  const { can } = usePermissions();
  const { data } = usePermissionTable();
  return roles.map((value) => ({ value, label: label(value), disabled: !!data && !data.roles[value]?.every((permission) => can(permission, appid)) }));
}

function MemberTable({ appid, items, mayManage, show }: { appid: string; items: Schemas['Member'][]; mayManage: boolean; show(account_id: string): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const account = useAccount();
  const change = useChangeMember(appid);
  const remove = useRemoveMember(appid);
  const options = useRoleOptions(appid, (role) => t(`identity.roles.${role}`));
  return (
    <Table
      rowKey="account_id"
      dataSource={items}
      pagination={false}
      size="middle"
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('identity.members.user'),
          render: (_, one) => (
            <>
              {one.display_name || one.username} <span className="muted">{one.username}</span>
            </>
          ),
          sorter: (a, b) => a.username.localeCompare(b.username),
        },
        {
          title: t('identity.members.role'),
          render: (_, one) =>
            mayManage ? (
              <Select
                aria-label={`${t('identity.members.role')} ${one.username}`}
                value={one.role}
                style={{ minWidth: 140 }}
                options={options}
                onChange={(role) => change.mutate({ account_id: one.account_id, role }, { onSuccess: () => notify.done(), onError: notify.failed })}
              />
            ) : (
              t(`identity.roles.${one.role}`)
            ),
        },
        {
          title: t('identity.members.permission'),
          render: (_, one) => (
            <Button type="link" size="small" style={{ padding: 0 }} onClick={() => show(one.account_id)}>
              {one.adjusted > 0 ? t('identity.permissions.adjusted', { n: one.adjusted }) : t('identity.permissions.by_role')}
              <span className="sr-only"> {one.username}</span>
            </Button>
          ),
          sorter: (a, b) => a.adjusted - b.adjusted,
        },
        { title: t('identity.members.since'), render: (_, one) => <Ago at={one.created_at} />, sorter: (a, b) => a.created_at - b.created_at },
        ...(mayManage
          ? [
              {
                title: <span className="sr-only">{t('common.remove')}</span>,
                align: 'right' as const,
                render: (_: unknown, one: Schemas['Member']) => (
                  <Button
                    type="text"
                    danger
                    disabled={one.account_id === account.id}
                    onClick={() =>
                      notify.confirm(
                        t('identity.members.remove', { name: one.display_name || one.username }),
                        t('identity.members.remove_text'),
                        () => remove.mutateAsync(one.account_id).catch(notify.failed),
                        t('common.remove'),
                      )
                    }
                  >
                    {t('common.remove')}
                  </Button>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

function AddMember({ appid, close }: { appid: string; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const add = useAddMember(appid);
  const options = useRoleOptions(appid, (role) => `${t(`identity.roles.${role}`)} · ${t(`identity.role_hints.${role}`)}`);
  const [form] = Form.useForm<Schemas['MemberInput']>();
  const submit = (values: Schemas['MemberInput']) =>
    add.mutate(
      { username: values.username.trim(), role: values.role, password: values.password || undefined, display_name: values.display_name || undefined },
      {
        onSuccess: () => {
          notify.done();
          close();
        },
        onError: notify.failed,
      },
    );
  return (
    <Modal open title={t('identity.members.add')} onCancel={close} okText={t('common.add')} cancelText={t('common.cancel')} confirmLoading={add.isPending} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ role: 'agent' }} onFinish={submit}>
        <Form.Item name="username" label={t('identity.members.username')} rules={[{ required: true, max: 64 }]}>
          <Input autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="role" label={t('identity.members.role')}>
          <Select options={options} />
        </Form.Item>
        <Form.Item name="display_name" label={`${t('identity.members.display_name')} (${t('common.optional')})`}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="password" label={`${t('identity.members.new_password')} (${t('common.optional')})`} extra={t('identity.members.new_password_hint')} rules={[{ min: 10 }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function PermissionTable() {
  const { t } = useTranslation();
  const table = usePermissionTable();
  return (
    <Panel title={t('identity.members.permissions')}>
      <Loaded query={table}>
        {({ roles: granted }) => (
          <div className="scroll-x" role="region" aria-label={t('identity.members.permissions')} tabIndex={0}>
            <table className="grid">
              <thead>
                <tr>
                  <th scope="col">{t('identity.members.permission')}</th>
                  {roles.map((role) => (
                    <th key={role} scope="col">
                      {t(`identity.roles.${role}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {adjustable.map((permission) => (
                  <tr key={permission}>
                    <th scope="row">{t(`identity.permission.${nameKey(permission)}`)}</th>
                    {roles.map((role) => (
                      <td key={role}>{granted[role]?.includes(permission) ? <Check size={15} aria-label={t('common.yes')} /> : <span className="sr-only">{t('common.no')}</span>}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
