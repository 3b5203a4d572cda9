// One delivery: its attempts, the receiver's answer, and what is sent.
import { Drawer, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { msText } from '@/shared/charts/numbers';
import { CodeBlock } from '@/shared/ui/CodeBlock';
import { CopyText, Loaded } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useDelivery, type Delivery, type Webhook } from '../api/webhooks';
import { AgainButton, StateOf } from './DeliveryParts';
import { kindText, kindWithGroup } from './kinds';
import { Answer } from './TestNote';
import { Fact } from './WebhookFacts';

// `event`: '' is closed.
export function DeliverySheet({ appid, webhook, event, close }: { appid: string; webhook: Webhook; event: string; close(): void }) {
  const { t } = useTranslation();
  const delivery = useDelivery(appid, webhook.id, event);
  return (
    <Drawer open={event !== ''} onClose={close} size={680} title={event && delivery.data ? kindText(delivery.data.delivery.kind) : t('webhooks.log.one')} rootClassName="hook-sheet">
      {event && (
        <Loaded key={event} query={delivery} rows={8}>
          {(data) => (
            <>
              <Facts delivery={data.delivery} />
              <div className="hook-line hook-foot">
                <AgainButton appid={appid} webhook={webhook} delivery={data.delivery} />
                {!webhook.enabled && <span className="muted">{t('webhooks.log.off')}</span>}
              </div>
              {data.delivery.answer && (
                <>
                  <h3>{t('webhooks.log.answer')}</h3>
                  <Answer text={data.delivery.answer} />
                </>
              )}
              <h3>{t('webhooks.body.title')}</h3>
              {data.body === null ? <p className="muted">{t('webhooks.body.erased')}</p> : <Body body={data.body} />}
            </>
          )}
        </Loaded>
      )}
    </Drawer>
  );
}

function Facts({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const exact = (at: number | null) => <Exact at={at} />;
  return (
    <dl className="facts">
      <Fact name={t('webhooks.log.state')}>
        <StateOf delivery={delivery} />
      </Fact>
      {delivery.detail && (
        <Fact name={t('webhooks.log.detail')}>
          <span className="hook-detail">{delivery.detail}</span>
        </Fact>
      )}
      <Fact name={t('webhooks.log.kind')}>
        {kindWithGroup(delivery.kind)} <span className="mono muted">{delivery.kind}</span>
      </Fact>
      <Fact name={t('webhooks.log.id')}>
        <CopyText text={delivery.event_id} />
      </Fact>
      <Fact name={t('webhooks.log.at')}>{exact(delivery.at)}</Fact>
      <Fact name={t('webhooks.log.queued_at')}>{exact(delivery.queued_at)}</Fact>
      <Fact name={t('webhooks.log.attempts')}>
        <span className="num">{delivery.attempts}</span>
      </Fact>
      <Fact name={t('webhooks.log.last_at')}>{exact(delivery.last_at)}</Fact>
      {delivery.status !== null && (
        <Fact name={t('webhooks.log.status')}>
          <span className="num">{delivery.status}</span>
        </Fact>
      )}
      {delivery.last_at !== null && (
        <Fact name={t('webhooks.log.duration')}>
          <span className="num">{msText(delivery.duration_ms)}</span>
        </Fact>
      )}
      {delivery.next_at !== null && <Fact name={t('webhooks.log.next_at')}>{exact(delivery.next_at)}</Fact>}
      {delivery.finished_at !== null && <Fact name={t('webhooks.log.finished_at')}>{exact(delivery.finished_at)}</Fact>}
    </dl>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

// Signed are the bytes as they are sent: who looks for why a signature differs needs those.
function Body({ body }: { body: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<'pretty' | 'sent'>('pretty');
  return (
    <>
      <Segmented aria-label={t('webhooks.body.shown')} value={shown} options={(['pretty', 'sent'] as const).map((value) => ({ value, label: t(`webhooks.body.${value}`) }))} onChange={setShown} />
      <CodeBlock text={shown === 'pretty' ? pretty(body) : body} />
    </>
  );
}
