// 用户反馈: what users wrote to WeChat about the mini program.
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useFeedback, type Span } from '../api/official';
import { From, Trouble } from './marks';

const types = [1, 2, 3, 4, 5, 6, 7, 8] as const;
type Type = (typeof types)[number];

export function FeedbackList({ appid, span }: { appid: string; span: Span }) {
  const { t } = useTranslation();
  const [type, setType] = useState<Type>();
  const feedback = useFeedback(appid, span, type);
  const items = feedback.data?.pages.flatMap((page) => page.items) ?? [];
  const typeText = (one: number) => t(`official.feedback.types.${(types.find((known) => known === one) ?? 8) as Type}`);
  return (
    <Panel>
      <Trouble appid={appid} source="feedback" />
      <div className="official-tools">
        <Select aria-label={t('official.feedback.type')} placeholder={t('official.feedback.type')} style={{ minWidth: 160 }} allowClear value={type} options={types.map((value) => ({ value, label: typeText(value) }))} onChange={(value?: Type) => setType(value)} />
      </div>
      <Loaded query={feedback} rows={6}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('official.feedback.none')} text={t('official.none_hint')} />
          ) : (
            <>
              <ul className="official-list">
                {items.map((one) => (
                  <li key={one.id}>
                    <div className="official-head">
                      <strong>{typeText(one.type)}</strong>
                      <Exact at={one.at} />
                      <span className="muted">{[one.nickname, one.phone, one.pictures > 0 && t('official.feedback.pictures', { n: one.pictures })].filter(Boolean).join(' · ')}</span>
                      <From source={one.source} />
                    </div>
                    <p className="official-said">{one.text}</p>
                  </li>
                ))}
              </ul>
              {feedback.hasNextPage && (
                <Button loading={feedback.isFetchingNextPage} onClick={() => void feedback.fetchNextPage()}>
                  {t('common.load_more')}
                </Button>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
