// What rules did and why not, the newest first: by rule, by outcome, or of one conversation.
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Chips } from '@/shared/ui/Chips';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useLog, useRules, type Rule } from '../api/automation';
import { filtersOf, outcomes, queryOf, searchOf, type Filters } from './filters';
import { LogRow } from './LogRow';

export function Log({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search);
  const change = (part: Partial<Filters>) => setSearch(searchOf({ ...filters, ...part }));
  const rules = useRules(appid);
  const log = useLog(appid, queryOf(filters));
  const narrowed = searchOf(filters).size > 0;
  return (
    <Panel title={t('automation.sections.log')}>
      <p className="muted panel-note">{t('automation.log.hint')}</p>
      <LogFilters filters={filters} rules={rules.data} change={change} />
      <Loaded query={log} rows={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={narrowed ? t('automation.log.none') : t('automation.log.empty')} text={narrowed ? t('automation.log.none_hint') : t('automation.log.empty_hint')} />;
          return (
            <>
              <ul className="auto-rows">
                {items.map((entry) => (
                  <LogRow key={entry.id} appid={appid} entry={entry} rules={rules.data} only={filters.conversation ? undefined : () => change({ conversation: entry.conversation_id })} />
                ))}
              </ul>
              <div className="auto-line auto-end">
                <span className="muted num" role="status">
                  {t('automation.log.shown', { n: items.length })}
                </span>
                {log.hasNextPage && (
                  <Button loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                    {t('common.load_more')}
                  </Button>
                )}
              </div>
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

interface FiltersProps {
  filters: Filters;
  rules: Rule[] | undefined;
  change(part: Partial<Filters>): void;
}

// What of them is set, when its rule was deleted too.
function LogFilters({ filters, rules, change }: FiltersProps) {
  const { t } = useTranslation();
  const { rule, outcome, conversation } = filters;
  const nameOf = (id: string) => rules?.find((one) => one.id === id)?.name ?? (rules ? t('automation.log.gone') : '…');
  const chip = (key: keyof Filters, value: string) => ({ key, text: t('automation.log.chip', { name: t(`automation.log.${key}`), value }), remove: () => change({ [key]: '' }) });
  const chips = [...(rule ? [chip('rule', nameOf(rule))] : []), ...(outcome ? [chip('outcome', t(`automation.outcomes.${outcome}`))] : []), ...(conversation ? [chip('conversation', conversation)] : [])];
  const known = rules ?? [];
  return (
    <>
      <div className="filters" role="search" aria-label={t('automation.log.filters')}>
        <Select
          aria-label={t('automation.log.rule')}
          placeholder={t('automation.log.rule')}
          className="auto-filter"
          allowClear
          showSearch={known.length > 8 ? { optionFilterProp: 'label' } : false}
          value={known.some((one) => one.id === rule) ? rule : undefined}
          options={known.map((one) => ({ value: one.id, label: one.name }))}
          onChange={(value?: string) => change({ rule: value ?? '' })}
        />
        <Select aria-label={t('automation.log.outcome')} placeholder={t('automation.log.outcome')} className="auto-filter" allowClear value={outcome || undefined} options={outcomes.map((value) => ({ value, label: t(`automation.outcomes.${value}`) }))} onChange={(value?: Filters['outcome']) => change({ outcome: value ?? '' })} />
      </div>
      <Chips label={t('automation.log.filters')} items={chips} clear={() => change({ rule: '', outcome: '', conversation: '' })} />
    </>
  );
}
