// 客服团队: groups, agents, what they can, which customer goes where, and what other rules would change.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { Agents } from '../components/Agents';
import { useDrafts } from '../components/drafts';
import { Groups } from '../components/Groups';
import { Replay } from '../components/Replay';
import { Rules } from '../components/Rules';
import { Settings } from '../components/Settings';
import { Simulator } from '../components/Simulator';
import './teams.css';

const everybodys = ['groups', 'agents', 'settings', 'rules'] as const;

export function TeamsPage() {
  const appid = useAppId();
  return <Teams key={appid} appid={appid} />;
}

function Teams({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const { section } = useParams();
  const { can, canSome } = usePermissions();
  const mayConfigure = can('desk.configure', appid);
  const store = useDrafts(appid);
  // The server answers nobody else.
  const mayTry = mayConfigure || canSome('desk.supervise', appid);
  const sections = [...everybodys, ...(mayTry ? (['try'] as const) : []), ...(mayConfigure ? (['replay'] as const) : [])];
  const shown = sections.find((one) => one === section) ?? 'groups';
  const base = `/m/${appid}/teams`;
  return (
    <Page wide title={t('teams.title')} purpose={t('teams.purpose')}>
      {!mayConfigure && <Alert type="info" showIcon title={t('teams.read_only')} style={{ marginBottom: 16 }} />}
      <Subnav label={t('teams.title')} current={shown} items={sections.map((key) => ({ key, text: t(`teams.sections.${key}`), to: key === 'groups' ? base : `${base}/${key}` }))} />
      {shown === 'groups' && <Groups appid={appid} mayConfigure={mayConfigure} />}
      {shown === 'agents' && <Agents appid={appid} mayConfigure={mayConfigure} />}
      {shown === 'settings' && <Settings appid={appid} mayConfigure={mayConfigure} />}
      {shown === 'rules' && <Rules appid={appid} mayConfigure={mayConfigure} store={store} />}
      {shown === 'try' && <Simulator appid={appid} store={store} />}
      {shown === 'replay' && <Replay appid={appid} store={store} />}
    </Page>
  );
}
