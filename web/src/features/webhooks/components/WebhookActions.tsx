// How a webhook stands, its switch, and what can be done with it.
import { Button, Dropdown, Switch } from 'antd';
import { Ellipsis, Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark, useNotify } from '@/shared/ui/page';
import { useChangeWebhook, useRemoveWebhook, useTestWebhook, type TestReport, type Webhook } from '../api/webhooks';
import { nameOf, reasonText, standingLevels, standingOf, waitingText } from './health';
import { RotateDialog } from './Secret';
import { WebhookDialog } from './WebhookDialog';

interface Props {
  appid: string;
  webhook: Webhook;
}

export function StandingMark({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const standing = standingOf(webhook);
  return (
    <>
      <Mark level={standingLevels[standing]}>{t(`webhooks.standings.${standing}`)}</Mark>
      {standing === 'failing' && <span className="hook-problem">{reasonText(webhook.health.reason)}</span>}
    </>
  );
}

// What waits for one that is switched off is given up; it can be redelivered.
export function EnabledSwitch({ appid, webhook }: Props) {
  const { t } = useTranslation();
  const change = useChangeWebhook(appid);
  const { failed, confirm } = useNotify();
  const set = (enabled: boolean) => change.mutateAsync({ webhook, change: { enabled } }).catch(failed);
  const ask = () => confirm(t('webhooks.off.title', { name: nameOf(webhook) }), t('webhooks.off.text', { n: waitingText(webhook.health.waiting) }), () => set(false), t('webhooks.off.ok'));
  return <Switch aria-label={t('webhooks.enable', { name: nameOf(webhook) })} checked={webhook.enabled} loading={change.isPending} onChange={(enabled) => (enabled || webhook.health.waiting === 0 ? void set(enabled) : void ask())} />;
}

export function WebhookActions({ appid, webhook, tested, removed }: Props & { tested(report: TestReport): void; removed?(): void }) {
  const { t } = useTranslation();
  const test = useTestWebhook(appid);
  const remove = useRemoveWebhook(appid);
  const { done, failed, confirm } = useNotify();
  const [dialog, setDialog] = useState<'edit' | 'rotate' | null>(null);
  const name = nameOf(webhook);
  const act = (key: string) => {
    if (key === 'edit' || key === 'rotate') setDialog(key);
    if (key === 'remove') confirm(t('webhooks.remove.title', { name }), t('webhooks.remove.text'), () => remove.mutateAsync(webhook.id).then(() => (done(t('webhooks.remove.done')), removed?.()), failed), t('common.delete'));
  };
  return (
    <span className="hook-line">
      <Button icon={<Send size={14} aria-hidden />} loading={test.isPending} onClick={() => void test.mutateAsync(webhook.id).then(tested, failed)}>
        {t('webhooks.test.send')}
      </Button>
      <Dropdown
        trigger={['click']}
        menu={{ items: [{ key: 'edit', label: t('common.edit') }, { key: 'rotate', label: t('webhooks.secret.rotate') }, { key: 'remove', danger: true, label: t('common.delete') }], onClick: ({ key }) => act(key) }}
      >
        <Button aria-label={t('webhooks.more', { name })} icon={<Ellipsis size={15} aria-hidden />} />
      </Dropdown>
      {dialog === 'edit' && <WebhookDialog appid={appid} webhook={webhook} close={() => setDialog(null)} />}
      {dialog === 'rotate' && <RotateDialog appid={appid} webhook={webhook} close={() => setDialog(null)} />}
    </span>
  );
}
