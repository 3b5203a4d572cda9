// A score, as a word and as stars.
import { Star } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { scores } from './filters';

export function Stars({ score }: { score: number }) {
  const { t } = useTranslation();
  return (
    <span className="sat-score">
      <strong className="num">{t('satisfaction.points', { n: score })}</strong>
      <span className="sat-stars" aria-hidden>
        {scores.map((_, index) => (
          <Star key={index} size={14} className={index < score ? 'sat-star-full' : undefined} />
        ))}
      </span>
    </span>
  );
}
