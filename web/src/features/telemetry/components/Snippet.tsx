// What is pasted into the mini program, for each client, and whether anything has come yet.
import { Alert, Select, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { CodeBlock } from '@/shared/ui/CodeBlock';
import { CopyText, Mark, Panel } from '@/shared/ui/page';
import { duration, useNow } from '@/shared/ui/time';
import type { Intake, ProjectKey } from '../api/telemetry';
import { codeOf, firstRecord, originOf, reachable, type Client } from './snippets';

const clients: Client[] = ['sdk', 'sentry', 'sensors'];

export function Snippet({ appid, keys, intake }: { appid: string; keys: ProjectKey[]; intake: Intake | undefined }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const key = keys.find((one) => one.id === search.get('key')) ?? keys[0];
  const client = clients.find((one) => one === search.get('client')) ?? 'sdk';
  const set = (name: string, value: string) => setSearch((old) => ({ ...Object.fromEntries(old), [name]: value }), { replace: true });
  if (!key) return null;
  const origin = originOf(key);
  const choice = keys.length > 1 && (
    <Select aria-label={t('telemetry.connect.key')} value={key.id} style={{ minWidth: 160 }} options={keys.map((one) => ({ value: one.id, label: one.name }))} onChange={(id) => set('key', id)} />
  );
  return (
    <Panel title={t('telemetry.connect.title')} extra={choice}>
      <ol className="steps">
        <li>
          <p>{t('telemetry.connect.step_domain')}</p>
          <CopyText text={origin} />
          {!reachable(origin) && <Alert type="warning" showIcon title={t('telemetry.connect.local')} style={{ marginTop: 8 }} />}
        </li>
        <li>
          <Tabs
            activeKey={client}
            onChange={(chosen) => set('client', chosen)}
            items={clients.map((one) => ({
              key: one,
              label: t(`telemetry.connect.clients.${one}`),
              children: (
                <>
                  <p>{t(`telemetry.connect.step_${one}`)}</p>
                  <CodeBlock text={codeOf(one, key, t('telemetry.connect.first_line'))} />
                </>
              ),
            }))}
          />
        </li>
      </ol>
      <Live appid={appid} intake={intake} since={key.created_at} />
    </Panel>
  );
}

// Announced when it changes from waiting to received; the running seconds are not.
function Live({ appid, intake, since }: { appid: string; intake: Intake | undefined; since: number }) {
  const { t } = useTranslation();
  const now = useNow(1000);
  if (!intake) return null;
  const { first, last } = firstRecord(intake);
  if (!last || last < since) {
    return (
      <p className="live live-waiting" role="status">
        <span className="live-dot" aria-hidden /> <strong>{t('telemetry.connect.waiting')}</strong> <span className="muted">{t('telemetry.connect.waiting_hint')}</span>
      </p>
    );
  }
  const fresh = first >= since;
  return (
    <p className="live">
      <Mark level="ok">
        <strong className="num">{fresh && now - first < 3_600_000 ? t('telemetry.connect.first', { t: duration(now - first) }) : t('telemetry.connect.latest', { t: duration(now - last) })}</strong>
      </Mark>{' '}
      <Link to={`/m/${appid}/telemetry/records`}>{t('telemetry.connect.open_records')}</Link>
    </p>
  );
}
