// The hours of one day.
import { Button } from 'antd';
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';

type Span = Schemas['TimeSpan'];

export function Spans({ label, spans, disabled, onChange, children }: { label: string; spans: Span[]; disabled: boolean; onChange(spans: Span[]): void; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="hours-spans">
      {spans.length === 0 && <span className="muted">{t('desk.hours.rest')}</span>}
      {spans.map((span, index) => (
        <span key={index} className="hours-span">
          <TimeInput label={`${label} ${t('desk.hours.from')}`} value={span.from} disabled={disabled} onChange={(from) => onChange(spans.with(index, { ...span, from }))} />
          –
          <TimeInput label={`${label} ${t('desk.hours.to')}`} value={span.to} disabled={disabled} onChange={(to) => onChange(spans.with(index, { ...span, to }))} />
          {!disabled && <Button type="text" size="small" aria-label={`${label} ${t('desk.hours.remove')}`} icon={<X size={14} aria-hidden />} onClick={() => onChange(spans.toSpliced(index, 1))} />}
        </span>
      ))}
      {!disabled && (
        <Button type="text" size="small" icon={<Plus size={14} aria-hidden />} aria-label={`${label} ${t('desk.hours.add')}`} onClick={() => onChange([...spans, spans.length === 0 ? { from: '09:00', to: '18:00' } : { from: '19:00', to: '21:00' }])}>
          {t('desk.hours.add')}
        </Button>
      )}
      {children}
    </div>
  );
}

function TimeInput({ label, value, disabled, onChange }: { label: string; value: string; disabled: boolean; onChange(value: string): void }) {
  return <input className="time-input num" type="time" aria-label={label} value={value === '24:00' ? '00:00' : value} disabled={disabled} onChange={(event) => onChange(event.target.value)} />;
}
