// A trend in a table's cell: bars from zero, without axes; the words beside say the numbers.
export function Sparkline({ values, label, width = 96, height = 22 }: { values: number[]; label: string; width?: number; height?: number }) {
  const top = Math.max(1, ...values);
  const wide = width / Math.max(1, values.length);
  return (
    <svg className="chart-spark" width={width} height={height} role="img" aria-label={label}>
      {values.map((value, index) => value > 0 && <rect key={index} x={index * wide} width={Math.max(1, wide - 1)} y={height - Math.max(1, (value / top) * height)} height={Math.max(1, (value / top) * height)} fill="var(--chart-1)" />)}
    </svg>
  );
}
