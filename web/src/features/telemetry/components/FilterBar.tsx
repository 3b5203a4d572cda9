// What is looked for: kind, time, a few fields to type into, and everything that is set as chips that can be removed.
import { Button, Input, Segmented, Select } from 'antd';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { TimeRange } from '@/shared/charts/TimeRange';
import { Chips } from '@/shared/ui/Chips';
import { useValues } from '../api/telemetry';
import { chipsOf, kinds, questionOf, withoutChip, withWord, type Chip, type Field, type Filters } from './filters';
import { wordText } from './words';

interface Props {
  appid: string;
  filters: Filters;
  asOf: number;
  change(filters: Filters): void;
  refresh(): void;
  busy: boolean;
}

export function FilterBar({ appid, filters, asOf, change, refresh, busy }: Props) {
  const { t } = useTranslation();
  const field = (name: Field, width: number) => <ValueInput key={name} appid={appid} field={name} filters={filters} asOf={asOf} width={width} add={(word) => change(withWord(filters, name, word))} />;
  return (
    <>
      <div className="kinds">
        <Segmented aria-label={t('telemetry.records.kind')} value={filters.kind} options={kinds.map((value) => ({ value, label: t(`telemetry.kinds.${value}`) }))} onChange={(kind) => change({ ...filters, kind })} />
      </div>
      <div className="filters record-filters" role="search" aria-label={t('telemetry.records.filters')}>
        <TimeRange range={filters.range} asOf={asOf} change={(range) => change({ ...filters, range })} />
        {field('name', 168)}
        {field('page', 184)}
        {field('release', 112)}
        <Select
          aria-label={t('telemetry.records.fields.level')}
          placeholder={t('telemetry.records.fields.level')}
          allowClear
          style={{ width: 112 }}
          value={filters.words.level && !filters.words.level.not && filters.words.level.any.length === 1 ? filters.words.level.any[0] : null}
          options={(['debug', 'info', 'warn', 'error', 'fatal'] as const).map((value) => ({ value, label: t(`telemetry.levels.${value}`) }))}
          onChange={(level: string | undefined) => change({ ...filters, words: level ? { ...filters.words, level: { any: [level], not: false } } : withoutField(filters, 'level') })}
        />
        <Input.Search key={filters.text} aria-label={t('telemetry.records.text')} placeholder={t('telemetry.records.text')} allowClear defaultValue={filters.text} maxLength={160} style={{ width: 200 }} onSearch={(text) => change({ ...filters, text: text.trim() })} />
        <Button icon={<RefreshCw size={14} aria-hidden />} loading={busy} onClick={refresh}>
          {t('telemetry.records.refresh')}
        </Button>
      </div>
      <FilterChips filters={filters} change={change} />
    </>
  );
}

function withoutField({ words }: Filters, field: Field) {
  const { [field]: _, ...rest } = words;
  return rest;
}

// Typed, or chosen among what is there; Enter adds it. A list of the browser's own: it is right for keyboard, screen
// reader and phone.
function ValueInput({ appid, field, filters, asOf, width, add }: { appid: string; field: Field; filters: Filters; asOf: number; width: number; add(word: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [touched, setTouched] = useState(false);
  const values = useValues(appid, field, questionOf(filters, asOf), touched);
  const label = t(`telemetry.records.fields.${field}`);
  const id = `values-${field}`;
  const take = (word: string) => {
    setText('');
    if (word.trim()) add(word.trim());
  };
  return (
    <>
      <Input
        aria-label={label}
        placeholder={label}
        value={text}
        list={id}
        maxLength={200}
        autoComplete="off"
        style={{ width }}
        onFocus={() => setTouched(true)}
        onChange={({ target: { value }, nativeEvent }) => {
          // What is chosen in the list arrives as a replacement, or as an event that is no typing at all.
          const typed = nativeEvent instanceof InputEvent && nativeEvent.inputType !== 'insertReplacementText';
          if (!typed && values.data?.some((one) => one.word === value)) take(value);
          else setText(value);
        }}
        onPressEnter={({ nativeEvent }) => !nativeEvent.isComposing && take(text)}
      />
      <datalist id={id}>
        {values.data?.map((one) => (
          <option key={one.word} value={one.word}>
            {countText(one.n)}
          </option>
        ))}
      </datalist>
    </>
  );
}

function FilterChips({ filters, change }: Pick<Props, 'filters' | 'change'>) {
  const { t } = useTranslation();
  const what = (chip: Chip) => `${t(`telemetry.records.fields.${chip.field}`)}${chip.not ? ` ${t('telemetry.records.not')}` : ''}: ${wordText(chip.field, chip.word)}`;
  const items = chipsOf(filters).map((chip) => ({ key: `${chip.field} ${chip.word}`, text: what(chip), remove: () => change(withoutChip(filters, chip)) }));
  return <Chips label={t('telemetry.records.filters')} items={items} clear={() => change({ ...filters, words: {}, text: '' })} />;
}
