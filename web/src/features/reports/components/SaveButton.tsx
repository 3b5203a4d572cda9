// What is shown, as a file from the server: for Excel, or as CSV.
import { Button, Dropdown } from 'antd';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Days } from '@/shared/charts/wholeDays';
import { useNotify } from '@/shared/ui/page';
import { formats, useSaveAgents, useSaveConversations, useSaveFigures, useSavePrograms, type Format, type Question, type Span } from '../api/reports';
import { byOf, intervalAsked, listedOf, type Section } from './address';
import { intervalFor } from './plots';

// what: whose file it is, where several can be taken
function SaveMenu({ loading, what, save }: { loading: boolean; what?: string; save(format: Format): void }) {
  const { t } = useTranslation();
  return (
    <Dropdown trigger={['click']} autoFocus placement="bottomRight" menu={{ items: formats.map((key) => ({ key, label: t(`reports.formats.${key}`) })), onClick: ({ key }) => save(key as Format) }}>
      <Button icon={<Download size={15} aria-hidden />} loading={loading}>
        {what ?? t('reports.save')}
      </Button>
    </Dropdown>
  );
}

function useFileName(part: string, days: Days) {
  const { t } = useTranslation();
  return (format: Format) => `${t('reports.title')} ${part} ${days.from} ${days.to}.${format}`;
}

export function SaveButton({ appid, section, search, question, days }: { appid: string; section: Section; search: URLSearchParams; question: Question; days: Days }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const figures = useSaveFigures(appid);
  const conversations = useSaveConversations(appid);
  const name = useFileName(t(`reports.sections.${section}`), days);
  const save = (format: Format) => {
    const file = { name: name(format), format, question };
    if (section === 'conversations') return conversations.mutate({ ...file, listed: listedOf(search) }, { onError: notify.failed });
    const by = byOf[section];
    figures.mutate({ ...file, cut: by ? { by } : { interval: intervalFor(intervalAsked(search), days) } }, { onError: notify.failed });
  };
  return <SaveMenu loading={figures.isPending || conversations.isPending} save={save} />;
}

export function SaveAgents({ appid, span, days }: { appid: string; span: Span; days: Days }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const agents = useSaveAgents(appid);
  const name = useFileName(t('reports.times.title'), days);
  return <SaveMenu loading={agents.isPending} what={t('reports.times.save')} save={(format) => agents.mutate({ name: name(format), format, span }, { onError: notify.failed })} />;
}

export function SavePrograms({ span, days }: { span: Span; days: Days }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const programs = useSavePrograms();
  const name = useFileName(t('reports.sections.programs'), days);
  return <SaveMenu loading={programs.isPending} save={(format) => programs.mutate({ name: name(format), format, span }, { onError: notify.failed })} />;
}
