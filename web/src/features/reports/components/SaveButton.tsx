// What is shown, as CSV from the server.
import { Button } from 'antd';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Days } from '@/shared/charts/wholeDays';
import { useNotify } from '@/shared/ui/page';
import { useSaveConversations, useSaveFigures, type Question } from '../api/reports';
import { byOf, intervalAsked, listedOf, type Section } from './address';
import { intervalFor } from './plots';

export function SaveButton({ appid, section, search, question, days }: { appid: string; section: Section; search: URLSearchParams; question: Question; days: Days }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const figures = useSaveFigures(appid);
  const conversations = useSaveConversations(appid);
  const name = `${t('reports.title')} ${t(`reports.sections.${section}`)} ${days.from} ${days.to}.csv`;
  const save = () => {
    if (section === 'conversations') return conversations.mutate({ name, question, listed: listedOf(search) }, { onError: notify.failed });
    const by = byOf[section];
    figures.mutate({ name, question, cut: by ? { by } : { interval: intervalFor(intervalAsked(search), days) } }, { onError: notify.failed });
  };
  return (
    <Button icon={<Download size={15} aria-hidden />} loading={figures.isPending || conversations.isPending} onClick={save}>
      {t('reports.save')}
    </Button>
  );
}
