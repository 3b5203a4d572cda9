// What is known of one webhook.
import { useTranslation } from 'react-i18next';
import { CopyText, Panel } from '@/shared/ui/page';
import { Ago, Exact } from '@/shared/ui/time';
import type { Webhook } from '../api/webhooks';
import { reasonText, waitingText } from './health';
import { kindText } from './kinds';
import { StandingMark } from './WebhookActions';

export function WebhookFacts({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const { health } = webhook;
  const previous = webhook.previous_secret_until ?? 0;
  const facts = [
    ['state', <StandingMark key="state" webhook={webhook} />],
    ['address', <CopyText key="address" text={webhook.address} />],
    ['kinds', <KindTags key="kinds" kinds={webhook.kinds} />],
    ['waiting', <span key="waiting" className="num">{waitingText(health.waiting)}</span>],
    ['last_success', <Ago key="success" at={health.last_success_at} />],
    [
      'last_failure',
      <span key="failure">
        <Ago at={health.last_failure_at} />
        {health.last_failure_at !== null && <span className="hook-problem">{[reasonText(health.reason), health.detail].filter(Boolean).join(' · ')}</span>}
      </span>,
    ],
    ...(previous > Date.now() ? ([['previous', <Exact key="previous" at={previous} />]] as const) : []),
    [
      'created',
      <span key="created">
        {webhook.created_by} · <Exact at={webhook.created_at} />
      </span>,
    ],
  ] as const;
  return (
    <Panel>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={t(`webhooks.list.${name}`)}>
            {value}
          </Fact>
        ))}
      </dl>
    </Panel>
  );
}

export function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

const KindTags = ({ kinds }: Pick<Webhook, 'kinds'>) => (
  <span className="hook-tags">
    {kinds.map((kind) => (
      <span key={kind} className="hook-tag" title={kind}>
        {kindText(kind)}
      </span>
    ))}
  </span>
);
