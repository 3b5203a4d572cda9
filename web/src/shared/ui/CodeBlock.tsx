// Code to be pasted elsewhere, with a button that copies it.
import { App, Button } from 'antd';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import './code.css';

export function CodeBlock({ text }: { text: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => message.success(t('common.copied')),
      () => message.error(t('common.copy_failed')),
    );
  return (
    <div className="code">
      <pre tabIndex={0} role="group" aria-label={t('common.code.label')}>
        {text}
      </pre>
      <Button size="small" icon={<Copy size={14} aria-hidden />} onClick={() => void copy()}>
        {t('common.code.copy')}
      </Button>
    </div>
  );
}
