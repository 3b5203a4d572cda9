// One bar: whom to look for, and what the list is narrowed by.
import { Input, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissions } from '@/shared/session/session';
import type { IdentityKind, Sought } from '../api/people';
import { useSegments } from '../api/settings';
import { blockedWords, seenDays, type Filters } from './filters';

const kinds = ['name', 'phone', 'openid', 'unionid', 'outside_id', 'login_id'] as const;
const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9];

interface Props {
  appid: string;
  filters: Filters;
  sought: Sought | null;
  tags: string[]; // those that were seen
  change(next: Filters): void;
  seek(next: Sought | null): void;
}

export function PeopleFilters({ appid, filters, sought, tags, change, seek }: Props) {
  const { t } = useTranslation();
  const segments = useSegments(appid);
  const set = <K extends keyof Filters>(name: K, value: Filters[K]) => change({ ...filters, [name]: value });
  const off = sought !== null; // an exact id has one answer
  return (
    <div className="filters" role="search" aria-label={t('people.filters.label')}>
      <Search key={filters.text} appid={appid} text={filters.text} find={(text) => (seek(null), set('text', text))} seek={seek} />
      <Select
        aria-label={t('people.filters.segment')}
        placeholder={t('people.filters.segment')}
        style={{ minWidth: 130 }}
        allowClear
        disabled={off}
        value={filters.segment || undefined}
        options={(segments.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
        onChange={(value?: string) => set('segment', value ?? '')}
      />
      <Select aria-label={t('people.filters.level')} placeholder={t('people.filters.level')} style={{ minWidth: 120 }} allowClear disabled={off} value={filters.level || undefined} options={levels.map((value) => ({ value, label: t('people.filters.at_least', { n: value }) }))} onChange={(value?: number) => set('level', value ?? 0)} />
      <Select
        mode="tags"
        maxCount={1}
        aria-label={t('people.filters.tag')}
        placeholder={t('people.filters.tag')}
        style={{ minWidth: 120 }}
        allowClear
        disabled={off}
        value={filters.tag ? [filters.tag] : []}
        options={tags.map((value) => ({ value, label: value }))}
        onChange={(value: string[]) => set('tag', value.at(-1)?.trim() ?? '')}
      />
      <Select
        aria-label={t('people.filters.blocked')}
        placeholder={t('people.filters.blocked')}
        style={{ minWidth: 130 }}
        allowClear
        disabled={off}
        value={filters.blocked || undefined}
        options={blockedWords.map((value) => ({ value, label: t(`people.filters.blocked_${value}`) }))}
        onChange={(value?: Filters['blocked']) => set('blocked', value ?? '')}
      />
      <Select aria-label={t('people.filters.seen')} placeholder={t('people.filters.seen')} style={{ minWidth: 130 }} allowClear disabled={off} value={filters.seen || undefined} options={seenDays.map((value) => ({ value: value as number, label: t('people.filters.within', { n: value }) }))} onChange={(value?: number) => set('seen', value ?? 0)} />
    </div>
  );
}

interface SearchProps {
  appid: string;
  text: string;
  find(text: string): void;
  seek(next: Sought | null): void;
}

// A name is a filter and stands in the address; a number of a person stands in none.
function Search({ appid, text, find, seek }: SearchProps) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const [kind, setKind] = useState<(typeof kinds)[number]>('name');
  const [written, setWritten] = useState(text);
  const submit = (value: string) => {
    const sought = value.trim();
    if (kind === 'name') find(sought);
    else seek(sought ? { kind: kind as IdentityKind, value: sought } : null);
  };
  const choose = (next: typeof kind) => {
    setKind(next);
    setWritten(next === 'name' ? text : '');
    seek(null);
  };
  return (
    <Space.Compact className="people-search">
      <Select
        aria-label={t('people.search.by')}
        style={{ width: 116 }}
        popupMatchSelectWidth={false}
        value={kind}
        options={kinds.map((value) => ({ value, label: t(`people.search.${value}`), disabled: value === 'phone' && !can('personal_data.read', appid) }))}
        onChange={choose}
      />
      <Input.Search id="people-search" aria-label={t('people.search.label')} placeholder={t(`people.search.hints.${kind}`)} allowClear maxLength={128} value={written} onChange={(event) => setWritten(event.target.value)} onSearch={submit} />
    </Space.Compact>
  );
}
