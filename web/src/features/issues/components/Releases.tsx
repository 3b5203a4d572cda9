// How each release does: sessions and people without errors, how many use it, what it brought.
import { Button, Table } from 'antd';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countText, percentText } from '@/shared/charts/numbers';
import { Empty, Loaded, Mark, Panel, useNotify, type Level } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useOrder, useReleases, type Span } from '../api/issues';

const levelOf = (share: number | null): Level => (share === null ? 'unknown' : share >= 0.995 ? 'ok' : share >= 0.98 ? 'warning' : 'failed');

export function Releases({ appid, span, mayHandle }: { appid: string; span: Span; mayHandle: boolean }) {
  const { t } = useTranslation();
  const releases = useReleases(appid, span);
  const order = useOrder(appid);
  const { done, failed } = useNotify();
  const part = (share: number | null) => <Mark level={levelOf(share)}>{share === null ? '—' : percentText(share)}</Mark>;
  return (
    <Panel>
      <p className="muted panel-note">{t('issues.releases.hint')}</p>
      <Loaded query={releases} rows={6}>
        {(items) => {
          const names = items.map((one) => one.release);
          // Two neighbours change places; the server wants the oldest first.
          const swap = (index: number) => order.mutateAsync([names[index + 1]!, names[index]!].reverse()).then(() => done(), failed);
          return items.length === 0 ? (
            <Empty title={t('issues.releases.none')} text={t('issues.releases.none_hint')} />
          ) : (
            <Table
              rowKey="release"
              size="small"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={items}
              columns={[
                { title: t('issues.releases.release'), render: (_, one) => <Link to={`/m/${appid}/issues?${new URLSearchParams({ release: one.release, state: 'all' })}`}>{one.release}</Link> },
                { title: t('issues.releases.first_seen'), render: (_, one) => <Ago at={one.first_seen_at} /> },
                { title: t('issues.releases.adoption'), align: 'right', render: (_, one) => <span className="num">{one.adoption === null ? '—' : percentText(one.adoption)}</span> },
                { title: t('issues.releases.sessions'), align: 'right', render: (_, one) => <span className="num">{countText(one.sessions)}</span> },
                { title: t('issues.releases.free_sessions'), render: (_, one) => part(one.crash_free_sessions) },
                { title: t('issues.releases.free_users'), render: (_, one) => part(one.crash_free_users) },
                { title: t('issues.releases.new_issues'), align: 'right', render: (_, one) => <span className="num">{one.new_issues}</span> },
                { title: t('issues.releases.maps'), align: 'right', render: (_, one) => <Link to={`/m/${appid}/issues/source-maps?${new URLSearchParams({ release: one.release })}`} className="num">{one.source_maps}</Link> },
                ...(mayHandle
                  ? [
                      {
                        title: t('issues.releases.order'),
                        render: (_: unknown, one: (typeof items)[number], index: number) => (
                          <>
                            <Button size="small" type="text" disabled={index === 0 || order.isPending} aria-label={t('issues.releases.newer', { release: one.release })} icon={<ArrowUp size={14} aria-hidden />} onClick={() => void swap(index - 1)} />
                            <Button size="small" type="text" disabled={index === items.length - 1 || order.isPending} aria-label={t('issues.releases.older', { release: one.release })} icon={<ArrowDown size={14} aria-hidden />} onClick={() => void swap(index)} />
                          </>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          );
        }}
      </Loaded>
    </Panel>
  );
}
