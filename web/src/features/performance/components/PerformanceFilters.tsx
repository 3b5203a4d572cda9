// One bar of filters, applied at once; each value is a chip that can be removed.
import { Button, Select } from 'antd';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { TimeRange } from '@/shared/charts/TimeRange';
import { Chips } from '@/shared/ui/Chips';
import { useValues } from '../api/performance';
import { barFields, filterFields, presetsOffered, withWords, type FilterField, type Question, type View } from './address';
import { isWord, wordOf } from './words';

interface Props {
  appid: string;
  view: View;
  question: Question;
  asOf: number;
  busy: boolean;
  change(part: Partial<View>): void;
  refresh(): void;
}

export function PerformanceFilters({ appid, view, question, asOf, busy, change, refresh }: Props) {
  const { t } = useTranslation();
  const label = (field: FilterField) => t(`performance.dimensions.${field}`);
  const chips = filterFields.flatMap((field) =>
    (view.words[field] ?? []).map((word) => ({
      key: `${field} ${word}`,
      text: `${label(field)}: ${wordOf(field, word)}`,
      remove: () => change({ words: withWords(view.words, field, view.words[field]!.filter((one) => one !== word)) }),
    })),
  );
  return (
    <>
      <div className="filters perf-filters" role="search" aria-label={t('performance.filters')}>
        <TimeRange range={view.range} asOf={asOf} offered={presetsOffered} change={(range) => change({ range })} />
        {barFields.map((field) => (
          <ValueSelect key={field} appid={appid} field={field} label={label(field)} view={view} question={question} choose={(any) => change({ words: withWords(view.words, field, any) })} />
        ))}
        <Button icon={<RefreshCw size={15} aria-hidden />} loading={busy} aria-label={t('performance.refresh')} title={t('performance.refresh')} onClick={refresh} />
      </div>
      <Chips label={t('performance.filters')} items={chips} clear={() => change({ words: {} })} />
    </>
  );
}

function ValueSelect({ appid, field, label, view, question, choose }: { appid: string; field: FilterField; label: string; view: View; question: Question; choose(any: string[]): void }) {
  const { t } = useTranslation();
  const [touched, setTouched] = useState(false);
  const values = useValues(appid, question, field, view.metric, touched);
  const counts = new Map((values.data ?? []).map((one) => [one.name, one.count]));
  const chosen = view.words[field] ?? [];
  const names = [...new Set([...counts.keys(), ...chosen])].filter(isWord);
  return (
    <Select
      mode="multiple"
      aria-label={label}
      placeholder={label}
      className="perf-filter"
      popupMatchSelectWidth={260}
      // The chips below name what is chosen.
      maxTagCount={0}
      maxTagPlaceholder={(left) => `${label} ${left.length}`}
      allowClear
      loading={values.isFetching}
      notFoundContent={values.isFetching ? t('common.loading') : t('performance.no_values')}
      value={chosen}
      options={names.map((value) => ({ value, label: wordOf(field, value) }))}
      optionRender={({ value, label: shown }) => (
        <span className="perf-option">
          <span>{shown}</span>
          <span className="muted num">{counts.has(String(value)) ? countText(counts.get(String(value))!) : ''}</span>
        </span>
      )}
      onFocus={() => setTouched(true)}
      onChange={(any: string[]) => choose(any)}
    />
  );
}
