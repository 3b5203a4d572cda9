// Groups 客服组: who answers together, when, and how busy they may be.
import { Button, Form, Input, Modal } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { calendarWords } from '@/shared/conditions/conditionWords';
import { groupName, useGroups, type Group } from '@/shared/teams/teams';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useAddGroup, useRemoveGroup } from '../api/teams';
import { escalating, nameComplete } from './groupEdits';
import { GroupSheet } from './GroupSheet';
import { useInUse } from './InUse';

export function Groups({ appid, mayConfigure }: { appid: string; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const [search, setSearch] = useSearchParams();
  const [adding, setAdding] = useState(false);
  const inUse = useInUse(appid);
  const open = (id: string) => setSearch({ group: id });
  const add = mayConfigure && (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setAdding(true)}>
      {t('teams.groups.add')}
    </Button>
  );
  return (
    <>
      <Panel title={t('teams.groups.title')} extra={add}>
        <p className="muted panel-note">{t('teams.groups.hint')}</p>
        <Loaded query={groups} rows={4}>
          {(items) => (
            <ul className="team-rows">
              {items.map((one) => (
                <OneGroup key={one.id} appid={appid} group={one} mayConfigure={mayConfigure} open={() => open(one.id)} refused={inUse.refusedOr('group', groupName(one))} />
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
      <GroupSheet appid={appid} group={groups.data?.find((one) => one.id === search.get('group'))} mayConfigure={mayConfigure} close={() => setSearch({})} />
      {adding && <AddGroup appid={appid} added={(group) => (setAdding(false), open(group.id))} close={() => setAdding(false)} />}
      {inUse.dialog}
    </>
  );
}

interface OneProps {
  appid: string;
  group: Group;
  mayConfigure: boolean;
  open(): void;
  refused(error: unknown): void;
}

function OneGroup({ appid, group, mayConfigure, open, refused }: OneProps) {
  const { t } = useTranslation();
  const remove = useRemoveGroup(appid);
  const { done, confirm } = useNotify();
  const name = groupName(group);
  const { busy } = group;
  const edit = mayConfigure ? t('common.edit') : t('common.details');
  const askToRemove = () => confirm(t('teams.groups.remove_title', { name }), t('teams.groups.remove_hint', { n: group.agents }), () => remove.mutateAsync(group.id).then(() => done(), refused), t('common.delete'));
  return (
    <li>
      <div className="team-row-text">
        <span className="team-line">
          <strong>{name}</strong>
          {group.is_default && <span className="team-tag">{t('teams.groups.default')}</span>}
          {group.tier === 'expert' && <span className="team-tag">{t('desk.tiers.expert')}</span>}
          <Link to={`/m/${appid}/teams/agents?group=${group.id}`} className="num">
            {t('teams.n', { n: group.agents })}
          </Link>
        </span>
        <span className="muted">
          {calendarWords(group.calendar, t)} · {t(`teams.groups.busy_words.${busy.set}`, { percent: busy.limit_percent, n: busy.from_waiting })}
          {escalating(group).map((kind) => ` · ${t(`teams.groups.escalation_words.${kind}`, { n: group.escalation[kind] })}`)}
        </span>
      </div>
      <span className="team-line">
        <Button size="small" type="text" aria-label={`${edit} ${name}`} onClick={open}>
          {edit}
        </Button>
        {mayConfigure && !group.is_default && (
          <Button size="small" type="text" danger aria-label={t('teams.groups.remove', { name })} onClick={askToRemove}>
            {t('common.delete')}
          </Button>
        )}
      </span>
    </li>
  );
}

function AddGroup({ appid, added, close }: { appid: string; added(group: Group): void; close(): void }) {
  const { t } = useTranslation();
  const add = useAddGroup(appid);
  const { failed } = useNotify();
  const [name, setName] = useState('');
  const submit = () => nameComplete(name) && add.mutateAsync({ name: name.trim() }).then(added, failed);
  return (
    <Modal open title={t('teams.groups.add')} okText={t('common.add')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !nameComplete(name) }} confirmLoading={add.isPending} onCancel={close} onOk={() => void submit()}>
      <Form layout="vertical">
        <Form.Item label={t('teams.groups.name')} htmlFor="group-name-new">
          <Input id="group-name-new" autoFocus maxLength={64} value={name} onChange={(event) => setName(event.target.value)} onPressEnter={() => void submit()} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
