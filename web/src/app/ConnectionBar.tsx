// Says when the live connection is lost and since when, and after its return what was caught up.
import { CloudOff, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/shared/live/live';
import { clockTime, duration, useNow, useZone } from '@/shared/ui/time';

export function ConnectionBar({ followed }: { followed: number }) {
  const { status } = useLive();
  const [dismissed, setDismissed] = useState(0);
  useEffect(() => {
    if (status.state !== 'live' || status.caughtUp === undefined) return;
    const timer = setTimeout(() => setDismissed(status.since), 5000);
    return () => clearTimeout(timer);
  }, [status]);
  if (followed === 0) return null;
  if (status.state === 'lost') return <Lost since={status.since} />;
  if (status.state === 'live' && status.caughtUp !== undefined && dismissed !== status.since) return <Returned caughtUp={status.caughtUp} />;
  return null;
}

function Lost({ since }: { since: number }) {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useNow();
  return (
    <div className="connection connection-lost" role="status">
      <CloudOff size={16} aria-hidden />
      <span>{t('common.connection.lost', { at: clockTime(since, zone) })}</span>
      <span className="num" aria-hidden>
        {duration(now - since)}
      </span>
    </div>
  );
}

function Returned({ caughtUp }: { caughtUp: number | 'snapshot' }) {
  const { t } = useTranslation();
  return (
    <div className="connection connection-back" role="status">
      <RefreshCw size={16} aria-hidden />
      {caughtUp === 'snapshot' ? t('common.connection.reloaded') : t('common.connection.caught_up', { n: caughtUp })}
    </div>
  );
}
