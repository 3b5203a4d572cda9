// 会话记录: all messages, searched; a hit opens its conversation.
import { Button, Input } from 'antd';
import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { Schemas } from '@/shared/api/client';
import { useAppId } from '@/shared/session/miniPrograms';
import { Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useSearch } from '../api/conversations';
import { CustomerAvatar } from '../components/CustomerAvatar';
import { customerName } from '../components/customerName';
import './workbench.css';
import './settings.css';

export function RecordsPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const [search, setSearch] = useSearchParams();
  const q = search.get('q') ?? '';
  const found = useSearch(appid, q);
  return (
    <Page title={t('desk.records.title')} purpose={t('desk.records.purpose')}>
      <div className="filters">
        <Input.Search
          autoFocus
          allowClear
          size="large"
          aria-label={t('desk.records.search')}
          placeholder={t('desk.records.search')}
          defaultValue={q}
          style={{ maxWidth: 520 }}
          onSearch={(text) => setSearch(text.trim() ? { q: text.trim() } : {}, { replace: true })}
        />
      </div>
      <Panel>
        {!q ? (
          <Empty title={t('desk.records.start')} text={t('desk.records.start_hint')} />
        ) : (
          <Loaded query={found} rows={8}>
            {(data) => {
              const items = data.pages.flatMap((page) => page.items);
              const indexing = data.pages[0]?.not_indexed ?? 0;
              const notice = indexing > 0 && <p role="status">{t('desk.records.indexing', { count: indexing })}</p>;
              if (items.length === 0 && notice) return notice;
              if (items.length === 0) return <Empty title={t('desk.records.none', { q })} text={t('desk.records.none_hint')} />;
              return (
                <>
                  {notice}
                  <ul className="hits">
                    {items.map((hit) => (
                      <Hit key={hit.message.id} hit={hit} q={q} />
                    ))}
                  </ul>
                  {found.hasNextPage && (
                    <Button loading={found.isFetchingNextPage} icon={<Search size={14} aria-hidden />} onClick={() => void found.fetchNextPage()}>
                      {t('common.load_more')}
                    </Button>
                  )}
                </>
              );
            }}
          </Loaded>
        )}
      </Panel>
    </Page>
  );
}

function Hit({ hit: { message, conversation }, q }: { hit: Schemas['SearchHit']; q: string }) {
  const { t } = useTranslation();
  const text = message.text?.content ?? message.note?.content ?? message.link?.title ?? message.miniprogrampage?.title ?? message.msgtype;
  return (
    <li>
      <Link to={`/m/${conversation.appid}/desk/workbench/${conversation.id}?view=all`} className="hit">
        <CustomerAvatar openid={conversation.openid} name={conversation.nickname} size={36} />
        <span className="hit-text">
          <span className="hit-top">
            <strong>{customerName(conversation)}</strong>
            <span className="muted wb-small">
              {message.direction === 'in' ? t('desk.records.in') : message.direction === 'note' ? t('desk.records.note') : message.sender_name || t('desk.records.out')} · <Ago at={message.created_at} />
            </span>
          </span>
          <span>{marked(text, q)}</span>
        </span>
      </Link>
    </li>
  );
}

// The words that were sought, marked; `q` is text, not a pattern.
export function marked(text: string, q: string) {
  const words = q.split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (words.length === 0) return text;
  return text.split(new RegExp(`(${words.join('|')})`, 'gi')).map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part));
}
