// 自动化规则: when something happens to a conversation, if a condition holds, then something is done; and the log of it.
// The address holds the part, the filters and what is open.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { Log } from '../components/Log';
import { Rules } from '../components/Rules';
import './automation.css';

const keys = ['rules', 'log'] as const;

export function AutomationPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { section } = useParams();
  const { can } = usePermissions();
  const mayConfigure = can('desk.configure', appid);
  const shown = mayConfigure && section === 'log' ? 'log' : 'rules'; // the server shows the log to nobody else
  const base = `/m/${appid}/automation`;
  return (
    <Page title={t('automation.title')} purpose={t('automation.purpose')}>
      {!mayConfigure && <Alert type="info" showIcon title={t('automation.read_only')} style={{ marginBottom: 16 }} />}
      {mayConfigure && <Subnav label={t('automation.title')} current={shown} items={keys.map((key) => ({ key, text: t(`automation.sections.${key}`), to: key === 'rules' ? base : `${base}/${key}` }))} />}
      {shown === 'rules' ? <Rules key={appid} appid={appid} mayConfigure={mayConfigure} /> : <Log key={appid} appid={appid} />}
    </Page>
  );
}
