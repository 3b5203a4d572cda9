// The chart over time as somebody uses it: pressed, dragged over, read as a table, without a series, saved.
import { fireEvent, render, screen, within } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { beforeAll, expect, test, vi } from 'vitest';
import { loadStrings, startI18n } from '@/i18n';
import { pictureOf } from './picture';
import { TimeChart, type TimeChartProps } from './TimeChart';
import { counted, lasting } from './units';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('charts');
});

const hour = 3_600_000;
const begin = Date.UTC(2026, 10, 21, 0);
const starts = [0, 1, 2, 3].map((n) => begin + n * hour);
const end = begin + 4 * hour;

function chart(more: Partial<TimeChartProps> = {}) {
  const zoom = vi.fn();
  const pick = vi.fn();
  const series = [
    { key: 'info', name: '信息', values: [4, 0, 2, 1], before: [2, 2, 2, 2] },
    { key: 'error', name: '错误', values: [1, 0, 0, 3] },
  ];
  render(
    <MemoryRouter>
      <TimeChart title="日志数" unit={counted('条/小时')} form="bars" starts={starts} end={end} series={series} zoom={zoom} pick={pick} {...more} />
    </MemoryRouter>,
  );
  return { zoom, pick, plot: document.querySelector<SVGSVGElement>('svg.chart-svg')! };
}

const bars = () => [...document.querySelectorAll('g[fill] > rect')];
const number = (element: Element, name: string) => Number(element.getAttribute(name));

// Of the drawing: 640 px wide in tests, the buckets between their axis and the right edge.
function bucket(index: number) {
  const grid = document.querySelector('.chart-grid')!;
  const [left, right] = [number(grid, 'x1'), number(grid, 'x2')];
  return left + ((index + 0.5) * (right - left)) / starts.length;
}

test('says its unit and total; bars stand on zero, one on another', () => {
  const { plot } = chart();
  expect(plot.getAttribute('aria-label')).toBe('日志数, 条/小时, 共 11');
  expect([...plot.querySelectorAll('text')].map((one) => one.textContent)).toContain('条/小时');
  const [infoFirst, , , errorFirst] = bars();
  const bottom = (bar: Element) => number(bar, 'y') + number(bar, 'height');
  const zero = Math.max(...[...document.querySelectorAll('.chart-grid')].map((one) => number(one, 'y1')));
  expect(bottom(infoFirst!)).toBeCloseTo(zero);
  expect(bottom(errorFirst!)).toBeCloseTo(number(infoFirst!, 'y'));
  expect(plot.querySelectorAll('.chart-before')).toHaveLength(1);
});

test('a press opens what is behind, with the series it hit; dragging chooses time', () => {
  const { plot, pick, zoom } = chart();
  const error = bars()[4]!;
  const y = number(error, 'y') + 1;
  fireEvent.pointerDown(plot, { button: 0, clientX: bucket(3), clientY: y });
  fireEvent.pointerUp(plot, { clientX: bucket(3), clientY: y });
  expect(pick).toHaveBeenCalledExactlyOnceWith(starts[3], end, 'error');
  fireEvent.pointerDown(plot, { button: 0, clientX: bucket(2), clientY: 50 });
  fireEvent.pointerMove(plot, { clientX: bucket(1), clientY: 50 });
  expect(document.querySelector('.chart-chosen')).not.toBeNull();
  // What is being chosen is summed up.
  expect(within(document.querySelector<HTMLElement>('.chart-tip')!).getByText('信息').parentElement!.textContent).toBe('信息2');
  fireEvent.pointerUp(plot, { clientX: bucket(1), clientY: 50 });
  expect(zoom).toHaveBeenCalledExactlyOnceWith(starts[1], starts[3]);
});

test('without a place to open, a press zooms in; the right button does nothing', () => {
  const { plot, zoom } = chart({ pick: undefined });
  fireEvent.pointerDown(plot, { button: 2, clientX: bucket(0) });
  fireEvent.pointerUp(plot, { clientX: bucket(0) });
  expect(zoom).not.toHaveBeenCalled();
  fireEvent.pointerDown(plot, { button: 0, clientX: bucket(0) });
  fireEvent.pointerUp(plot, { clientX: bucket(0) });
  expect(zoom).toHaveBeenCalledExactlyOnceWith(starts[0], starts[1]);
});

