// Where customers are lost on the way from a closed conversation to a score, and how the scores are spread.
import { useTranslation } from 'react-i18next';
import { countText, percentText } from '@/shared/charts/numbers';
import { Panel } from '@/shared/ui/page';
import type { Figures } from '../api/satisfaction';
import { funnelOf, spreadOf } from './figures';
import type { Score } from './filters';

const Bar = ({ part, low }: { part: number; low?: boolean }) => (
  <span className="sat-bar" aria-hidden>
    <span className={low ? 'sat-bar-low' : undefined} style={{ width: `${part * 100}%` }} />
  </span>
);

export function Funnel({ total }: { total: Figures }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('satisfaction.funnel.title')}>
      <ol className="sat-bars">
        {funnelOf(total).map(({ step, n, part, ofBefore }) => (
          <li key={step}>
            <span className="sat-bar-row">
              <span>{t(`satisfaction.steps.${step}`)}</span>
              <Bar part={part} />
              <span className="num sat-right">{countText(n)}</span>
              <span className="num muted sat-right">{ofBefore !== null && percentText(ofBefore)}</span>
            </span>
            <span className="muted sat-small">{t(`satisfaction.funnel.${step}`)}</span>
          </li>
        ))}
      </ol>
      <p className="muted sat-small">{t('satisfaction.funnel.hint')}</p>
    </Panel>
  );
}

const lowest: Score = 2; // from here down it is low

// choose: a press narrows the list to one score, the next one widens it again.
export function Spread({ total, chosen, choose }: { total: Figures; chosen: Score | 0; choose?: (score: Score | 0) => void }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('satisfaction.spread.title')}>
      <ul className="sat-bars" aria-label={t('satisfaction.spread.title')}>
        {spreadOf(total).map(({ score, n, part }) => {
          const row = (
            <>
              <span>{t(`satisfaction.score_words.${score}`)}</span>
              <Bar part={part} low={score <= lowest} />
              <span className="num sat-right">{countText(n)}</span>
              <span className="num muted sat-right">{percentText(part)}</span>
            </>
          );
          return (
            <li key={score}>
              {choose ? (
                <button type="button" className="sat-bar-row sat-bar-button" aria-pressed={chosen === score} onClick={() => choose(chosen === score ? 0 : score)}>
                  {row}
                </button>
              ) : (
                <span className="sat-bar-row">{row}</span>
              )}
            </li>
          );
        })}
      </ul>
      <p className="muted sat-small">{choose ? t('satisfaction.spread.hint') : t('satisfaction.scores.hidden')}</p>
    </Panel>
  );
}
