// One bar of filters for the list of quick replies, and what of them is set.
import { Input, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Chips } from '@/shared/ui/Chips';
import type { QuickReply } from '@/shared/quick_replies/quickReplies';
import { foldersOf, noFolder, scopes, type Filters } from './filters';

interface Props {
  replies: QuickReply[];
  filters: Filters;
  words: string; // as they are typed; the address has them, too
  change(next: Partial<Filters>): void;
}

export function ReplyFilters({ replies, filters, words, change }: Props) {
  const { t } = useTranslation();
  const folders = foldersOf(replies).map(({ path, n }) => ({ value: path, label: t('quick_replies.filters.in_folder', { name: path, n }) }));
  const folderText = filters.folder === noFolder ? t('quick_replies.filters.no_folder') : filters.folder;
  const chips = [
    ...(filters.q ? [{ key: 'q', text: `${t('quick_replies.filters.q')}: ${filters.q}` }] : []),
    ...(filters.scope ? [{ key: 'scope', text: `${t('quick_replies.scope')}: ${t(`quick_replies.scopes.${filters.scope}`)}` }] : []),
    ...(filters.folder ? [{ key: 'folder', text: `${t('quick_replies.filters.folder')}: ${folderText}` }] : []),
  ];
  return (
    <>
      <div className="filters" role="search" aria-label={t('quick_replies.filters.title')}>
        <Input id="replies-search" className="qr-search" allowClear aria-label={t('quick_replies.filters.search')} placeholder={t('quick_replies.filters.search')} maxLength={100} value={words} onChange={(event) => change({ q: event.target.value })} />
        <Segmented
          aria-label={t('quick_replies.scope')}
          value={filters.scope}
          options={(['', ...scopes] as const).map((value) => ({ value, label: value ? t(`quick_replies.scopes.${value}`) : t('common.all') }))}
          onChange={(scope: Filters['scope']) => change({ scope })}
        />
        {folders.length > 0 && (
          <Select
            aria-label={t('quick_replies.filters.folder')}
            placeholder={t('quick_replies.filters.folder')}
            style={{ minWidth: 150, maxWidth: '100%' }}
            popupMatchSelectWidth={false}
            allowClear
            showSearch={folders.length > 8 ? { optionFilterProp: 'label' } : false}
            value={filters.folder || undefined}
            options={[...folders, { value: noFolder, label: t('quick_replies.filters.no_folder') }]}
            onChange={(folder?: string) => change({ folder: folder ?? '' })}
          />
        )}
        <Segmented
          aria-label={t('quick_replies.filters.sort')}
          disabled={filters.q.trim() !== ''}
          value={filters.sort}
          options={(['', 'uses'] as const).map((value) => ({ value, label: t(`quick_replies.filters.sorts.${value || 'folder'}`) }))}
          onChange={(sort: Filters['sort']) => change({ sort })}
        />
      </div>
      <Chips label={t('quick_replies.filters.title')} items={chips.map((one) => ({ ...one, remove: () => change({ [one.key]: '' }) }))} clear={() => change({ q: '', scope: '', folder: '' })} />
    </>
  );
}
