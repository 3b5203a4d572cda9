// Signing in, and choosing a password of one's own where the first one was given by somebody else. Plain elements
// only: this page must be light.
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import { currentLanguage, languages, setLanguage } from '@/i18n';
import { problemCode, problemText } from '@/shared/api/problems';
import { useSessionQuery } from '@/shared/session/session';
import { useChangePassword, useSignIn } from '../api/session';

// Only addresses of this console: a link from elsewhere must not send a person away after signing in.
const ownAddress = (next: string | null) => (next && /^\/(?![/\\])/.test(next) ? next : '/');

export function LoginPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const session = useSessionQuery();
  const account = session.data?.account;
  const other = languages.find((one) => one.key !== currentLanguage())!;
  const [password, setPassword] = useState('');

  if (session.isPending) return null;
  if (account && !account.must_change_password) return <Navigate to={ownAddress(search.get('next'))} replace />;
  return (
    <main className="login">
      <div className="login-card">
        <div className="login-brand">
          <img src="/icon.svg" alt="" width={40} height={40} />
          <div>
            <h1>MiniOps</h1>
            <div className="muted">{t('identity.login.subtitle')}</div>
          </div>
        </div>
        {account ? <FirstPassword given={password} /> : <SignIn password={password} setPassword={setPassword} />}
      </div>
      <button className="button-plain" lang={other.key === 'en' ? 'en' : 'zh-CN'} onClick={() => void setLanguage(other.key)}>
        {other.name}
      </button>
    </main>
  );
}

function Problem({ error, text }: { error: unknown; text?: string }) {
  if (!error && !text) return null;
  return (
    <div className="alert" role="alert">
      <svg className="alert-icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-.8 3.5h1.6v4.8H7.2V4.5Zm0 6h1.6V12H7.2v-1.5Z" fill="currentColor" />
      </svg>
      <span>
        {text ?? problemText(error)}
        {!text && <small className="mono"> {problemCode(error)}</small>}
      </span>
    </div>
  );
}

function SignIn({ password, setPassword }: { password: string; setPassword: (password: string) => void }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState('');
  const signIn = useSignIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ username: username.trim(), password });
  };
  return (
    <form onSubmit={submit}>
      <Problem error={signIn.error} />
      <div className="field">
        <label htmlFor="username">{t('identity.login.username')}</label>
        <input id="username" className="input" autoComplete="username" autoFocus required maxLength={64} value={username} onChange={(event) => setUsername(event.target.value)} />
      </div>
      <div className="field">
        <label htmlFor="password">{t('identity.login.password')}</label>
        <input id="password" className="input" type="password" autoComplete="current-password" required maxLength={256} value={password} onChange={(event) => setPassword(event.target.value)} />
      </div>
      <button className="button-primary" type="submit" disabled={signIn.isPending}>
        {signIn.isPending ? t('identity.login.signing_in') : t('identity.login.sign_in')}
      </button>
    </form>
  );
}

// `given`: the password that was just used, so that nobody types it twice; empty after a reload.
function FirstPassword({ given }: { given: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const change = useChangePassword();
  const [old, setOld] = useState(given);
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const [differs, setDiffers] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDiffers(fresh !== again);
    if (fresh !== again) return;
    change.mutate(
      { old_password: old, new_password: fresh },
      { onSuccess: () => void client.invalidateQueries({ queryKey: ['session'] }) },
    );
  };
  return (
    <form onSubmit={submit}>
      <p style={{ marginBottom: 16 }}>{t('identity.login.must_change')}</p>
      <Problem error={change.error} text={differs ? t('identity.password.differs') : undefined} />
      {!given && (
        <div className="field">
          <label htmlFor="old">{t('identity.password.old')}</label>
          <input id="old" className="input" type="password" autoComplete="current-password" required value={old} onChange={(event) => setOld(event.target.value)} />
        </div>
      )}
      <div className="field">
        <label htmlFor="fresh">{t('identity.password.new')}</label>
        <input id="fresh" className="input" type="password" autoComplete="new-password" required minLength={10} maxLength={256} autoFocus value={fresh} onChange={(event) => setFresh(event.target.value)} />
        <small>{t('identity.password.rule')}</small>
      </div>
      <div className="field">
        <label htmlFor="again">{t('identity.password.again')}</label>
        <input id="again" className="input" type="password" autoComplete="new-password" required value={again} onChange={(event) => setAgain(event.target.value)} />
      </div>
      <button className="button-primary" type="submit" disabled={change.isPending}>
        {t('identity.password.save')}
      </button>
    </form>
  );
}
