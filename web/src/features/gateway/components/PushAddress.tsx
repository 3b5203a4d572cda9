// What is pasted into WeChat's console, and where.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { CopyText } from '@/shared/ui/page';

interface Props {
  url: string;
  token: string;
  aesKey?: string;
  mode: string;
  format: string;
}

const isLocal = (url: string) => /^https?:\/\/(localhost|127\.|\[::1\]|10\.|192\.168\.)/.test(url);

export function PushAddress({ url, token, aesKey, mode, format }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <p style={{ marginBottom: 12 }}>{t('gateway.wizard.where')}</p>
      {isLocal(url) && <Alert type="warning" showIcon title={t('gateway.wizard.local')} style={{ marginBottom: 12 }} />}
      <dl className="facts">
        <dt>{t('gateway.wizard.push_url')}</dt>
        <dd><CopyText text={url} /></dd>
        <dt>{t('gateway.wizard.token')}</dt>
        <dd><CopyText text={token} /></dd>
        <dt>{t('gateway.wizard.aes_key')}</dt>
        <dd>{aesKey ? <CopyText text={aesKey} /> : <span className="muted">{t('gateway.wizard.key_hidden')}</span>}</dd>
        <dt>{t('gateway.programs.mode')}</dt>
        <dd>{mode}</dd>
        <dt>{t('gateway.wizard.format')}</dt>
        <dd>{format}</dd>
      </dl>
    </>
  );
}
