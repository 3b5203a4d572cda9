// What is looked for. What is typed counts when it is entered or left; what is chosen, at once.
import { DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { groupName, useAgents, useGroupName, useGroups } from '@/shared/teams/teams';
import { Chips } from '@/shared/ui/Chips';
import { pathOf, reasonOptions, useLatelyUsed, useReasons } from '@/shared/wrapup/wrapUp';
import { filterNames, type FilterName, type Filters } from './address';

interface Props {
  appid: string;
  filters: Filters;
  change(part: Partial<Filters>): void;
}

const typed = ['customer', 'customer_tag', 'source'] as const;
const chosen = ['reason_id', 'tag', 'group', 'agent', 'score'] as const;
const lengths = { customer: 128, customer_tag: 32, source: 160 };
const scores = ['1', '2', '3', '4', '5'];

export function SearchBar({ appid, filters, change }: Props) {
  const options = useOptions(appid, filters);
  const { t } = useTranslation();
  const set = (name: FilterName, value: string) => {
    if (value.trim() !== filters[name]) change({ [name]: value });
  };
  return (
    <div role="search" aria-label={t('records.filters.title')}>
      <div className="filters">
        <Words value={filters.q} set={(text) => set('q', text)} />
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          placeholder={[t('records.filters.from'), t('records.filters.to')]}
          value={[filters.from ? dayjs(filters.from) : null, filters.to ? dayjs(filters.to) : null]}
          onChange={(days) => change({ from: days?.[0]?.format('YYYY-MM-DD') ?? '', to: days?.[1]?.format('YYYY-MM-DD') ?? '' })}
        />
      </div>
      <div className="filters">
        {typed.slice(0, 1).map((name) => (
          <Typed key={name} name={name} value={filters[name]} set={set} />
        ))}
        {chosen
          .filter((name) => !(name === 'reason_id' || name === 'tag') || options[name].length > 0) // not everybody has these
          .map((name) => (
            <Select key={name} aria-label={t(`records.filters.${name}`)} placeholder={t(`records.filters.${name}`)} style={{ minWidth: 120 }} popupMatchSelectWidth={false} allowClear showSearch={options[name].length > 8 ? { optionFilterProp: 'label' } : false} value={filters[name] || undefined} options={options[name]} onChange={(value?: string) => change({ [name]: value ?? '' })} />
          ))}
        {typed.slice(1).map((name) => (
          <Typed key={name} name={name} value={filters[name]} set={set} />
        ))}
      </div>
      <Chosen appid={appid} filters={filters} change={change} />
    </div>
  );
}

// Of reasons also the headings, which stand for all below them, and what the address asks for and is archived by now.
function useOptions(appid: string, { reason_id, tag }: Filters) {
  const { t } = useTranslation();
  const groups = useGroups(appid).data ?? [];
  const agents = useAgents(appid).data?.items ?? [];
  const reasons = useReasons(appid).data ?? [];
  const lately = useLatelyUsed(appid).data ?? [];
  const reasonName = useReasonName(appid);
  const tags = tag && !lately.includes(tag) ? [tag, ...lately] : lately;
  return {
    reason_id: reasonOptions(reasons, reason_id ? { id: reason_id, name: reasonName(reason_id) } : null, true),
    tag: tags.map((value) => ({ value, label: value })),
    group: groups.map((one) => ({ value: one.id, label: groupName(one) })),
    agent: agents.map((one) => ({ value: one.account_id, label: one.display_name })),
    score: scores.map((value) => ({ value, label: t('records.score', { n: value }) })),
  };
}

function useReasonName(appid: string) {
  const reasons = useReasons(appid).data ?? [];
  return (id: string) => {
    const reason = reasons.find((one) => one.id === id);
    return reason ? pathOf(reasons, reason) : id;
  };
}

// What is being typed, until it is entered; what is taken out elsewhere goes here, too.
function useDraft(value: string) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return [text, setText] as const;
}

function Words({ value, set }: { value: string; set(text: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useDraft(value);
  return <Input.Search className="rec-words" allowClear aria-label={t('records.filters.q')} placeholder={t('records.filters.q_hint')} maxLength={160} value={text} onChange={({ target }) => setText(target.value)} onSearch={set} />;
}

function Typed({ name, value, set }: { name: (typeof typed)[number]; value: string; set(name: FilterName, value: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useDraft(value);
  return (
    <Input
      className="rec-typed"
      allowClear
      aria-label={t(`records.filters.${name}`)}
      placeholder={t(`records.filters.${name}_hint`)}
      maxLength={lengths[name]}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onPressEnter={() => set(name, text)}
      onBlur={() => set(name, text)}
      onClear={() => set(name, '')}
    />
  );
}

// In words: for the chips, and for what is exported.
export function useFilterTexts(appid: string) {
  const { t } = useTranslation();
  const { data } = useAgents(appid);
  const group = useGroupName(appid);
  const reason = useReasonName(appid);
  const valueOf = (name: FilterName, value: string) => {
    if (name === 'group') return group(value);
    if (name === 'reason_id') return reason(value);
    if (name === 'agent') return data?.items.find((one) => one.account_id === value)?.display_name ?? t('records.who.agent', { id: value });
    return name === 'score' ? t('records.score', { n: value }) : value;
  };
  return (filters: Filters) => filterNames.filter((name) => filters[name]).map((name) => ({ name, text: t('records.filters.chip', { name: t(`records.filters.${name}`), value: valueOf(name, filters[name]) }) }));
}

function Chosen({ appid, filters, change }: Props) {
  const { t } = useTranslation();
  const texts = useFilterTexts(appid)(filters);
  return <Chips label={t('records.filters.chosen')} items={texts.map(({ name, text }) => ({ key: name, text, remove: () => change({ [name]: '' }) }))} clear={() => change(Object.fromEntries(filterNames.map((name) => [name, ''])))} />;
}
