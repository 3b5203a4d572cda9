// The chief figures: median and p90 beside the mean, satisfaction never without its answer rate.
import { useTranslation } from 'react-i18next';
import type { Figures, Metric } from '../api/reports';
import { figuresOf, formOf, isThere } from './figures';
import { Definition, Figure, type ToList } from './Figure';
import { figureText } from './names';

const cards: Metric[] = ['first_answer', 'response', 'wait', 'handling', 'first_reaction', 'resolution', 'first_contact', 'satisfaction'];
const counts: Metric[] = ['reopened', 'transfers'];

export function Cards({ totals, to }: { totals: Figures; to: ToList }) {
  return (
    <div className="tiles rep-cards">
      <Conversations totals={totals} to={to} />
      {cards.filter((one) => isThere(totals, one)).map((metric) => (
        <Card key={metric} totals={totals} metric={metric} to={to} />
      ))}
    </div>
  );
}

function Card({ totals, metric, to }: { totals: Figures; metric: Metric; to: ToList }) {
  const { t } = useTranslation();
  const [chief, ...others] = figuresOf[formOf(metric)];
  return (
    <section className="tile">
      <h2 className="tile-label">
        {t(`reports.metrics.${metric}`)} <Definition metric={metric} />
      </h2>
      <div className="tile-value">
        <Figure figures={totals} metric={metric} name={chief!} to={to} />
        {formOf(metric) === 'duration' && <span className="rep-chief">{t('reports.figures.median')}</span>}
      </div>
      <dl className="rep-facts">
        {others.map((name) => (
          <div key={name}>
            <dt>{figureText(metric, name, t)}</dt>
            <dd>
              <Figure figures={totals} metric={metric} name={name} to={to} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

// What is no more than a number stands together.
function Conversations({ totals, to }: { totals: Figures; to: ToList }) {
  const { t } = useTranslation();
  return (
    <section className="tile">
      <h2 className="tile-label">
        {t('reports.metrics.conversations')} <Definition metric="conversations" />
      </h2>
      <div className="tile-value">
        <Figure figures={totals} metric="conversations" name="count" to={to} />
      </div>
      <dl className="rep-facts">
        {counts.map((metric) => (
          <div key={metric}>
            <dt>
              {t(`reports.metrics.${metric}`)} <Definition metric={metric} />
            </dt>
            <dd>
              <Figure figures={totals} metric={metric} name="count" to={to} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
