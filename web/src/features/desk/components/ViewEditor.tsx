// One saved view: its name and what it asks for, with how many conversations are in it now.
import { Checkbox, Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount, usePermissions } from '@/shared/session/session';
import { groupName, useAgents, useGroups } from '@/shared/teams/teams';
import { useNotify } from '@/shared/ui/page';
import { reasonOptions, useLatelyUsed, useReasons } from '@/shared/wrapup/wrapUp';
import { useOpenConversations } from '../api/conversations';
import { useSaveView, type ViewToSave } from '../api/views';
import { inSaved, type SavedFilter } from './savedViews';

interface Props {
  appid: string;
  view: ViewToSave;
  close(): void;
  saved(id: string): void;
}

// Closed conversations wait for nobody.
export const cleaned = ({ waiting_minutes, window_minutes, priority, unread, left_message, ...rest }: SavedFilter): SavedFilter => {
  const all = rest.state === 'closed' ? rest : { ...rest, waiting_minutes, window_minutes, priority, unread: unread || undefined, left_message: left_message || undefined };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null && value !== ''));
};

export function ViewEditor({ appid, view, close, saved }: Props) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { can } = usePermissions();
  const save = useSaveView(appid);
  const [name, setName] = useState(view.name);
  const [scope, setScope] = useState(view.scope ?? 'personal');
  const [filter, setFilter] = useState(view.filter);
  const submit = () => save.mutate({ id: view.id, name: name.trim(), scope, filter: cleaned(filter) }, { onSuccess: ({ id }) => saved(id), onError: notify.failed });
  return (
    <Modal open title={view.id ? t('workbench.views.edit_title') : t('workbench.views.add')} onCancel={close} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !name.trim() }} confirmLoading={save.isPending} onOk={submit}>
      <Form layout="vertical">
        <Form.Item label={t('workbench.views.name')} htmlFor="view-name">
          <Input id="view-name" maxLength={40} autoFocus value={name} onChange={(event) => setName(event.target.value)} />
        </Form.Item>
        {can('desk.configure', appid) && (
          <Form.Item label={t('workbench.views.whose')}>
            <Radio.Group aria-label={t('workbench.views.whose')} value={scope} options={(['personal', 'shared'] as const).map((value) => ({ value, label: t(`workbench.views.${value}`) }))} onChange={(event) => setScope(event.target.value as 'personal')} />
          </Form.Item>
        )}
        <Asked appid={appid} filter={filter} change={(part) => setFilter({ ...filter, ...part })} />
      </Form>
      <Count appid={appid} filter={cleaned(filter)} />
    </Modal>
  );
}

function Asked({ appid, filter, change }: { appid: string; filter: SavedFilter; change(part: SavedFilter): void }) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const agents = useAgents(appid);
  const reasons = useReasons(appid);
  const tags = useLatelyUsed(appid);
  const select = (field: 'state' | 'agent' | 'group_id' | 'reason_id', options: { value: string; label: string }[], hint: string) => (
    <Form.Item label={t(`workbench.views.fields.${field}`)} htmlFor={`view-${field}`}>
      <Select id={`view-${field}`} aria-label={t(`workbench.views.fields.${field}`)} allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={hint} value={filter[field]} options={options} onChange={(value?: string) => change({ [field]: value })} />
    </Form.Item>
  );
  const number = (field: 'waiting_minutes' | 'window_minutes' | 'priority', max: number) => (
    <Form.Item label={t(`workbench.views.fields.${field}`)} htmlFor={`view-${field}`}>
      <InputNumber id={`view-${field}`} className="wb-wide" min={1} max={max} precision={0} value={filter[field] ?? null} onChange={(value) => change({ [field]: value ?? undefined })} />
    </Form.Item>
  );
  const any = t('workbench.views.any');
  return (
    <>
      {select('state', (['waiting', 'active', 'closed'] as const).map((value) => ({ value, label: t(`workbench.views.states.${value}`) })), t('workbench.views.states.open'))}
      {select('agent', [...(['me', 'none'] as const).map((value) => ({ value, label: t(`workbench.views.agents.${value}`) })), ...(agents.data?.items ?? []).map((one) => ({ value: one.account_id, label: one.display_name }))], any)}
      {(groups.data?.length ?? 0) > 1 && select('group_id', groups.data!.map((one) => ({ value: one.id, label: groupName(one) })), any)}
      {(reasons.data?.length ?? 0) > 0 && select('reason_id', reasonOptions(reasons.data!, null), any)}
      <Form.Item label={t('workbench.views.fields.tag')} htmlFor="view-tag">
        <Input id="view-tag" maxLength={32} list="view-tags" value={filter.tag ?? ''} onChange={(event) => change({ tag: event.target.value.trim() || undefined })} />
        <datalist id="view-tags">
          {tags.data?.map((tag) => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
      </Form.Item>
      {filter.state !== 'closed' && (
        <>
          {number('waiting_minutes', 10_080)}
          {number('window_minutes', 2880)}
          {number('priority', 1000)}
          {(['unread', 'left_message'] as const).map((field) => (
            <Checkbox key={field} checked={!!filter[field]} onChange={(event) => change({ [field]: event.target.checked })}>
              {t(`workbench.views.${field}`)}
            </Checkbox>
          ))}
        </>
      )}
    </>
  );
}

function Count({ appid, filter }: { appid: string; filter: SavedFilter }) {
  const { t } = useTranslation();
  const account = useAccount();
  const open = useOpenConversations(appid);
  if (filter.state === 'closed' || !open.data) return null;
  const now = Date.now();
  return (
    <p className="muted" role="status">
      {t('workbench.views.count', { n: open.data.items.filter((one) => inSaved(one, filter, account.id, now)).length })}
    </p>
  );
}
