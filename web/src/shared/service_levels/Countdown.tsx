// A countdown: text, an icon whose shape says how much of the target is used, and a colour besides.
import { CirclePause, Clock3, OctagonAlert, Siren, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSecond } from '../ui/second';
import { exactTime, useZone } from '../ui/time';
import './countdown.css';
import { shapeAt, textAt, type Mark, type Shape } from './marks';

const icons = { none: Clock3, half: TriangleAlert, most: OctagonAlert, breached: Siren, paused: CirclePause };

// Drawn again only when what it says differs: within the hour each second, before that each minute.
export function Countdown({ mark, named }: { mark: Mark; named?: boolean }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [shape, text] = useSecond((now) => `${shapeAt(mark, now)}\n${textAt(mark, now)}`).split('\n') as [Shape, string];
  const Icon = icons[shape];
  const kind = t(`desk.levels.kinds.${mark.kind}`);
  const said = shape === 'half' || shape === 'most' ? t(`desk.levels.levels.${shape}`) : '';
  const title = [kind, said, mark.due_at !== null && t('desk.levels.due', { at: exactTime(mark.due_at, zone) })].filter(Boolean).join(' · ');
  return (
    <span className={`countdown countdown-${shape} num`} title={title}>
      <Icon size={12} aria-hidden />
      <span className={named ? undefined : 'sr-only'}>{kind}</span>
      <span>{text}</span>
      {said && <span className="sr-only">{said}</span>}
    </span>
  );
}
