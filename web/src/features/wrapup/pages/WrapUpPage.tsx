// 会话小结: what agents are asked when a conversation ends. The address holds the part.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { Fields } from '../components/Fields';
import { Reasons } from '../components/Reasons';
import './wrapup.css';

const parts = { reasons: Reasons, fields: Fields };
const sections = ['reasons', 'fields'] as const;

export function WrapUpPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { section: named } = useParams();
  const section = sections.find((one) => one === named) ?? 'reasons';
  const { can } = usePermissions();
  const mayConfigure = can('desk.configure', appid);
  const base = `/m/${appid}/wrap-up`;
  const Part = parts[section];
  return (
    <Page title={t('wrapup.title')} purpose={t('wrapup.purpose')}>
      {!mayConfigure && <Alert type="info" showIcon title={t('wrapup.read_only')} style={{ marginBottom: 16 }} />}
      <Subnav label={t('wrapup.title')} current={section} items={sections.map((key) => ({ key, text: t(`wrapup.sections.${key}`), to: key === 'reasons' ? base : `${base}/${key}` }))} />
      <Part key={appid} appid={appid} mayConfigure={mayConfigure} />
    </Page>
  );
}
