// The days that a page looks at: the last ones, or from … to.
import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useZone } from '../ui/time';
import type { Preset, Range } from './ranges';
import { offeredDays, rangeOfDays, type Days } from './wholeDays';

export function DayRange({ range, days, offered = offeredDays, change }: { range: Range; days: Days; offered?: Preset[]; change(range: Range): void }) {
  const { t } = useTranslation();
  const zone = useZone();
  const options = [...offered, 'custom' as const].map((value) => ({ value, label: value === '24h' ? t('charts.ranges.today') : t(`charts.ranges.${value}`) }));
  const text = (day: dayjs.Dayjs) => day.format('YYYY-MM-DD');
  return (
    <>
      <Select aria-label={t('charts.ranges.label')} style={{ width: 136 }} value={'preset' in range ? range.preset : ('custom' as const)} options={options} onChange={(value) => change(value === 'custom' ? rangeOfDays(days, zone) : { preset: value })} />
      {!('preset' in range) && (
        <DatePicker.RangePicker
          allowClear={false}
          placeholder={[t('charts.ranges.from'), t('charts.ranges.to')]}
          value={[dayjs(days.from), dayjs(days.to)]}
          onChange={(chosen) => {
            const [from, to] = [chosen?.[0], chosen?.[1]];
            if (from && to) change(rangeOfDays({ from: text(from), to: text(to) }, zone));
          }}
        />
      )}
    </>
  );
}
