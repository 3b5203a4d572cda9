// One webhook: how it stands, and each delivery with what came of it. The address holds the filters and the delivery.
import { Alert } from 'antd';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { exactTime, useZone } from '@/shared/ui/time';
import { useWebhooks, useWebhooksLive, type TestReport, type Webhook } from '../api/webhooks';
import { DeliveryLog } from '../components/DeliveryLog';
import { nameOf, reasonText, standingOf } from '../components/health';
import { NeedsMore, useMaySee } from '../components/NeedsMore';
import { TestNote } from '../components/TestNote';
import { EnabledSwitch, WebhookActions } from '../components/WebhookActions';
import { WebhookFacts } from '../components/WebhookFacts';
import './webhooks.css';

export function WebhookPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { id = '' } = useParams();
  const maySee = useMaySee(appid);
  return maySee ? (
    <Found key={`${appid} ${id}`} appid={appid} id={id} />
  ) : (
    <Page wide title={t('webhooks.title')} purpose={t('webhooks.purpose')}>
      <NeedsMore />
    </Page>
  );
}

function Found({ appid, id }: { appid: string; id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  useWebhooksLive(appid);
  const webhooks = useWebhooks(appid);
  const [report, setReport] = useState<TestReport | null>(null);
  const webhook = webhooks.data?.find((one) => one.id === id);
  const toList = `/m/${appid}/webhooks`;
  return (
    <Page
      wide
      title={webhook ? nameOf(webhook) : t('webhooks.title')}
      purpose={t('webhooks.one.purpose')}
      actions={
        <span className="hook-line">
          <Link className="hook-back" to={toList}>
            <ArrowLeft size={15} aria-hidden /> {t('webhooks.one.all')}
          </Link>
          {webhook && <EnabledSwitch appid={appid} webhook={webhook} />}
          {webhook && <WebhookActions appid={appid} webhook={webhook} tested={setReport} removed={() => void navigate(toList)} />}
        </span>
      }
    >
      {webhook && report && <TestNote name={nameOf(webhook)} report={report} close={() => setReport(null)} />}
      <Loaded query={webhooks} rows={8}>
        {() =>
          webhook ? (
            <>
              <Trouble webhook={webhook} />
              <WebhookFacts webhook={webhook} />
              <DeliveryLog appid={appid} webhook={webhook} />
            </>
          ) : (
            <Panel>
              <Empty title={t('webhooks.one.gone')} text={t('webhooks.one.gone_hint')} action={<Link to={toList}>{t('webhooks.one.all')}</Link>} />
            </Panel>
          )
        }
      </Loaded>
    </Page>
  );
}

// What needs a person: nothing arrives, or it was switched off by itself.
function Trouble({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const zone = useZone();
  const { health } = webhook;
  const standing = standingOf(webhook);
  const last = [reasonText(health.reason), health.detail].filter(Boolean).join(' · ');
  if (standing === 'gone' || standing === 'given_up')
    return <Alert type="error" showIcon className="hook-note" title={t(`webhooks.trouble.${standing}`, { at: exactTime(health.off_at ?? webhook.updated_at, zone) })} description={t('webhooks.trouble.off_hint', { last })} />;
  if (standing === 'failing') return <Alert type="warning" showIcon className="hook-note" title={t('webhooks.trouble.failing', { at: exactTime(health.failing_since ?? 0, zone) })} description={t('webhooks.trouble.failing_hint', { last })} />;
  return null;
}
