// What is filtered, each part of it removable.
import { Button } from 'antd';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import './chips.css';

export interface ChipItem {
  key: string;
  text: string;
  remove(): void;
}

export function Chips({ label, items, clear }: { label: string; items: ChipItem[]; clear?(): void }) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <ul className="chips" aria-label={label}>
      {items.map(({ key, text, remove }) => (
        <li key={key} className="chip">
          <span className="chip-text" title={text}>
            {text}
          </span>
          <button type="button" className="chip-remove" aria-label={t('common.filters.remove', { what: text })} onClick={remove}>
            <X size={14} aria-hidden />
          </button>
        </li>
      ))}
      {clear && (
        <li>
          <Button type="link" size="small" onClick={clear}>
            {t('common.filters.clear')}
          </Button>
        </li>
      )}
    </ul>
  );
}
