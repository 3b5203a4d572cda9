// 快捷回复: what agents often say, and macros 组合操作, what they often do. The address holds the part, the filters and what is open.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { Macros } from '../components/Macros';
import { Replies } from '../components/Replies';
import './quick_replies.css';

const sections = { replies: Replies, macros: Macros };
const keys = ['replies', 'macros'] as const;

export function QuickRepliesPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { section } = useParams();
  const { can } = usePermissions();
  const shown = keys.find((one) => one === section) ?? 'replies';
  const Part = sections[shown];
  const mayReply = can('desk.reply', appid);
  const base = `/m/${appid}/quick-replies`;
  return (
    <Page title={t('quick_replies.title')} purpose={t('quick_replies.purpose')}>
      {!mayReply && <Alert type="info" showIcon title={t('quick_replies.read_only')} style={{ marginBottom: 16 }} />}
      <Subnav label={t('quick_replies.title')} current={shown} items={keys.map((key) => ({ key, text: t(`quick_replies.sections.${key}`), to: key === 'replies' ? base : `${base}/${key}` }))} />
      <Part key={appid} appid={appid} mayReply={mayReply} mayConfigure={can('desk.configure', appid)} />
    </Page>
  );
}
