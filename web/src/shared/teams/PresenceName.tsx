// How somebody is there: a word, a dot, and why.
import { useTranslation } from 'react-i18next';
import './presence.css';
import { reasonText, type PresenceState } from './teams';

export function PresenceName({ state, reason, hint }: { state: PresenceState; reason?: string; hint?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="presence">
      <span className={`presence-dot presence-${state}`} aria-hidden />
      {t(`desk.presence.${state}`)}
      {reason && ` · ${reasonText(reason)}`}
      {hint && <span className="muted"> · {t(`desk.presence.${state}_hint`)}</span>}
    </span>
  );
}
