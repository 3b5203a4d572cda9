// What is looked for: the query, which records, how grave, when.
import { Button, Segmented, Select } from 'antd';
import { RefreshCw, Search } from 'lucide-react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { TimeRange } from '@/shared/charts/TimeRange';
import { levels, sources, type View } from './address';
import { levelColor } from './formats';
import { QueryBox } from './QueryBox';

interface Props {
  appid: string;
  view: View;
  asOf: number;
  busy: boolean;
  box: RefObject<HTMLTextAreaElement | null>;
  change(part: Partial<View>): void;
  refresh(): void;
}

export function SearchBar({ appid, view, asOf, busy, box, change, refresh }: Props) {
  const { t } = useTranslation();
  // Asking the same again asks for what is there now.
  const submit = (query: string) => (query === view.query ? refresh() : change({ query }));
  return (
    <div className="log-search" role="search" aria-label={t('logs.query.search')}>
      <div className="log-search-row">
        <Select
          aria-label={t('logs.source')}
          className="log-source"
          value={view.source}
          options={sources.map((value) => ({ value, label: t(`logs.sources.${value}`), title: t(`logs.source_hints.${value}`) }))}
          onChange={(source) => change({ source })}
        />
        <QueryBox appid={appid} value={view.query} source={view.source} submit={submit} box={box} />
        <Button type="primary" icon={<Search size={15} aria-hidden />} onClick={() => submit(box.current?.value.trim() ?? view.query)}>
          {t('logs.query.go')}
        </Button>
      </div>
      <div className="log-search-row">
        <Segmented
          aria-label={t('logs.level')}
          className="log-levels"
          value={view.level || 'all'}
          options={[
            { value: 'all', label: t('common.all') },
            ...levels.map((value) => ({
              value,
              title: t('logs.level_hint', { level: t(`logs.levels.${value}`) }),
              label: (
                <>
                  <span className="log-dot" style={{ background: levelColor(value) }} aria-hidden /> {value === 'fatal' ? t('logs.levels.fatal') : `${t(`logs.levels.${value}`)} +`}
                </>
              ),
            })),
          ]}
          onChange={(value) => change({ level: value === 'all' ? '' : (value as View['level']) })}
        />
        <TimeRange range={view.range} asOf={asOf} change={(range) => change({ range, tail: view.tail && 'preset' in range })} />
        <Button icon={<RefreshCw size={14} aria-hidden />} loading={busy} onClick={refresh}>
          {t('logs.refresh')}
        </Button>
      </div>
    </div>
  );
}
