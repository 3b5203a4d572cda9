// Who is in a group: several are added or taken out at once.
import { Button, Modal, Select, Table } from 'antd';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { calendarWords } from '@/shared/conditions/conditionWords';
import { PresenceName } from '@/shared/teams/PresenceName';
import { groupName, useAgents, type Group } from '@/shared/teams/teams';
import { Empty, Loaded, useNotify, Wide } from '@/shared/ui/page';
import { useAssign, useMembers, type Agent } from '../api/teams';
import { removable } from './groupEdits';
import { agentName } from './names';

interface Props {
  appid: string;
  group: Group;
  mayConfigure: boolean;
}

const atOnce = 200;

export function GroupMembers({ appid, group, mayConfigure }: Props) {
  const { t } = useTranslation();
  const members = useMembers(appid, group.id);
  const assign = useAssign(appid, group.id);
  const { done, failed, confirm } = useNotify();
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const leave = () =>
    confirm(
      t('teams.members.remove_title', { n: chosen.length, name: groupName(group) }),
      t('teams.members.remove_hint'),
      () => assign.mutateAsync({ remove: chosen }).then(() => (setChosen([]), done()), failed),
      t('common.remove'),
    );
  return (
    <section className="team-section">
      <div className="panel-head">
        <h3>{t('teams.members.title')}</h3>
        {mayConfigure && (
          <span className="team-line">
            {chosen.length > 0 && (
              <Button danger onClick={leave}>
                {t('teams.members.remove_n', { n: chosen.length })}
              </Button>
            )}
            <Button icon={<UserPlus size={15} aria-hidden />} onClick={() => setAdding(true)}>
              {t('teams.members.add')}
            </Button>
          </span>
        )}
      </div>
      <Loaded query={members} rows={3}>
        {(items) => (items.length === 0 ? <Empty title={t('teams.members.none')} text={t('teams.members.none_hint')} /> : <MemberTable appid={appid} group={group} items={items} chosen={mayConfigure ? chosen : null} choose={setChosen} />)}
      </Loaded>
      {adding && members.data && <AddMembers appid={appid} group={group} members={members.data} close={() => setAdding(false)} />}
    </section>
  );
}

interface TableProps {
  appid: string;
  group: Group;
  items: Agent[];
  chosen: string[] | null; // null: none can be
  choose(ids: string[]): void;
}

function MemberTable({ appid, group, items, chosen, choose }: TableProps) {
  const { t } = useTranslation();
  const shiftOf = (one: Agent) => one.groups.find((membership) => membership.group_id === group.id)?.shift;
  const rowSelection = chosen && {
    selectedRowKeys: chosen,
    onChange: (keys: React.Key[]) => choose(keys.map(String).slice(0, atOnce)),
    getTitleCheckboxProps: () => ({ 'aria-label': t('common.all') }),
    getCheckboxProps: (one: Agent) => ({ disabled: !removable(one, group.id), 'aria-label': t('teams.members.select', { name: agentName(one) }) }),
  };
  return (
    <Wide label={t('teams.members.title')}>
      <Table
        rowKey="account_id"
        size="small"
        pagination={false}
        dataSource={items}
        rowSelection={rowSelection ?? undefined}
        columns={[
          { title: t('teams.agents.name'), render: (_, one) => <Link to={`/m/${appid}/teams/agents?agent=${one.account_id}`}>{agentName(one)}</Link> },
          { title: t('teams.agents.presence'), render: (_, one) => <PresenceName state={one.presence} reason={one.reason} /> },
          {
            title: t('teams.members.own_shift'),
            render: (_, one) => {
              const shift = shiftOf(one);
              if (shift) return calendarWords(shift, t);
              return <span className="muted">{removable(one, group.id) ? '—' : t('teams.members.only_here')}</span>;
            },
          },
        ]}
      />
    </Wide>
  );
}

function AddMembers({ appid, group, members, close }: { appid: string; group: Group; members: Agent[]; close(): void }) {
  const { t } = useTranslation();
  const agents = useAgents(appid);
  const assign = useAssign(appid, group.id);
  const { done, failed } = useNotify();
  const [add, setAdd] = useState<string[]>([]);
  // Who is in the default group only because they are in none may be put there by name.
  const inside = new Set(members.filter((one) => removable(one, group.id)).map((one) => one.account_id));
  const submit = () => assign.mutateAsync({ add }).then(() => (done(), close()), failed);
  return (
    <Modal open title={t('teams.members.add_title', { name: groupName(group) })} okText={t('common.add')} cancelText={t('common.cancel')} okButtonProps={{ disabled: add.length === 0 }} confirmLoading={assign.isPending} onCancel={close} onOk={() => void submit()}>
      <p className="muted panel-note">{t('teams.members.add_hint')}</p>
      <Loaded query={agents} rows={1}>
        {({ items }) => (
          <Select
            mode="multiple"
            maxCount={atOnce}
            aria-label={t('teams.members.choose')}
            placeholder={t('teams.members.choose')}
            style={{ width: '100%' }}
            showSearch={{ optionFilterProp: 'label' }}
            value={add}
            options={items.filter((one) => !inside.has(one.account_id)).map((one) => ({ value: one.account_id, label: one.display_name }))}
            onChange={setAdd}
          />
        )}
      </Loaded>
    </Modal>
  );
}
