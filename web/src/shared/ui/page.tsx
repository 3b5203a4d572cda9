// What every page is made of: a title with one line, and the loading, empty and error states.
import { App, Button, Skeleton } from 'antd';
import { CircleAlert, Copy, Inbox } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemQuote, problemText } from '../api/problems';
import './page.css';

export function Page({ title, purpose, actions, children, wide }: { title: string; purpose: string; actions?: ReactNode; children: ReactNode; wide?: boolean }) {
  useTitle(title);
  return (
    <div className={wide ? 'page page-wide' : 'page'}>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          <p className="muted">{purpose}</p>
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · MiniOps`;
  }, [title]);
}

// Nothing for 150 ms: what is quick does not flicker.
export function Loading({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation();
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={t('common.loading')}>
      {visible && <Skeleton active title={false} paragraph={{ rows }} />}
    </div>
  );
}

export function Empty({ title, text, action }: { title: string; text?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <Inbox size={32} strokeWidth={1.4} aria-hidden />
      <strong>{title}</strong>
      {text && <p className="muted">{text}</p>}
      {action}
    </div>
  );
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="state" role="alert">
      <CircleAlert size={32} strokeWidth={1.4} className="state-red" aria-hidden />
      <strong>{problemText(error)}</strong>
      <p className="muted">
        {t('common.quote')} <CopyText text={problemQuote(error)} />
      </p>
      {retry && <Button onClick={retry}>{t('common.retry')}</Button>}
    </div>
  );
}

interface QueryLike<T> {
  data: T | undefined;
  error: unknown;
  refetch(): unknown;
}

// A query's states in their one form.
export function Loaded<T>({ query, children, rows }: { query: QueryLike<T>; children: (data: T) => ReactNode; rows?: number }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return <Loading rows={rows} />;
}

export function CopyText({ text, show }: { text: string; show?: ReactNode }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (
    <span className="copy-text">
      <span className="mono">{show ?? text}</span>
      <Button
        type="text"
        size="small"
        aria-label={t('common.copy', { text })}
        icon={<Copy size={14} aria-hidden />}
        onClick={(event) => {
          event.stopPropagation();
          navigator.clipboard.writeText(text).then(
            () => message.success(t('common.copied')),
            () => message.error(t('common.copy_failed')),
          );
        }}
      />
    </span>
  );
}

// Says what went wrong with a person's action, with the code to quote.
export function useNotify() {
  const { message, modal } = App.useApp();
  const { t } = useTranslation();
  return {
    done: (text?: string) => void message.success(text ?? t('common.saved')),
    failed: (error: unknown) => void message.error({ content: `${problemText(error)} (${problemQuote(error)})`, duration: 6 }),
    // What the page itself sees to be wrong, before anybody is asked.
    refused: (text: string) => void message.error({ content: text, duration: 6 }),
    confirm: (title: string, content: ReactNode, onOk: () => unknown, okText: string) =>
      modal.confirm({ title, content, okText, okButtonProps: { danger: true }, cancelText: t('common.cancel'), onOk: () => onOk() as Promise<void> }),
  };
}

export function Panel({ title, extra, children }: { title?: ReactNode; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel">
      {(title || extra) && (
        <div className="panel-head">
          {title ? <h2>{title}</h2> : <span />}
          {extra}
        </div>
      )}
      {children}
    </section>
  );
}

// What is wider than a phone scrolls by itself, by keyboard, too.
export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="wide" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

export type Level = 'ok' | 'warning' | 'failed' | 'info' | 'unknown';
export function Mark({ level, children }: { level: Level; children: ReactNode }) {
  return (
    <span className={`mark mark-${level}`}>
      <span className="mark-dot" aria-hidden />
      {children}
    </span>
  );
}
