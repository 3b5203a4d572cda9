// Releases, alerts and incidents on the time axis: a line in the drawing, and a place above it that tells and leads there.
import { Popover } from 'antd';
import { Bell, Rocket, Siren } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Exact } from '../ui/time';
import { gravest, type Mark, type MarkGroup } from './happenings';

const icons = { release: Rocket, alert: Bell, incident: Siren };
const classOf = (mark: Mark) => `chart-mark-${mark.kind === 'release' ? 'release' : (mark.level ?? 'info')}`;

export function MarkLines({ groups, left, top, bottom }: { groups: MarkGroup[]; left: number; top: number; bottom: number }) {
  return (
    <>
      {groups.map(({ x, marks }) => (
        <line key={x} x1={left + x} x2={left + x} y1={top} y2={bottom} className={`chart-mark-line ${classOf(gravest(marks))}`} />
      ))}
    </>
  );
}

export function MarkPlaces({ groups, left }: { groups: MarkGroup[]; left: number }) {
  const { t } = useTranslation();
  return (
    <>
      {groups.map(({ x, marks }) => {
        const worst = gravest(marks);
        const Icon = icons[worst.kind];
        const label = marks.length === 1 ? `${t(`charts.marks.${worst.kind}`)}: ${worst.text}` : t('charts.marks.several', { n: marks.length, first: worst.text });
        return (
          <Popover key={x} trigger={['hover', 'focus', 'click']} content={<MarkList marks={marks} />}>
            <button type="button" className={`chart-mark ${classOf(worst)}`} style={{ left: left + x }} aria-label={label}>
              {marks.length > 1 ? marks.length : <Icon size={12} aria-hidden />}
            </button>
          </Popover>
        );
      })}
    </>
  );
}

function MarkList({ marks }: { marks: Mark[] }) {
  const { t } = useTranslation();
  return (
    <ul className="chart-mark-list">
      {marks.map((one, index) => (
        <li key={index}>
          <span className="muted">{t(`charts.marks.${one.kind}`)}</span> {one.to ? <Link to={one.to}>{one.text}</Link> : one.text}
          <div className="muted">
            <Exact at={one.at} />
            {one.until && (
              <>
                {' – '}
                <Exact at={one.until} />
              </>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
