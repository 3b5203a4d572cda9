// Before the first record of a kind: the code that sends one, and the moment it comes.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, unwrap, type Schemas } from '../api/client';
import { CodeBlock } from './CodeBlock';
import { Mark } from './page';
import './first.css';

const pollMs = 2000;
const path = (appid: string) => ({ path: { appid } });

// When the first record of the kind came, as far as is known; 0: none yet.
export const useFirstRecord = (appid: string, kind: Schemas['RecordKind'], enabled: boolean) =>
  useQuery({
    queryKey: ['telemetry', appid, 'first', kind],
    enabled,
    refetchInterval: ({ state }) => (state.data === 0 ? pollMs : false),
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/intake', { params: path(appid) }))).kinds.find((one) => one.kind === kind)?.oldest_at ?? 0,
  });

interface Props {
  appid: string;
  title: string;
  purpose: string;
  waiting: string;
  came: string; // once the first record is there; '' while it is awaited
  code(server: string, key: string): string;
}

export function FirstRecord({ appid, title, purpose, waiting, came, code }: Props) {
  const { t } = useTranslation();
  const keys = useQuery({
    queryKey: ['telemetry', appid, 'keys'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/telemetry/keys', { params: path(appid) }))).items,
  });
  const key = keys.data?.find((one) => !one.revoked_at);
  return (
    <div className="first">
      <h2>{title}</h2>
      <p className="muted">{purpose}</p>
      {keys.data && !key && (
        <p>
          {t('common.first.no_key')} <Link to={`/m/${appid}/telemetry/intake`}>{t('common.first.to_intake')}</Link>
        </p>
      )}
      {key && <CodeBlock text={code(new URL(key.batch_url).origin, key.key)} />}
      <p className={came ? 'first-live' : 'first-live first-waiting'} role="status">
        {came ? (
          <Mark level="ok">
            <strong>{came}</strong>
          </Mark>
        ) : (
          <>
            <span className="first-dot" aria-hidden /> <strong>{waiting}</strong> <span className="muted">{t('common.first.hint')}</span>
          </>
        )}
      </p>
    </div>
  );
}
