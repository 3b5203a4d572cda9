// Put a conversation aside until a time, or until the customer writes.
import { DatePicker, Form, Input, Modal, Radio } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import type { Conversation } from '../api/cache';
import { usePark } from '../api/conversations';

export const choices = ['hour', 'three_hours', 'tomorrow', 'message', 'time'] as const;
type Choice = (typeof choices)[number];
const daysMax = 30;

// 0: until the customer writes. undefined: not chosen yet.
export function untilOf(choice: Choice, time: Dayjs | null, now = dayjs()): number | undefined {
  switch (choice) {
    case 'hour':
      return now.add(1, 'hour').valueOf();
    case 'three_hours':
      return now.add(3, 'hour').valueOf();
    case 'tomorrow':
      return now.add(1, 'day').hour(9).startOf('hour').valueOf();
    case 'message':
      return 0;
    case 'time':
      return time?.valueOf();
  }
}

export default function ParkDialog({ conversation, close }: { conversation: Conversation; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const park = usePark();
  const [choice, setChoice] = useState<Choice>('three_hours');
  const [time, setTime] = useState<Dayjs | null>(null);
  const [note, setNote] = useState('');
  const until = untilOf(choice, time);
  const submit = () =>
    park.mutate(
      { id: conversation.id, note: note.trim() || undefined, ...(until ? { until } : {}) },
      {
        onSuccess: () => {
          notify.done(t('desk.park.done'));
          close();
        },
        onError: notify.failed,
      },
    );
  return (
    <Modal open title={t('desk.park.title')} onCancel={close} okText={t('desk.action.park')} cancelText={t('common.cancel')} okButtonProps={{ disabled: until === undefined }} confirmLoading={park.isPending} onOk={submit}>
      <p className="muted">{t('desk.park.hint')}</p>
      <Form layout="vertical">
        <Form.Item label={t('desk.park.until')}>
          <Radio.Group aria-label={t('desk.park.until')} className="transfer-agents" value={choice} onChange={(event) => setChoice(event.target.value as Choice)}>
            {choices.map((one) => (
              <Radio key={one} value={one}>
                {t(`desk.park.choices.${one}`)}
              </Radio>
            ))}
          </Radio.Group>
          {choice === 'time' && (
            <DatePicker aria-label={t('desk.park.choices.time')} showTime={{ format: 'HH:mm' }} value={time} onChange={(value: Dayjs | null) => setTime(value)} minDate={dayjs()} maxDate={dayjs().add(daysMax, 'day')} style={{ marginTop: 8 }} />
          )}
        </Form.Item>
        <Form.Item label={t('desk.park.note')} htmlFor="park-note">
          <Input id="park-note" maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
