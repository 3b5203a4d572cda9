// A page that threw: nothing is lost on the server, so offer the way back.
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';

export function Crash() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <main className="login">
      <div className="login-card" role="alert">
        <h1 style={{ fontSize: 18, marginBottom: 8 }}>{t('common.crash.title')}</h1>
        <p className="muted">{t('common.crash.text')}</p>
        <p className="mono muted" style={{ margin: '12px 0' }}>
          {error instanceof Error ? error.message : String(error)}
        </p>
        <button className="button-primary" onClick={() => location.assign('/')}>
          {t('common.crash.home')}
        </button>
      </div>
    </main>
  );
}
