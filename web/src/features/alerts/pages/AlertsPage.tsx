// 告警: what is wrong now, the rules that say so, incidents, and who is told.
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { AlertList } from '../components/AlertList';
import { Channels } from '../components/Channels';
import { Incidents } from '../components/Incidents';
import { Receivers } from '../components/Receivers';
import { Rules } from '../components/Rules';
import { Silences } from '../components/Silences';
import './alerts.css';

const sections = ['alerts', 'rules', 'incidents', 'channels', 'receivers', 'silences'] as const;

export function AlertsPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { pathname } = useLocation();
  const { can } = usePermissions();
  const section = sections.find((one) => one !== 'alerts' && pathname.endsWith(`/alerts/${one}`)) ?? 'alerts';
  const mayManage = can('alerts.manage', appid);
  const mayHandle = can('alerts.handle', appid);
  const base = `/m/${appid}/alerts`;
  return (
    <Page wide title={t('alerts.title')} purpose={t('alerts.purpose')}>
      <Subnav label={t('alerts.title')} current={section} items={sections.map((key) => ({ key, text: t(`alerts.sections.${key}`), to: key === 'alerts' ? base : `${base}/${key}` }))} />
      {section === 'alerts' && <AlertList appid={appid} />}
      {section === 'rules' && <Rules appid={appid} mayManage={mayManage} />}
      {section === 'incidents' && <Incidents appid={appid} mayHandle={mayHandle} />}
      {section === 'channels' && <Channels appid={appid} mayManage={mayManage} />}
      {section === 'receivers' && <Receivers appid={appid} mayManage={mayManage} />}
      {section === 'silences' && <Silences appid={appid} mayHandle={mayHandle} />}
    </Page>
  );
}
