// One entry of the log: which rule, in which conversation, what came of each action, or which comparison did not hold.
import { Button } from 'antd';
import { Check, Minus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { codeText } from '@/shared/api/problems';
import { Mark, type Level } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import type { Entry, Outcome, Rule } from '../api/automation';
import { ComparedList } from './ComparedList';

const levels: Record<Outcome, Level> = { fired: 'ok', not_matched: 'unknown', repeated: 'unknown', too_often: 'warning', paused: 'failed' };

interface Props {
  appid: string;
  entry: Entry;
  rules: Rule[] | undefined;
  only: (() => void) | undefined; // shows this conversation alone
}

export function LogRow({ appid, entry, rules, only }: Props) {
  const { t } = useTranslation();
  const rule = rules?.find((one) => one.id === entry.rule_id);
  // What it compares may be another thing since.
  const asked = rule && rule.updated_at <= entry.at ? rule.condition : undefined;
  const conversation = t('automation.log.of', { id: entry.conversation_id });
  return (
    <li>
      <div className="auto-line">
        {rule ? <Link to={`/m/${appid}/automation?rule=${rule.id}`}>{entry.rule_name}</Link> : <strong>{entry.rule_name}</strong>}
        {rules && !rule && <span className="muted">{t('automation.log.gone')}</span>}
        <Mark level={levels[entry.outcome]}>{t(`automation.outcomes.${entry.outcome}`)}</Mark>
      </div>
      <div className="auto-line muted auto-small">
        <Ago at={entry.at} />
        <span>{t(`automation.events.${entry.event}`)}</span>
        <Link to={`/m/${appid}/desk/workbench/${entry.conversation_id}`}>{conversation}</Link>
        {only && (
          <Button type="link" size="small" aria-label={`${t('automation.log.only')} ${entry.conversation_id}`} onClick={only}>
            {t('automation.log.only')}
          </Button>
        )}
      </div>
      {entry.actions.length > 0 && (
        <ul className="auto-marks">
          {entry.actions.map((action, index) => (
            <ActionResult key={index} action={action} />
          ))}
        </ul>
      )}
      {entry.compared.length > 0 && <ComparedList compared={entry.compared} condition={asked} />}
    </li>
  );
}

function ActionResult({ action: { kind, result, code } }: { action: Entry['actions'][number] }) {
  const { t } = useTranslation();
  const words = t(`automation.results.${result}`);
  return (
    <li>
      {result === 'done' && <Check size={14} className="auto-yes" role="img" aria-label={words} />}
      {result === 'no_effect' && <Minus size={14} className="muted" role="img" aria-label={words} />}
      {result === 'refused' && <X size={14} className="auto-no" role="img" aria-label={words} />}
      <span>
        {t(`quick_replies.kinds.${kind}`)}
        {result !== 'done' && <span className="muted"> · {words}</span>}
        {code && <span className="muted"> · {codeText(code) ?? <span className="mono">{code}</span>}</span>}
      </span>
    </li>
  );
}
