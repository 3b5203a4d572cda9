// What is changed of a follow-up: whose it is, until when, what was noted; or that it is done, and what came of it.
import { Alert, DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAgents } from '@/shared/teams/teams';
import { useNotify } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useChangeFollowUp, type FollowUp } from '../api/satisfaction';
import { changeOf, changes, noteMax, pickerShift, type Edits } from './followUp';
import { useNames } from './names';

interface Props {
  appid: string;
  followUp: FollowUp; // as it is now: a colleague may change it while this is open
  gone: boolean; // from the list that it was opened in, as what is done here may be, too
  finishing: boolean;
  close(): void;
}

export function FollowUpDialog({ appid, followUp, gone, finishing, close }: Props) {
  const { t } = useTranslation();
  const change = useChangeFollowUp(appid);
  const { done, failed } = useNotify();
  const [edits, setEdits] = useState<Edits>({});
  const set = (part: Edits) => setEdits({ ...edits, ...part });
  const body = changeOf(followUp, edits, finishing ? 'done' : followUp.state);
  const lost = gone && (change.isIdle || change.isError);
  const said = finishing ? t('satisfaction.follow_ups.finished') : undefined;
  const submit = () => void change.mutateAsync({ id: followUp.id, ...body }).then(() => (done(said), close()), failed);
  return (
    <Modal
      open
      title={finishing ? t('satisfaction.follow_ups.finish') : t('satisfaction.follow_ups.edit')}
      okText={finishing ? t('satisfaction.follow_ups.finish') : t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: lost || !changes(body) }}
      confirmLoading={change.isPending}
      onCancel={close}
      onOk={submit}
    >
      {lost && <Alert type="warning" showIcon style={{ marginBottom: 16 }} title={t('satisfaction.follow_ups.gone')} />}
      <Form layout="vertical">
        {!finishing && <Whose appid={appid} followUp={followUp} edits={edits} set={set} />}
        <Form.Item label={finishing ? t('satisfaction.follow_ups.outcome') : t('satisfaction.follow_ups.note')} htmlFor="follow-up-note" extra={t('satisfaction.follow_ups.note_hint')}>
          <Input.TextArea id="follow-up-note" autoSize={{ minRows: 3, maxRows: 10 }} maxLength={noteMax} value={edits.note ?? followUp.note} onChange={(event) => set({ note: event.target.value })} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

const dayMs = 86_400_000;
const daysAhead = 365;

function Whose({ appid, followUp, edits, set }: { appid: string; followUp: FollowUp; edits: Edits; set(part: Edits): void }) {
  const { t } = useTranslation();
  const zone = useZone();
  const agents = useAgents(appid);
  const names = useNames(appid);
  const options = (agents.data?.items ?? []).map((one) => ({ value: one.account_id, label: one.display_name }));
  const owner = edits.owner_id ?? followUp.owner_id;
  // Who may not answer any more is still named.
  const all = !owner || options.some((one) => one.value === owner) ? options : [...options, { value: owner, label: names.agent(owner) }];
  const due = edits.due_at ?? followUp.due_at;
  const shown = (at: number) => dayjs(at + pickerShift(zone, at));
  const chosen = (at: Dayjs) => at.valueOf() - pickerShift(zone, at.valueOf());
  return (
    <>
      <Form.Item label={t('satisfaction.follow_ups.owner')} htmlFor="follow-up-owner">
        <Select id="follow-up-owner" placeholder={t('satisfaction.follow_ups.nobody')} showSearch={all.length > 8 ? { optionFilterProp: 'label' } : false} value={owner ?? undefined} options={all} onChange={(owner_id: string) => set({ owner_id })} />
      </Form.Item>
      <Form.Item label={t('satisfaction.follow_ups.due')} htmlFor="follow-up-due">
        <DatePicker id="follow-up-due" allowClear={false} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" value={shown(due)} maxDate={shown(Date.now() + daysAhead * dayMs)} onChange={(at: Dayjs | null) => at && set({ due_at: chosen(at) })} />
      </Form.Item>
    </>
  );
}
