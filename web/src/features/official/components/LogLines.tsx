// 实时日志: what the mini program logged with WeChat's RealtimeLogManager.
import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, Mark, Panel, type Level } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useLogs, type Log, type LogsAsked, type Span } from '../api/official';
import { From, Trouble } from './marks';

const levels = ['info', 'warn', 'error'] as const;
const marks: Record<Log['level'], Level> = { error: 'failed', warn: 'warning', info: 'info', '': 'unknown' };

export function LogLines({ appid, span }: { appid: string; span: Span }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<LogsAsked>({ level: 'info' });
  const logs = useLogs(appid, span, asked);
  const items = logs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel>
      <Trouble appid={appid} source="logs" />
      <div className="official-tools" role="search" aria-label={t('official.logs.tools')}>
        <Segmented aria-label={t('official.logs.level')} value={asked.level} options={levels.map((value) => ({ value, label: t(`official.levels.${value}`) }))} onChange={(level) => setAsked({ ...asked, level })} />
        <Input.Search aria-label={t('official.logs.text')} placeholder={t('official.logs.text')} allowClear maxLength={200} style={{ width: 260 }} onSearch={(text) => setAsked({ ...asked, text: text.trim() || undefined })} />
      </div>
      <Loaded query={logs} rows={8}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('official.logs.none')} text={t('official.logs.none_hint')} />
          ) : (
            <>
              <ul className="official-list">
                {items.map((one) => (
                  <li key={one.id}>
                    <Line log={one} />
                  </li>
                ))}
              </ul>
              {logs.hasNextPage && (
                <Button loading={logs.isFetchingNextPage} onClick={() => void logs.fetchNextPage()}>
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

function Line({ log }: { log: Log }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="official-head">
        <Mark level={marks[log.level]}>{log.level ? t(`official.levels.${log.level}`) : '—'}</Mark>
        <Exact at={log.at} />
        <span>{log.page}</span>
        <span className="muted">{[log.platform, log.wechat, log.filter].filter(Boolean).join(' · ')}</span>
        <From source={log.source} />
      </div>
      {log.messages.map((one, index) => (
        <p key={index} className={`official-said official-said-${one.level || 'info'}`}>
          {one.text}
        </p>
      ))}
    </>
  );
}
