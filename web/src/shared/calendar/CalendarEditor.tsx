// A working calendar 工作日历: several spans a day, and the dates on which the week does not hold.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { Spans } from './Spans';
import { SpecialDays } from './SpecialDays';
import { week, type Weekday } from './specialDays';
import './calendar.css';

type Calendar = Schemas['Calendar'];

export interface CalendarEditorProps {
  calendar: Calendar;
  disabled: boolean;
  onChange(calendar: Calendar): void;
}

export function CalendarEditor({ calendar, disabled, onChange }: CalendarEditorProps) {
  const { t } = useTranslation();
  const { days } = calendar;
  const put = (day: Weekday, spans: Schemas['TimeSpan'][]) => onChange({ ...calendar, days: { ...days, [day]: spans } });
  const monday = days.mon ?? [];
  return (
    <>
      <p className="muted" style={{ marginBottom: 12 }}>
        {t('desk.hours.zone')}：{calendar.time_zone} · {t('desk.hours.always')}
      </p>
      {week.map((day) => (
        <div key={day} className="hours-day">
          <strong>{t(`desk.hours.days.${day}`)}</strong>
          <Spans label={t(`desk.hours.days.${day}`)} spans={days[day] ?? []} disabled={disabled} onChange={(spans) => put(day, spans)}>
            {!disabled && day === 'mon' && monday.length > 0 && (
              <Button type="link" size="small" onClick={() => onChange({ ...calendar, days: { ...days, tue: monday, wed: monday, thu: monday, fri: monday } })}>
                {t('desk.hours.copy')}
              </Button>
            )}
          </Spans>
        </div>
      ))}
      <SpecialDays days={calendar.special ?? []} disabled={disabled} onChange={(special) => onChange({ ...calendar, special })} />
    </>
  );
}
