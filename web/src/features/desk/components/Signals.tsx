// What the customer's phone reported: the pages they came through, and what went wrong there.
import { Button } from 'antd';
import { AppWindow, CircleAlert, Hourglass } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '@/shared/api/client';
import { usePermissions } from '@/shared/session/session';
import { Loaded } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import type { Conversation } from '../api/cache';
import { useCustomerSignals } from '../api/people';

type Signal = Schemas['CustomerSignal'];
const few = 12;
const icons = { page: AppWindow, event: AppWindow, error: CircleAlert, slow_request: Hourglass } as const;

export function Signals({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const signals = useCustomerSignals(conversation.appid, conversation.openid, conversation.closed_at ?? undefined);
  return (
    <Loaded query={signals} rows={3}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="muted">{t('desk.customer.no_signals')}</p>
        ) : (
          <>
            <ul className="wb-signals">
              {items.slice(0, all ? items.length : few).map((one, index) => (
                <Line key={`${one.at}${index}`} signal={one} appid={conversation.appid} />
              ))}
            </ul>
            {!all && items.length > few && (
              <Button type="link" size="small" onClick={() => setAll(true)}>
                {t('desk.customer.all_signals', { n: items.length })}
              </Button>
            )}
          </>
        )
      }
    </Loaded>
  );
}

function Line({ signal, appid }: { signal: Signal; appid: string }) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const Icon = icons[signal.kind];
  const text = signal.kind === 'page' ? signal.page : (signal.text ?? '');
  const linked = signal.kind === 'error' && signal.issue_id && can('telemetry.read', appid);
  return (
    <li className={`wb-signal-${signal.kind}`}>
      <Icon size={14} aria-label={t(`desk.customer.signal.${signal.kind}`)} role="img" />
      <span className="wb-signal-text" title={text}>
        {signal.ms !== undefined && <strong className="num">{(signal.ms / 1000).toFixed(1)} s </strong>}
        {linked ? <Link to={`/m/${appid}/issues/${signal.issue_id}`}>{text}</Link> : text}
        {signal.kind !== 'page' && signal.page && <span className="muted"> {signal.page}</span>}
      </span>
      <Ago at={signal.at} />
    </li>
  );
}
