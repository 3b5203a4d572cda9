// A number on the wall, and the way to what it was counted from. What stands for itself needs no other name.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

export function BoardNumber({ text, to, what }: { text: string; to?: string; what?: string }) {
  const { t } = useTranslation();
  if (!to) return text;
  return (
    <Link className="board-way" to={to} aria-label={what && t('reports.see', { what, n: text })}>
      {text}
    </Link>
  );
}
