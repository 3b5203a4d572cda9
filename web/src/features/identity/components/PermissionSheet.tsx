// What one member may do, and how that differs from the role: what changes is shown before it is saved.
import { Alert, Button, Drawer, Radio } from 'antd';
import { Check, Minus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { useAccount, usePermissions } from '@/shared/session/session';
import { Loaded, useNotify } from '@/shared/ui/page';
import { useChangePermissions, useMemberPermissions } from '../api/people';
import { allows, bodyOf, changesOf, draftOf, modules, nameKey, settings, unadjusted, withoutGroup, withSetting, type Adjustable, type Draft, type MemberPermissions, type Setting } from './permissions';
import './permissions.css';

interface Props {
  appid: string;
  member: Schemas['Member'] | undefined; // none: closed
  close(): void;
}

export function PermissionSheet({ appid, member, close }: Props) {
  const { t } = useTranslation();
  const notify = useNotify();
  const [unsaved, setUnsaved] = useState(false);
  const drop = () => (setUnsaved(false), close());
  const leave = () => (unsaved ? notify.confirm(t('identity.permissions.discard_title'), t('identity.permissions.discard_text'), drop, t('identity.permissions.discard')) : close());
  return (
    <Drawer open={!!member} onClose={leave} title={member && t('identity.permissions.title', { name: member.display_name || member.username })} size={720}>
      {member && <Sheet key={member.account_id} appid={appid} id={member.account_id} setUnsaved={setUnsaved} />}
    </Drawer>
  );
}

function Sheet({ appid, id, setUnsaved }: { appid: string; id: string; setUnsaved(unsaved: boolean): void }) {
  const found = useMemberPermissions(appid, id);
  return (
    <Loaded query={found} rows={10}>
      {(data) => <Editor appid={appid} found={data} setUnsaved={setUnsaved} />}
    </Loaded>
  );
}

// Why nothing can be changed here, if so.
function useReadOnly(appid: string, found: MemberPermissions): string {
  const { t } = useTranslation();
  const account = useAccount();
  const { can } = usePermissions();
  if (account.id === found.account_id) return t('identity.permissions.own');
  return can('members.manage', appid) ? '' : t('identity.permissions.read_only');
}

function Editor({ appid, found, setUnsaved }: { appid: string; found: MemberPermissions; setUnsaved(unsaved: boolean): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const save = useChangePermissions(appid, found.account_id);
  const readOnly = useReadOnly(appid, found);
  const [draft, setDraft] = useState(() => draftOf(found));
  const edit = (next: Draft, base = found) => {
    const { changed, lostGroups } = changesOf(base, next);
    setDraft(next);
    setUnsaved(changed.length + lostGroups.length > 0);
  };
  const submit = () => save.mutate(bodyOf(draft), { onSuccess: (saved) => (edit(draftOf(saved), saved), notify.done()), onError: notify.failed });
  return (
    <>
      <p className="muted panel-note">{t('identity.permissions.intro', { role: t(`identity.roles.${found.role}`) })}</p>
      {found.instance_admin && <Alert type="info" showIcon className="panel-note" title={t('identity.permissions.instance_admin')} />}
      {readOnly && <Alert type="info" showIcon className="panel-note" title={readOnly} />}
      <Table appid={appid} found={found} draft={draft} edit={edit} readOnly={!!readOnly} />
      {!readOnly && (
        <footer className="permission-foot">
          <Changes found={found} draft={draft} />
          <div className="page-actions">
            <Button type="primary" loading={save.isPending} disabled={nothingOf(found, draft)} onClick={submit}>
              {t('common.save')}
            </Button>
            <Button disabled={nothingOf(found, draft)} onClick={() => edit(draftOf(found))}>
              {t('identity.permissions.discard')}
            </Button>
            <Button disabled={nothingOf(found, draft, unadjusted())} onClick={() => edit(unadjusted())}>
              {t('identity.permissions.reset')}
            </Button>
          </div>
        </footer>
      )}
    </>
  );
}

// Whether the draft says the same as what is stored, or as `other`.
function nothingOf(found: MemberPermissions, draft: Draft, other = draftOf(found)): boolean {
  return JSON.stringify(bodyOf(draft)) === JSON.stringify(bodyOf(other));
}

interface TableProps {
  appid: string;
  found: MemberPermissions;
  draft: Draft;
  edit(draft: Draft): void;
  readOnly: boolean;
}

function Table({ readOnly, ...props }: TableProps) {
  const { t } = useTranslation();
  return (
    <div className="scroll-x" role="region" aria-label={t('identity.permissions.table')} tabIndex={0}>
      <table className="grid permission-table">
        <thead>
          <tr>
            <th scope="col">{t('identity.members.permission')}</th>
            <th scope="col">{t('identity.permissions.setting')}</th>
            <th scope="col">{t('identity.permissions.result')}</th>
          </tr>
        </thead>
        {modules.map(({ module, permissions }) => (
          <tbody key={module}>
            <tr>
              <th scope="rowgroup" colSpan={3} className="permission-module">
                {t(`identity.permissions.modules.${module}`)}
              </th>
            </tr>
            {permissions.map((permission) => (
              <Row key={permission} permission={permission} readOnly={readOnly} {...props} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Row({ appid, found, draft, edit, permission, readOnly }: TableProps & { permission: Adjustable }) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const name = t(`identity.permission.${nameKey(permission)}`);
  const setting = draft.settings[permission];
  const allowed = allows(found, permission, setting);
  const groups = draft.groups.filter((one) => one.permission === permission);
  const beyond = !can(permission, appid); // nobody gives or takes what they do not have themselves
  return (
    <tr>
      <th scope="row">
        {name}
        {!readOnly && beyond && <p className="muted permission-hint">{t('identity.permissions.beyond')}</p>}
        {groups.map((one) => (
          <p key={one.group_id} className="permission-hint">
            {t('identity.permissions.in_group', { group: one.group_id })}
            {!readOnly && (
              <Button type="text" size="small" icon={<X size={14} aria-hidden />} disabled={beyond} aria-label={t('identity.permissions.remove_group', { permission: name, group: one.group_id })} onClick={() => edit(withoutGroup(draft, one))} />
            )}
          </p>
        ))}
      </th>
      <td>
        <Radio.Group
          aria-label={name}
          name={permission}
          optionType="button"
          size="small"
          value={setting}
          disabled={readOnly || beyond}
          onChange={(event) => edit(withSetting(draft, permission, event.target.value as Setting))}
          options={settings.map((value) => ({ value, label: t(`identity.permissions.settings.${value}`) }))}
        />
      </td>
      <td>{allowed ? <Check size={15} aria-label={t('identity.permissions.allowed')} /> : <Minus size={15} className="muted" aria-label={t('identity.permissions.not_allowed')} />}</td>
    </tr>
  );
}

function Changes({ found, draft }: { found: MemberPermissions; draft: Draft }) {
  const { t } = useTranslation();
  const { changed, lostGroups } = changesOf(found, draft);
  const n = changed.length + lostGroups.length;
  const text = (permission: Adjustable, setting: Setting) =>
    setting === 'role' ? `${t('identity.permissions.settings.role')} (${t(allows(found, permission, 'role') ? 'identity.permissions.allowed' : 'identity.permissions.not_allowed')})` : t(`identity.permissions.settings.${setting}`);
  return (
    <div role="status" className="permission-changes">
      <strong>{n === 0 ? t('identity.permissions.no_changes') : t('identity.permissions.changes', { n })}</strong>
      {n > 0 && (
        <ul>
          {changed.map(({ permission, from, to }) => (
            <li key={permission}>
              {t(`identity.permission.${nameKey(permission)}`)}: {text(permission, from)} → {text(permission, to)}
            </li>
          ))}
          {lostGroups.map(({ permission, group_id }) => (
            <li key={`${permission} ${group_id}`}>
              {t(`identity.permission.${nameKey(permission)}`)}: {t('identity.permissions.in_group', { group: group_id })} → {t('identity.permissions.settings.role')}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
