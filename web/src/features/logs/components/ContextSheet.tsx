// What stands before and after one line, in the order of time.
import { Button, Drawer, Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useContext, type LogLine } from '../api/logs';
import type { View } from './address';
import { levelColor, LevelMark, lineTime } from './formats';

interface Props {
  appid: string;
  id: string;
  within: View['within'];
  change(part: Partial<View>): void;
}

const first = 20;
const most = 100;

export function ContextSheet({ appid, id, within, change }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer open={!!id} onClose={() => change({ context: '' })} title={t('logs.context.title')} size={760} rootClassName="log-sheet">
      <Segmented
        aria-label={t('logs.context.within')}
        className="log-context-note"
        value={within}
        options={(['session', 'miniprogram'] as const).map((value) => ({ value, label: t(`logs.context.${value}`) }))}
        onChange={(value) => change({ within: value })}
      />
      {id && <Lines key={`${id} ${within}`} appid={appid} id={id} within={within} />}
    </Drawer>
  );
}

function Lines({ appid, id, within }: Omit<Props, 'change'>) {
  const { t } = useTranslation();
  const [lines, setLines] = useState(first);
  const context = useContext(appid, id, within, lines);
  const middle = useRef<HTMLLIElement>(null);
  const there = !!context.data;
  useEffect(() => {
    if (there) middle.current?.scrollIntoView?.({ block: 'center' });
  }, [there]);
  return (
    <Loaded query={context} rows={12}>
      {({ before, line, after, within: found }) => (
        <>
          {found !== within && <p className="muted log-context-note">{t('logs.context.no_session')}</p>}
          <ol className="log-context">
            {before.length === 0 && <li className="muted">{t('logs.context.nothing_before')}</li>}
            {before.map((one) => (
              <Line key={one.id} line={one} />
            ))}
            <Line line={line} place={middle} />
            {after.map((one) => (
              <Line key={one.id} line={one} />
            ))}
            {after.length === 0 && <li className="muted">{t('logs.context.nothing_after')}</li>}
          </ol>
          {lines < most && (before.length === lines || after.length === lines) && (
            <Button loading={context.isFetching} onClick={() => setLines(most)}>
              {t('logs.context.more', { n: most })}
            </Button>
          )}
        </>
      )}
    </Loaded>
  );
}

function Line({ line, place }: { line: LogLine; place?: React.RefObject<HTMLLIElement | null> }) {
  const zone = useZone();
  return (
    <li ref={place} aria-current={place ? 'true' : undefined} style={{ '--log-mark': levelColor(line.level) } as React.CSSProperties}>
      <span className="num muted">{lineTime(line.at, zone)}</span>
      <LevelMark level={line.level} />
      <span className="log-context-text">
        {line.tag && line.tag !== 'log' && <span className="muted">[{line.tag}] </span>}
        {line.text}
      </span>
    </li>
  );
}
