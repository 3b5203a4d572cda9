// Which versions of the privacy notice a customer was shown, and when.
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { Exact } from '@/shared/ui/time';

export default function PrivacyNotices({ notices }: { notices: Schemas['PrivacyNotice'][] }) {
  const { t } = useTranslation();
  return (
    <ul className="wb-plain" aria-label={t('sealing.notices.title')}>
      {notices.map((one) => (
        <li key={one.version}>
          <a href={one.link} target="_blank" rel="noreferrer noopener">
            {t('sealing.notices.version', { version: one.version })}
          </a>
          <span className="muted">
            {' '}
            {t(`sealing.notices.state.${one.state}`)} · <Exact at={one.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
