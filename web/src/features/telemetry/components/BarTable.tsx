// A chart's numbers as a table: for screen readers, and for whoever wants to read them. Empty bars are left out.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { exactTime, useZone } from '@/shared/ui/time';
import type { BarsProps, Series } from './Bars';
import { countText } from './numbers';
import { intervals } from './ranges';

export function BarTable({ title, starts, interval, series, onPick }: BarsProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const rows = starts.map((start, index) => ({ start, index })).filter(({ index }) => series.some((one) => one.values[index]! > 0));
  return (
    <div className="bars-table" role="region" aria-label={title} tabIndex={0}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('telemetry.chart.time')}</th>
            {series.map((one) => (
              <th key={one.key} scope="col">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.reverse().map(({ start, index }) => {
            const at = exactTime(start, zone);
            return (
              <tr key={start}>
                <th scope="row">
                  <Button type="link" size="small" className="num" aria-label={t('telemetry.chart.pick', { at })} onClick={() => onPick(start, start + intervals[interval])}>
                    {at}
                  </Button>
                </th>
                {series.map((one) => (
                  <td key={one.key} className="num">
                    {countText(one.values[index]!)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

// A cell that begins like a formula is text to a spreadsheet, too.
const cell = (text: string) => `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

export function csvOf(timeName: string, starts: number[], series: Series[], zone: string): string {
  const head = [timeName, ...series.map((one) => one.name)].map(cell).join(',');
  const lines = starts.map((start, index) => [cell(exactTime(start, zone)), ...series.map((one) => String(one.values[index]))].join(','));
  return `${[head, ...lines].join('\r\n')}\r\n`;
}
