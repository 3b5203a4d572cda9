// What begins a rule: an event, after how long, with which score.
import { Form, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { events, isTimed, minutesMax, type Draft } from './draft';

const hinted = ['waiting', 'customer_silent', 'message_received', 'closed', 'scored'] as const;
const scores = [1, 2, 3, 4, 5];

export function WhenFields({ draft, set }: { draft: Draft; set(part: Partial<Draft>): void }) {
  const { t } = useTranslation();
  const hint = hinted.find((one) => one === draft.event);
  return (
    <>
      <div className="auto-form">
        <Form.Item label={t('automation.edit.event')} htmlFor="automation-event">
          <Select id="automation-event" value={draft.event} options={events.map((value) => ({ value, label: t(`automation.events.${value}`) }))} onChange={(event) => set({ event })} />
        </Form.Item>
        {isTimed(draft.event) && (
          <Form.Item label={t('automation.edit.minutes')} htmlFor="automation-minutes">
            <InputNumber id="automation-minutes" min={1} max={minutesMax} precision={0} suffix={t('automation.edit.minutes_unit')} style={{ width: '100%' }} status={draft.minutes === null ? 'error' : undefined} value={draft.minutes} onChange={(minutes) => set({ minutes })} />
          </Form.Item>
        )}
        {draft.event === 'scored' && (
          <Form.Item label={t('automation.edit.score')} htmlFor="automation-score">
            <Select id="automation-score" value={draft.score} options={scores.map((value) => ({ value, label: t('automation.edit.score_of', { n: value }) }))} onChange={(score) => set({ score })} />
          </Form.Item>
        )}
      </div>
      {hint && <p className="muted panel-note">{t(`automation.edit.hints.${hint}`)}</p>}
    </>
  );
}
