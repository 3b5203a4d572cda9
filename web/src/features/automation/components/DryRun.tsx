// What the rule that is being written would have done to the newest conversations; nothing is done.
import { Button, Segmented } from 'antd';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useDryRun, type Draft, type DryRun } from '../api/automation';
import { ComparedList } from './ComparedList';
import { warningWords } from './words';

interface Props {
  appid: string;
  draft: Draft;
  ready: boolean;
}

export function DryRunPart({ appid, draft, ready }: Props) {
  const { t } = useTranslation();
  const run = useDryRun(appid);
  const { failed } = useNotify();
  const stale = JSON.stringify(run.variables) !== JSON.stringify(draft);
  return (
    <section className="auto-dry" aria-labelledby="automation-dry">
      <div className="auto-line">
        <h3 id="automation-dry">{t('automation.dry.title')}</h3>
        <Button size="small" disabled={!ready} loading={run.isPending} onClick={() => run.mutate(draft, { onError: failed })}>
          {t('automation.dry.run')}
        </Button>
      </div>
      <p className="muted">{t('automation.dry.hint')}</p>
      <div role="status">
        {run.data && stale && <p className="muted">{t('automation.dry.stale')}</p>}
        {run.data && !stale && <Result appid={appid} draft={draft} result={run.data} />}
      </div>
    </section>
  );
}

function Result({ appid, draft, result }: { appid: string; draft: Draft; result: DryRun }) {
  const { t } = useTranslation();
  const fires = result.items.filter((one) => one.firings > 0);
  const not = result.items.filter((one) => one.firings === 0);
  const [which, setWhich] = useState<'fires' | 'not'>(fires.length > 0 ? 'fires' : 'not');
  if (result.conversations === 0) return <Empty title={t('automation.dry.none')} />;
  const items = which === 'fires' ? fires : not;
  return (
    <>
      <p className="num">
        <strong>{t('automation.dry.result', { n: result.conversations, fired: result.fired, firings: result.firings })}</strong>
      </p>
      <div className="auto-bar" aria-hidden>
        <span style={{ width: `${(100 * result.fired) / result.conversations}%` }} />
      </div>
      {result.warnings.map((warning, index) => (
        <p key={index} className="rule-warning">
          <TriangleAlert size={14} aria-hidden /> {warningWords(warning, draft.when, t)}
        </p>
      ))}
      <Segmented size="small" aria-label={t('automation.dry.which')} value={which} options={[{ value: 'fires' as const, label: t('automation.dry.fires', { n: fires.length }) }, { value: 'not' as const, label: t('automation.dry.not', { n: not.length }) }]} onChange={setWhich} />
      {items.length === 0 && <p className="muted">{t('automation.dry.nobody')}</p>}
      <ul className="auto-rows">
        {items.map((one) => (
          <li key={one.conversation_id}>
            <div className="auto-line">
              <Link to={`/m/${appid}/desk/workbench/${one.conversation_id}`} target="_blank" rel="noreferrer">
                {one.nickname || t('automation.dry.unnamed')}
              </Link>
              <span className="muted">
                <Ago at={one.opened_at} />
              </span>
              {one.fired_at !== null && (
                <span className="num">
                  {t('automation.dry.times', { n: one.firings })} · {t('automation.dry.last')} <Ago at={one.fired_at} />
                </span>
              )}
            </div>
            {one.events === 0 && <span className="muted">{t('automation.dry.no_event')}</span>}
            {one.compared.length > 0 && <ComparedList compared={one.compared} condition={draft.condition} />}
          </li>
        ))}
      </ul>
    </>
  );
}
