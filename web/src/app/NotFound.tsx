import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty } from '@/shared/ui/page';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <>
      <h1 className="sr-only">{t('common.not_found.title')}</h1>
      <Empty title={t('common.not_found.title')} text={t('common.not_found.text')} action={<Link to="/">{t('common.not_found.home')}</Link>} />
    </>
  );
}
