// For oneself, or for all: shared ones are changed by those who configure the desk.
import { Form, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Scope } from '@/shared/quick_replies/quickReplies';
import { scopes } from './filters';

export function ScopeField({ scope, mayConfigure, change }: { scope: Scope; mayConfigure: boolean; change(scope: Scope): void }) {
  const { t } = useTranslation();
  return (
    <Form.Item label={t('quick_replies.scope')} extra={t('quick_replies.scope_hint')}>
      <Segmented aria-label={t('quick_replies.scope')} value={scope} options={scopes.map((value) => ({ value, label: t(`quick_replies.scopes.${value}`), disabled: value === 'shared' && !mayConfigure }))} onChange={change} />
    </Form.Item>
  );
}
