// 事件推送: the addresses that are told what happens in a mini program, and what their programs have to do.
import { Button } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppId } from '@/shared/session/miniPrograms';
import { Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { useWebhooks, useWebhooksLive, type TestReport } from '../api/webhooks';
import { nameOf } from '../components/health';
import { NeedsMore, useMaySee } from '../components/NeedsMore';
import { Notices } from '../components/Notices';
import { Receiving } from '../components/Receiving';
import { TestNote } from '../components/TestNote';
import { WebhookDialog } from '../components/WebhookDialog';
import { WebhookTable } from '../components/WebhookTable';
import './webhooks.css';

const webhooksMax = 20;

export function WebhooksPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const maySee = useMaySee(appid);
  return maySee ? (
    <Webhooks key={appid} appid={appid} />
  ) : (
    <Page wide title={t('webhooks.title')} purpose={t('webhooks.purpose')}>
      <NeedsMore />
    </Page>
  );
}

function Webhooks({ appid }: { appid: string }) {
  const { t } = useTranslation();
  useWebhooksLive(appid);
  const webhooks = useWebhooks(appid);
  const [adding, setAdding] = useState(false);
  const [tested, setTested] = useState<{ name: string; report: TestReport } | null>(null);
  const full = (webhooks.data?.length ?? 0) >= webhooksMax;
  const add = (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} disabled={full} onClick={() => setAdding(true)}>
      {t('webhooks.edit.add')}
    </Button>
  );
  return (
    <Page wide title={t('webhooks.title')} purpose={t('webhooks.purpose')} actions={(webhooks.data?.length ?? 0) > 0 && add}>
      {tested && <TestNote {...tested} close={() => setTested(null)} />}
      <Panel title={t('webhooks.list.title')}>
        <Loaded query={webhooks} rows={4}>
          {(items) =>
            items.length === 0 ? (
              <Empty title={t('webhooks.list.empty')} text={t('webhooks.list.empty_hint')} action={add} />
            ) : (
              <>
                <p className="muted panel-note">{full ? t('webhooks.list.full', { n: webhooksMax }) : t('webhooks.list.hint')}</p>
                <WebhookTable appid={appid} items={items} tested={(webhook, report) => setTested({ name: nameOf(webhook), report })} />
              </>
            )
          }
        </Loaded>
      </Panel>
      {webhooks.data && <Notices appid={appid} webhooks={webhooks.data} />}
      <Receiving />
      {adding && <WebhookDialog appid={appid} close={() => setAdding(false)} />}
    </Page>
  );
}
