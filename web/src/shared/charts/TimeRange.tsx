// The stretch of time that a page looks at: one of the usual ones, or from … to on the mini program's clock.
import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useZone } from '../ui/time';
import { usualPresets, windowOf, zoneOffset, type Preset, type Range } from './ranges';

export function TimeRange({ range, asOf, change, offered = usualPresets }: { range: Range; asOf: number; change(range: Range): void; offered?: Preset[] }) {
  const { t } = useTranslation();
  const zone = useZone();
  // The picker shows the browser's clock; people mean the mini program's.
  const shift = (at: number) => (zoneOffset(zone, at) + new Date(at).getTimezoneOffset()) * 60_000;
  const options = [...offered, 'custom' as const].map((value) => ({ value, label: t(`charts.ranges.${value}`) }));
  return (
    <>
      <Select
        aria-label={t('charts.ranges.label')}
        style={{ width: 136 }}
        value={'preset' in range ? range.preset : ('custom' as const)}
        options={options}
        onChange={(value) => change(value === 'custom' ? windowOf(range, asOf) : { preset: value })}
      />
      {!('preset' in range) && (
        <DatePicker.RangePicker
          showTime={{ format: 'HH:mm:ss' }}
          format="YYYY-MM-DD HH:mm:ss"
          allowClear={false}
          placeholder={[t('charts.ranges.from'), t('charts.ranges.to')]}
          value={[dayjs(range.from + shift(range.from)), dayjs(range.to + shift(range.to))]}
          onChange={(chosen) => {
            const [from, to] = [chosen?.[0], chosen?.[1]];
            if (from && to && to.isAfter(from)) change({ from: from.valueOf() - shift(from.valueOf()), to: to.valueOf() - shift(to.valueOf()) });
          }}
        />
      )}
    </>
  );
}
