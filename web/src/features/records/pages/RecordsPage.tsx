// 会话记录: what was said, found and read; exports; one person's data; how long it is kept. The address holds the part, the
// conditions, and what is read.
import { Button } from 'antd';
import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { useZone } from '@/shared/ui/time';
import { filtersOf, openOf, questionOf, sections, withFilters, withOpen, type Section } from '../components/address';
import { ExportDialog } from '../components/ExportDialog';
import { Exports } from '../components/Exports';
import { Hits } from '../components/Hits';
import { Holds } from '../components/Holds';
import { Persons } from '../components/Persons';
import { Reading } from '../components/Reading';
import { RetentionPanel } from '../components/RetentionPanel';
import { SearchBar } from '../components/SearchBar';
import './records.css';

export function RecordsPage() {
  const appid = useAppId();
  return <Records key={appid} appid={appid} />;
}

// What somebody may not do is not offered.
function useSections(appid: string): Section[] {
  const { can } = usePermissions();
  const may: Record<Section, boolean> = { search: true, exports: can('desk.export', appid), persons: can('personal_data.read', appid) && can('desk.configure', appid), settings: can('desk.configure', appid) };
  return sections.filter((one) => may[one]);
}

function Records({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const navigate = useNavigate();
  const { section: named } = useParams();
  const offered = useSections(appid);
  const section = offered.find((one) => one === named) ?? 'search';
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search);
  const written = JSON.stringify(filters);
  const question = useMemo(() => questionOf(JSON.parse(written) as typeof filters, zone), [written, zone]);
  const { open, seq } = openOf(search);
  const [exporting, setExporting] = useState(false);
  const base = `/m/${appid}/desk/records`;
  const to = (key: Section) => `${key === 'search' ? base : `${base}/${key}`}${search.size > 0 ? `?${search}` : ''}`;
  return (
    <Page
      wide
      title={t('records.title')}
      purpose={t('records.purpose')}
      actions={
        section === 'search' &&
        offered.includes('exports') && (
          <Button icon={<Download size={15} aria-hidden />} onClick={() => setExporting(true)}>
            {t('records.exports.add')}
          </Button>
        )
      }
    >
      <Subnav label={t('records.title')} current={section} items={offered.map((key) => ({ key, text: t(`records.sections.${key}`), to: to(key) }))} />
      {section === 'search' && (
        <>
          <SearchBar appid={appid} filters={filters} change={(part) => setSearch(withFilters(search, part))} />
          <div className={open ? 'rec-split rec-split-open' : 'rec-split'}>
            <section className="panel rec-list" aria-label={t('records.found')}>
              <Hits appid={appid} question={question} />
            </section>
            <section className="panel rec-reading" aria-label={t('records.read.title')} tabIndex={0}>
              <Reading appid={appid} id={open} seq={seq} q={filters.q} close={() => setSearch(withOpen(search, ''))} />
            </section>
          </div>
          {exporting && <ExportDialog appid={appid} filters={filters} question={question} close={() => setExporting(false)} begun={() => void navigate(`${base}/exports`)} />}
        </>
      )}
      {section === 'exports' && <Exports appid={appid} />}
      {section === 'persons' && <Persons appid={appid} />}
      {section === 'settings' && (
        <>
          <RetentionPanel appid={appid} />
          <Holds appid={appid} />
        </>
      )}
      {section !== 'search' && <p className="muted">{t('records.audited')}</p>}
    </Page>
  );
}