test('the table has the newest first, leaves out what is empty, and opens the same', () => {
  const { pick } = chart();
  fireEvent.click(screen.getByRole('button', { name: '表格' }));
  const rows = screen.getAllByRole('row').map((row) => [...row.children].map((one) => one.textContent));
  expect(rows).toEqual([
    ['时间', '信息', '信息 (上一周期)', '错误'],
    ['2026/11/21 11:00:00', '1', '2', '3'],
    ['2026/11/21 10:00:00', '2', '2', '0'],
    ['2026/11/21 09:00:00', '0', '2', '0'],
    ['2026/11/21 08:00:00', '4', '2', '1'],
  ]);
  fireEvent.click(screen.getByRole('button', { name: '2026/11/21 10:00:00' }));
  expect(pick).toHaveBeenCalledExactlyOnceWith(starts[2], starts[3]);
});

test('a series is taken away and brought back', () => {
  chart();
  expect(bars()).toHaveLength(5);
  const legend = screen.getByRole('button', { name: /^错误/ });
  fireEvent.click(legend);
  expect(bars()).toHaveLength(3);
  expect(legend.getAttribute('aria-pressed')).toBe('false');
  fireEvent.click(legend);
  expect(bars()).toHaveLength(5);
});

test('lines have gaps, a lone value is a dot, and durations are not added up', () => {
  const { plot } = chart({ form: 'line', unit: lasting('毫秒'), series: [{ key: 'p75', name: 'p75', values: [800, null, 900, 1500] }] });
  expect(plot.getAttribute('aria-label')).toBe('日志数, 毫秒, 最高 1.5 s');
  expect(plot.querySelectorAll('circle')).toHaveLength(1);
  expect(plot.querySelectorAll('path[stroke]')).toHaveLength(1);
});

test('what happened, what is still filling and what was lost are said', () => {
  const { plot } = chart({
    asOf: end - hour / 2,
    marks: [{ at: starts[1]!, kind: 'release', text: '1.4.2' }, { at: starts[3]!, kind: 'alert', level: 'critical', text: '错误率' }, { at: starts[3]! + 1000, kind: 'incident', text: '支付故障' }, { at: end + 1, kind: 'release', text: 'later' }],
    confidence: { lost: 1, sampled: 20, of: 99 },
  });
  expect(screen.getByRole('button', { name: '发布: 1.4.2' })).toBeTruthy();
  expect(screen.getByRole('button', { name: '2 件事，最重要的：支付故障' })).toBeTruthy();
  expect(plot.querySelectorAll('.chart-mark-line')).toHaveLength(2);
  expect(plot.querySelector('.chart-filling')).not.toBeNull();
  expect(screen.getByText(/最近 2 分钟的数据还在汇入/)).toBeTruthy();
  expect(screen.getByText(/有 1 条没有到达（1%）/).textContent).toContain('20 条按采样率');
});

test('the picture stands alone: title and legend inside, no style from outside', () => {
  document.documentElement.style.setProperty('--surface', '#123456');
  const { plot } = chart();
  const { svg, width, height } = pictureOf(plot, { title: '日志数 <1>', note: '共 11', legend: [{ name: '信息', color: 'var(--surface)' }, { name: '错误', color: '#ff0000' }] });
  const picture = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  expect(picture.querySelector('parsererror')).toBeNull();
  expect([width, height]).toEqual([number(plot, 'width') + 32, number(plot, 'height') + 88]);
  expect([...picture.querySelectorAll('text')].slice(0, 4).map((one) => one.textContent)).toEqual(['日志数 <1>', '共 11', '信息', '错误']);
  expect(picture.querySelector('rect')!.getAttribute('fill')).toBe('#123456');
  expect(picture.querySelectorAll('[class]')).toHaveLength(0);
});
