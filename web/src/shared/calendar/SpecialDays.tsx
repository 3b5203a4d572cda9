// The dates on which the week does not hold: holidays 节假日 and 调休 working days. The State Council's list can be pasted.
import { Button, Input, Modal, Select } from 'antd';
import { ClipboardPaste, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Spans } from './Spans';
import { kindOf, pasteDays, specialDaysMax, week, withDays, type Kind, type SpecialDay, type Weekday } from './specialDays';

interface Props {
  days: SpecialDay[];
  disabled: boolean;
  onChange(days: SpecialDay[]): void;
}

export function SpecialDays({ days, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const [pasting, setPasting] = useState(false);
  const full = days.length >= specialDaysMax;
  const change = (index: number, day: SpecialDay) => onChange(days.with(index, day));
  return (
    <section aria-label={t('desk.hours.special.title')} className="special-days">
      <h2>{t('desk.hours.special.title')}</h2>
      <p className="muted">{t('desk.hours.special.purpose')}</p>
      {days.length === 0 && <p className="muted">{t('desk.hours.special.none')}</p>}
      <ul>
        {days.map((day, index) => (
          <li key={index}>
            <Day day={day} disabled={disabled} onChange={(changed) => change(index, changed)} />
            {!disabled && <Button type="text" size="small" aria-label={`${day.date} ${t('desk.hours.special.remove')}`} icon={<X size={14} aria-hidden />} onClick={() => onChange(days.toSpliced(index, 1))} />}
          </li>
        ))}
      </ul>
      {!disabled && (
        <div className="special-actions">
          <Button icon={<Plus size={14} aria-hidden />} disabled={full} onClick={() => onChange([...days, { date: nextDate(days), name: t('desk.hours.special.holiday'), spans: [] }])}>
            {t('desk.hours.special.add')}
          </Button>
          <Button icon={<ClipboardPaste size={14} aria-hidden />} disabled={full} onClick={() => setPasting(true)}>
            {t('desk.hours.special.paste')}
          </Button>
        </div>
      )}
      {pasting && (
        <PasteDialog
          onCancel={() => setPasting(false)}
          onAdd={(added) => {
            onChange(withDays(days, added).slice(0, specialDaysMax));
            setPasting(false);
          }}
        />
      )}
    </section>
  );
}

// The day after the last one: holidays come in rows.
function nextDate(days: SpecialDay[]): string {
  const last = days.at(-1)?.date;
  const at = last ? new Date(`${last}T00:00:00Z`).getTime() + 86_400_000 : Date.now();
  return new Date(at).toISOString().slice(0, 10);
}

function Day({ day, disabled, onChange }: { day: SpecialDay; disabled: boolean; onChange(day: SpecialDay): void }) {
  const { t } = useTranslation();
  const { date, name } = day;
  const choose = (kind: Kind) => {
    if (kind === 'as') onChange({ date, name, as: 'mon' });
    else onChange({ date, name, spans: kind === 'closed' ? [] : [{ from: '09:00', to: '18:00' }] });
  };
  const kind = kindOf(day);
  return (
    <div className="special-day">
      <input className="time-input num" type="date" min="2000-01-01" max="2199-12-31" aria-label={t('desk.hours.special.date')} value={date} disabled={disabled} onChange={(event) => event.target.value && onChange({ ...day, date: event.target.value })} />
      <Input className="special-name" aria-label={`${date} ${t('desk.hours.special.name')}`} value={name} maxLength={64} disabled={disabled} status={name.trim() ? '' : 'error'} onChange={(event) => onChange({ ...day, name: event.target.value })} />
      <Select<Kind>
        className="special-kind"
        aria-label={`${date} ${t('desk.hours.special.kind')}`}
        value={kind}
        disabled={disabled}
        onChange={choose}
        options={(['closed', 'as', 'spans'] as const).map((value) => ({ value, label: t(`desk.hours.special.kinds.${value}`) }))}
      />
      {kind === 'as' && <WeekdaySelect label={`${date} ${t('desk.hours.special.as')}`} value={day.as ?? 'mon'} disabled={disabled} onChange={(as) => onChange({ date, name, as })} />}
      {kind === 'spans' && <Spans label={date} spans={day.spans ?? []} disabled={disabled} onChange={(spans) => onChange({ date, name, spans })} />}
    </div>
  );
}

function WeekdaySelect({ label, value, disabled, onChange }: { label: string; value: Weekday; disabled: boolean; onChange(day: Weekday): void }) {
  const { t } = useTranslation();
  return <Select<Weekday> className="special-kind" aria-label={label} value={value} disabled={disabled} onChange={onChange} options={week.map((day) => ({ value: day, label: t(`desk.hours.days.${day}`) }))} />;
}

function PasteDialog({ onAdd, onCancel }: { onAdd(days: SpecialDay[]): void; onCancel(): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [as, setAs] = useState<Weekday>('mon');
  const { days, wrong } = pasteDays(text, as, { worked: t('desk.hours.special.make_up'), closed: t('desk.hours.special.holiday') });
  return (
    <Modal open title={t('desk.hours.special.paste')} okText={t('desk.hours.special.take', { n: days.length })} cancelText={t('common.cancel')} okButtonProps={{ disabled: days.length === 0 }} onOk={() => onAdd(days)} onCancel={onCancel}>
      <p className="muted">{t('desk.hours.special.paste_how')}</p>
      <Input.TextArea aria-label={t('desk.hours.special.paste')} rows={8} maxLength={20_000} value={text} placeholder={t('desk.hours.special.example')} onChange={(event) => setText(event.target.value)} />
      <div className="special-as">
        {t('desk.hours.special.worked_as')} <WeekdaySelect label={t('desk.hours.special.worked_as')} value={as} disabled={false} onChange={setAs} />
      </div>
      {wrong.length > 0 && (
        <div role="status">
          <strong>{t('desk.hours.special.wrong', { n: wrong.length })}</strong>
          <ul className="special-wrong">
            {wrong.slice(0, 5).map(({ line, text: written }) => (
              <li key={line}>
                {t('desk.hours.special.line', { n: line })} <code>{written}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Modal>
  );
}
