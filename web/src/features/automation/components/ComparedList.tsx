// What a condition compared, and whether it held; never what was there.
import { Check, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Compared, Rule } from '../api/automation';
import { comparedWords } from './words';

export function ComparedList({ compared, condition }: { compared: Compared[]; condition: Rule['condition'] | undefined }) {
  const { t } = useTranslation();
  return (
    <ul className="auto-marks">
      {compared.map((one, index) => (
        <li key={index}>
          {one.held ? <Check size={14} className="auto-yes" role="img" aria-label={t('automation.held.yes')} /> : <X size={14} className="auto-no" role="img" aria-label={t('automation.held.no')} />}
          <span>{comparedWords(one, condition, t)}</span>
        </li>
      ))}
    </ul>
  );
}
