// What the customer's phone reported: pages, events of the mini program, errors, slow requests, the newest first.
import { Button } from 'antd';
import { AppWindow, CircleAlert, Hourglass, MousePointerClick } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePermissions } from '@/shared/session/session';
import { Loaded, Panel } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { timelineDays, useTimeline, type Profile, type Signal } from '../api/people';

const icons = { page: AppWindow, event: MousePointerClick, error: CircleAlert, slow_request: Hourglass } as const;

export function Timeline({ appid, profile }: { appid: string; profile: Profile }) {
  const { t } = useTranslation();
  const timeline = useTimeline(appid, profile.openid);
  return (
    <Panel title={t('people.timeline.title')}>
      <Loaded query={timeline} rows={4}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className="muted">{t('people.timeline.none', { n: timelineDays })}</p>;
          return (
            <>
              <ol className="people-timeline">
                {items.map((one, index) => (
                  <Line key={`${one.at} ${index}`} appid={appid} signal={one} />
                ))}
              </ol>
              {timeline.hasNextPage ? (
                <Button size="small" loading={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
                  {t('people.timeline.earlier')}
                </Button>
              ) : (
                <p className="muted">{t('people.timeline.end', { n: timelineDays })}</p>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Line({ appid, signal }: { appid: string; signal: Signal }) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const Icon = icons[signal.kind];
  const text = signal.kind === 'page' ? signal.page : (signal.text ?? '');
  const linked = signal.issue_id && can('telemetry.read', appid);
  return (
    <li className={`people-signal-${signal.kind}`}>
      <Icon size={14} role="img" aria-label={t(`people.timeline.kinds.${signal.kind}`)} />
      <span className="people-row-text">
        <span>
          {signal.ms !== undefined && <strong className="num">{(signal.ms / 1000).toFixed(1)} s </strong>}
          {linked ? <Link to={`/m/${appid}/issues/${signal.issue_id}`}>{text}</Link> : text}
        </span>
        <span className="muted">
          <Exact at={signal.at} />
          {signal.kind !== 'page' && signal.page && ` · ${signal.page}`}
        </span>
      </span>
    </li>
  );
}
