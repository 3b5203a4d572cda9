// 客户: who they are, segments of them, who may be one person, who is blocked, and how they come in.
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { Blacklist } from '../components/Blacklist';
import { Entrances } from '../components/Entrances';
import { PeopleList } from '../components/PeopleList';
import { Proposals } from '../components/Proposals';
import { Segments } from '../components/Segments';
import { Settings } from '../components/Settings';
import './people.css';

const sections = ['people', 'segments', 'proposals', 'blacklist', 'entrances', 'settings'] as const;

export function PeoplePage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { pathname } = useLocation();
  const { can } = usePermissions();
  const section = sections.find((one) => one !== 'people' && pathname.endsWith(`/people/${one}`)) ?? 'people';
  const mayChange = can('desk.reply', appid);
  const mayConfigure = can('desk.configure', appid);
  const base = `/m/${appid}/people`;
  return (
    <Page wide title={t('people.title')} purpose={t('people.purpose')}>
      <Subnav label={t('people.title')} current={section} items={sections.map((key) => ({ key, text: t(`people.sections.${key}`), to: key === 'people' ? base : `${base}/${key}` }))} />
      {section === 'people' && <PeopleList key={appid} appid={appid} />}
      {section === 'segments' && <Segments key={appid} appid={appid} mayConfigure={mayConfigure} />}
      {section === 'proposals' && <Proposals appid={appid} mayChange={mayChange} />}
      {section === 'blacklist' && <Blacklist appid={appid} mayChange={mayChange} />}
      {section === 'entrances' && <Entrances key={appid} appid={appid} mayConfigure={mayConfigure} />}
      {section === 'settings' && <Settings appid={appid} mayConfigure={mayConfigure} />}
    </Page>
  );
}
