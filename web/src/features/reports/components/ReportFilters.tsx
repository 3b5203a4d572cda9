// One bar of filters for figures and lists. What can be chosen is what these days have.
import { Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Chips } from '@/shared/ui/Chips';
import { useFigures, type Span } from '../api/reports';
import { filterNames, type FilterName, type Filters } from './address';
import { filterOf, hourText, useNames } from './names';

interface Props {
  appid: string;
  span: Span;
  filters: Filters;
  change(next: Filters): void;
  children: ReactNode; // before them, in the same bar
}

export function ReportFilters({ appid, span, filters, change, children }: Props) {
  const { t } = useTranslation();
  const names = useNames(appid);
  const textOf = (name: FilterName, value: string) => (name === 'hour' ? hourText(Number(value)) : names[name](value));
  const chosen = filterNames.filter((name) => filters[name] !== undefined);
  return (
    <>
      <div className="filters" role="search" aria-label={t('reports.filters.title')}>
        {children}
        {filterNames.map((name) => (
          <FilterSelect key={name} appid={appid} span={span} name={name} value={filters[name]} text={(value) => textOf(name, value)} choose={(value) => change({ [name]: value })} />
        ))}
      </div>
      <Chips
        label={t('reports.filters.title')}
        items={chosen.map((name) => ({ key: name, text: `${t(`reports.filters.${name}`)}: ${textOf(name, filters[name]!)}`, remove: () => change({ [name]: undefined }) }))}
        clear={() => change({ agent: undefined, group: undefined, hour: undefined, source: undefined, reason: undefined, tag: undefined })}
      />
    </>
  );
}

const hours = Array.from({ length: 24 }, (_, hour) => String(hour));

function FilterSelect({ appid, span, name, value, text, choose }: { appid: string; span: Span; name: FilterName; value: string | undefined; text(value: string): string; choose(value: string | undefined): void }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const found = useFigures(appid, span, { by: name }, opened && name !== 'hour');
  const there = name === 'hour' ? hours : (found.data?.rows ?? []).flatMap((one) => filterOf(name, one)?.value ?? []);
  const values = value === undefined || there.includes(value) ? there : [value, ...there];
  const nameOf = (one: string) => (name === 'agent' && found.data?.rows.find((row) => row.agent_id === one)?.name) || text(one);
  const options = values.map((one) => ({ value: one, label: nameOf(one) }));
  return (
    <Select
      aria-label={t(`reports.filters.${name}`)}
      placeholder={t(`reports.filters.${name}`)}
      style={{ minWidth: 130 }}
      popupMatchSelectWidth={false}
      allowClear
      showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false}
      loading={opened && found.isFetching}
      value={value}
      options={options}
      onOpenChange={(open) => open && setOpened(true)}
      onChange={(chosen?: string) => choose(chosen)}
    />
  );
}
