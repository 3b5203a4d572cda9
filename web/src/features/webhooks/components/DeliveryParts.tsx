// How a delivery stands, and the button that sends it again.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Mark, useNotify } from '@/shared/ui/page';
import { useRedeliver, type Delivery, type Webhook } from '../api/webhooks';
import { reasonText, stateLevels } from './health';

export function StateOf({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const { state, reason } = delivery;
  return (
    <>
      <Mark level={state === 'pending' && reason ? 'warning' : stateLevels[state]}>{t(`webhooks.states.${state}`)}</Mark>
      {state !== 'delivered' && reason && <span className="hook-problem">{reasonText(reason)}</span>}
    </>
  );
}

// With the same id and body; not what is under way, nor while the webhook is switched off.
export function AgainButton({ appid, webhook, delivery }: { appid: string; webhook: Webhook; delivery: Delivery }) {
  const { t } = useTranslation();
  const redeliver = useRedeliver(appid, webhook.id);
  const { done, failed } = useNotify();
  if (delivery.state === 'pending') return null;
  return (
    <Button size="small" disabled={!webhook.enabled || delivery.reason === 'erased'} loading={redeliver.isPending} onClick={() => void redeliver.mutateAsync(delivery.event_id).then(() => done(t('webhooks.again.queued_one')), failed)}>
      {t('webhooks.again.one')}
    </Button>
  );
}
