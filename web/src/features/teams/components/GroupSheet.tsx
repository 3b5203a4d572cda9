// One group: its name, its busy mode, its tier, its working calendar and its members.
import { Button, Drawer, Form, Input, InputNumber, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CalendarEditor } from '@/shared/calendar/CalendarEditor';
import { groupName, type Group } from '@/shared/teams/teams';
import { useNotify } from '@/shared/ui/page';
import { useChangeGroup } from '../api/teams';
import { changeOf } from './edits';
import { busyComplete, busySets, savable, withSet, type Busy, type GroupEdits } from './groupEdits';
import { GroupMembers } from './GroupMembers';
import { TierFields } from './TierFields';

interface Props {
  appid: string;
  group: Group | undefined; // none: closed
  mayConfigure: boolean;
  close(): void;
}

export function GroupSheet({ appid, group, mayConfigure, close }: Props) {
  return (
    <Drawer open={!!group} onClose={close} title={group && groupName(group)} size={760}>
      {group && (
        <div key={group.id}>
          <GroupMembers appid={appid} group={group} mayConfigure={mayConfigure} />
          <GroupForm appid={appid} group={group} mayConfigure={mayConfigure} />
        </div>
      )}
    </Drawer>
  );
}

function GroupForm({ appid, group, mayConfigure }: Omit<Props, 'close' | 'group'> & { group: Group }) {
  const { t } = useTranslation();
  const [edits, setEdits] = useState<GroupEdits>({});
  const save = useChangeGroup(appid, group.id);
  const { done, failed } = useNotify();
  const set = (part: GroupEdits) => setEdits((old) => ({ ...old, ...part }));
  const change = changeOf(group, { ...edits, name: edits.name?.trim() });
  // Somebody was faster: the sheet reads anew, what was written here stays, and can be saved then.
  const submit = () => save.mutateAsync(change!).then(() => (setEdits({}), done()), failed);
  return (
    <Form layout="vertical" className="team-section" tabIndex={mayConfigure ? undefined : 0}>
      <Form.Item label={t('teams.groups.name')} htmlFor="group-name">
        <Input id="group-name" maxLength={64} disabled={!mayConfigure} value={edits.name ?? groupName(group)} onChange={(event) => set({ name: event.target.value })} />
      </Form.Item>
      <BusyFields busy={edits.busy ?? group.busy} disabled={!mayConfigure} change={(busy) => set({ busy })} />
      <TierFields appid={appid} tier={edits.tier ?? group.tier} escalation={edits.escalation ?? group.escalation} disabled={!mayConfigure} change={set} />
      <h3>{t('teams.groups.calendar')}</h3>
      <p className="muted panel-note">{t('teams.groups.calendar_hint')}</p>
      <CalendarEditor calendar={edits.calendar ?? group.calendar} disabled={!mayConfigure} onChange={(calendar) => set({ calendar })} />
      {mayConfigure && (
        <div className="team-foot">
          <Button type="primary" disabled={!change || !savable(group, edits)} loading={save.isPending} onClick={() => void submit()}>
            {t('common.save')}
          </Button>
          {change && <Button onClick={() => setEdits({})}>{t('common.undo')}</Button>}
        </div>
      )}
    </Form>
  );
}

function BusyFields({ busy, disabled, change }: { busy: Busy; disabled: boolean; change(busy: Busy): void }) {
  const { t } = useTranslation();
  const status = busyComplete(busy) ? undefined : 'error';
  return (
    <Form.Item label={t('teams.groups.busy')} extra={t('teams.groups.busy_hint')}>
      <div className="team-line">
        <Segmented aria-label={t('teams.groups.busy')} disabled={disabled} value={busy.set} options={busySets.map((value) => ({ value, label: t(`teams.groups.busy_sets.${value}`) }))} onChange={(value) => change(withSet(busy, value))} />
        {busy.set === 'automatic' && (
          <label className="team-line">
            {t('teams.groups.busy_from')}
            <InputNumber min={1} max={100_000} precision={0} style={{ width: 96 }} status={status} disabled={disabled} value={busy.from_waiting} onChange={(value) => change({ ...busy, from_waiting: value ?? 0 })} />
          </label>
        )}
        {busy.set !== 'off' && (
          <label className="team-line">
            {t('teams.groups.busy_percent')}
            <InputNumber min={100} max={300} precision={0} suffix="%" style={{ width: 104 }} status={status} disabled={disabled} value={busy.limit_percent} onChange={(value) => change({ ...busy, limit_percent: value ?? 0 })} />
          </label>
        )}
      </div>
    </Form.Item>
  );
}
