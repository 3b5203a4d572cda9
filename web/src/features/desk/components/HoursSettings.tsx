// Working hours: several spans a day, in the mini program's time zone.
import { Button } from 'antd';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useHours, useSetHours } from '../api/settings';
import type { SettingsPart } from './part';

type Hours = Schemas['Hours'];
const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Day = (typeof week)[number];

export function HoursSettings({ appid, mayChange }: SettingsPart) {
  const hours = useHours(appid);
  return (
    <Panel>
      <Loaded query={hours}>{(data) => <Week appid={appid} mayChange={mayChange} kept={data} />}</Loaded>
    </Panel>
  );
}

function Week({ appid, mayChange, kept }: SettingsPart & { kept: Hours }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const set = useSetHours(appid);
  const [days, setDays] = useState<Hours['days']>(kept.days);
  const put = (day: Day, spans: Schemas['TimeSpan'][]) => setDays({ ...days, [day]: spans });
  const monday = days.mon ?? [];
  return (
    <>
      <p className="muted" style={{ marginBottom: 12 }}>
        {t('desk.hours.zone')}：{kept.time_zone} · {t('desk.hours.always')}
      </p>
      {week.map((day) => {
        const spans = days[day] ?? [];
        return (
          <div key={day} className="hours-day">
            <strong>{t(`desk.hours.days.${day}`)}</strong>
            <div className="hours-spans">
              {spans.length === 0 && <span className="muted">{t('desk.hours.rest')}</span>}
              {spans.map((span, index) => (
                <span key={index} className="hours-span">
                  <TimeInput label={`${t(`desk.hours.days.${day}`)} ${t('desk.hours.from')}`} value={span.from} disabled={!mayChange} onChange={(from) => put(day, spans.with(index, { ...span, from }))} />
                  –
                  <TimeInput label={`${t(`desk.hours.days.${day}`)} ${t('desk.hours.to')}`} value={span.to} disabled={!mayChange} onChange={(to) => put(day, spans.with(index, { ...span, to }))} />
                  {mayChange && <Button type="text" size="small" aria-label={`${t(`desk.hours.days.${day}`)} ${t('desk.hours.remove')}`} icon={<X size={14} aria-hidden />} onClick={() => put(day, spans.toSpliced(index, 1))} />}
                </span>
              ))}
              {mayChange && (
                <Button type="text" size="small" icon={<Plus size={14} aria-hidden />} aria-label={`${t(`desk.hours.days.${day}`)} ${t('desk.hours.add')}`} onClick={() => put(day, [...spans, spans.length === 0 ? { from: '09:00', to: '18:00' } : { from: '19:00', to: '21:00' }])}>
                  {t('desk.hours.add')}
                </Button>
              )}
              {mayChange && day === 'mon' && monday.length > 0 && (
                <Button type="link" size="small" onClick={() => setDays({ ...days, tue: monday, wed: monday, thu: monday, fri: monday })}>
                  {t('desk.hours.copy')}
                </Button>
              )}
            </div>
          </div>
        );
      })}
      {mayChange && (
        <Button type="primary" style={{ marginTop: 16 }} loading={set.isPending} onClick={() => set.mutate({ time_zone: kept.time_zone, days }, { onSuccess: () => notify.done(), onError: notify.failed })}>
          {t('common.save')}
        </Button>
      )}
    </>
  );
}

function TimeInput({ label, value, disabled, onChange }: { label: string; value: string; disabled: boolean; onChange(value: string): void }) {
  return <input className="time-input num" type="time" aria-label={label} value={value === '24:00' ? '00:00' : value} disabled={disabled} onChange={(event) => onChange(event.target.value)} />;
}
