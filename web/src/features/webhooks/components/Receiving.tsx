// What a receiver does: the steps, and code that checks a signature. The address holds the language.
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { CodeBlock } from '@/shared/ui/CodeBlock';
import { Panel } from '@/shared/ui/page';
import { languages, samples } from './samples';

const steps = ['bytes', 'check', 'once', 'soon'] as const;

export function Receiving() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const language = languages.find((one) => one === search.get('code')) ?? 'js';
  return (
    <Panel title={t('webhooks.receiving.title')}>
      <ol className="hook-steps">
        {steps.map((step) => (
          <li key={step}>{t(`webhooks.receiving.steps.${step}`)}</li>
        ))}
      </ol>
      <Segmented aria-label={t('webhooks.receiving.language')} value={language} options={languages.map((value) => ({ value, label: t(`webhooks.receiving.languages.${value}`) }))} onChange={(value) => setSearch(value === 'js' ? {} : { code: value }, { replace: true })} />
      <CodeBlock text={samples[language]} />
      <p className="muted">{t('webhooks.receiving.signed')}</p>
    </Panel>
  );
}
