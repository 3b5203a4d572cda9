// 客服设置: automatic replies, hours, words, assignment. Each part is in the address.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { GeneralSettings } from '../components/GeneralSettings';
import { HoursSettings } from '../components/HoursSettings';
import { RuleSettings } from '../components/RuleSettings';
import { WordSettings } from '../components/WordSettings';
import './settings.css';

const sections = {
  rules: RuleSettings,
  hours: HoursSettings,
  words: WordSettings,
  general: GeneralSettings,
};
type Section = keyof typeof sections;

export function SettingsPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { section } = useParams();
  const { can } = usePermissions();
  const mayChange = can('desk.configure', appid);
  const shown = (Object.keys(sections) as Section[]).find((one) => one === section) ?? 'rules';
  const Part = sections[shown];
  return (
    <Page title={t('desk.settings.title')} purpose={t('desk.settings.purpose')}>
      {!mayChange && <Alert type="info" showIcon title={t('desk.settings.read_only')} style={{ marginBottom: 16 }} />}
      <Subnav label={t('desk.settings.title')} current={shown} items={(Object.keys(sections) as Section[]).map((key) => ({ key, text: t(`desk.settings.${key}`), to: `/m/${appid}/desk/settings/${key}` }))} />
      <Part key={appid} appid={appid} mayChange={mayChange} />
    </Page>
  );
}
