// Advice 优化建议: six rules, each with what it saw, what to change in WeChat's own words, and what that would gain.
import i18next from 'i18next';
import { CircleCheck, CircleHelp, Lightbulb } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { bytesText, countText, msText, percentText } from '@/shared/charts/numbers';
import { Empty, Loaded } from '@/shared/ui/page';
import { useAdvice, type AdviceItem } from '../api/performance';
import { metrics, searchOf, withWord, type Question, type View } from './address';

interface Props {
  appid: string;
  view: View;
  question: Question;
}

const units = { ms: msText, bytes: bytesText, count: countText, share: (value: number) => percentText(value) };
const icons = { found: Lightbulb, ok: CircleCheck, needs_data: CircleHelp };

export function Advice({ appid, view, question }: Props) {
  const { t } = useTranslation();
  const advice = useAdvice(appid, question);
  return (
    <Loaded query={advice} rows={8}>
      {(items) => (items.length === 0 ? <Empty title={t('performance.advice.none')} /> : <div className="perf-advice">{items.map((one) => <Rule key={one.rule} appid={appid} view={view} item={one} />)}</div>)}
    </Loaded>
  );
}

function Rule({ appid, view, item }: { appid: string; view: View; item: AdviceItem }) {
  const { t } = useTranslation();
  const { rule, status, evidence, where, change, gain } = item;
  const Icon = icons[status];
  return (
    <section className={`panel perf-rule perf-rule-${status}`} aria-labelledby={`rule-${rule}`}>
      <header>
        <Icon size={18} aria-hidden />
        <h2 id={`rule-${rule}`}>{t(`performance.advice.rules.${rule}.title`)}</h2>
        <span className="perf-rule-status">{t(`performance.advice.statuses.${status}`)}</span>
      </header>
      <p className="muted">{t(`performance.advice.rules.${rule}.what`)}</p>
      {gain && (
        <p className="perf-gain">
          <strong className="num">{t('performance.advice.gain', { low: msText(gain.ms_low), high: msText(gain.ms_high) })}</strong>{' '}
          <span className="muted num">{t('performance.advice.gain_of', { metric: t(`performance.advice.gains.${gain.metric}`), ms: msText(gain.ms), share: percentText(gain.share_of_users) })}</span>
        </p>
      )}
      {change.length > 0 && (
        <>
          <h3>{t('performance.advice.change')}</h3>
          <ul className="perf-changes">
            {change.map(({ code, parameters }, index) => (
              <li key={index}>
                <strong>{t(`performance.advice.changes.${code}.title`)}</strong>
                <p>{t(`performance.advice.changes.${code}.how`, namedOf(parameters))}</p>
                {code === 'compare_release' && <Link to={compareAddress(appid, view, parameters)}>{t('performance.advice.open_compare')}</Link>}
              </li>
            ))}
          </ul>
        </>
      )}
      {evidence.length > 0 && (
        <>
          <h3>{t('performance.advice.seen')}</h3>
          <dl className="facts perf-evidence">
            {evidence.map((one) => (
              <div key={one.name}>
                <dt>{t(`performance.advice.evidence.${one.name}`)}</dt>
                <dd className="num">{units[one.unit](one.value)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {where.length > 0 && (
        <>
          <h3>{t('performance.advice.where')}</h3>
          <ul className="perf-places">
            {where.map((one) => (
              <li key={`${one.kind} ${one.name}`}>
                <span className="muted">{t(`performance.advice.kinds.${one.kind}`)}</span>{' '}
                {one.kind === 'page' || one.kind === 'release' ? <Link to={`/m/${appid}/performance?${searchOf({ ...view, words: withWord(view.words, one.kind, one.name) })}`}>{one.name}</Link> : <span className="perf-name">{one.name}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

type Parameters = AdviceItem['change'][number]['parameters'];

const textOf = (value: string | number | undefined) => (value === undefined ? '' : String(value));

// What the words of a change name, as people read it.
function namedOf(parameters: Parameters) {
  const metric = metrics.find((one) => one === parameters.metric);
  const number = (name: string) => Number(parameters[name] ?? 0);
  return {
    page: textOf(parameters.page),
    package: textOf(parameters.package),
    release: textOf(parameters.release),
    before: textOf(parameters.before),
    metric: metric ? i18next.t(`performance.metrics.${metric}`) : '',
    bytes: bytesText(number('bytes')),
    ms: msText(number('ms')),
    n: countText(Math.round(number('count'))),
  };
}

const compareAddress = (appid: string, view: View, { release, before, metric }: Parameters) =>
  `/m/${appid}/performance/compare?${searchOf({ ...view, baseline: 'release', a: textOf(before), b: textOf(release), metric: metrics.find((one) => one === metric) ?? view.metric })}`;
