// 客服设置: automatic replies, hours, words, checks, queue notices, assignment. Each part is in the address.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { ContentCheckSettings } from '../components/ContentCheckSettings';
import { GeneralSettings } from '../components/GeneralSettings';
import { HoursSettings } from '../components/HoursSettings';
import { QueueSettings } from '../components/QueueSettings';
import { RuleSettings } from '../components/RuleSettings';
import { WordSettings } from '../components/WordSettings';
import './settings.css';

const sections = {
  rules: RuleSettings,
  hours: HoursSettings,
  words: WordSettings,
  checks: ContentCheckSettings,
  queue: QueueSettings,
  general: GeneralSettings,
};
type Section = keyof typeof sections;

export function SettingsPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { section } = useParams();
  const { can } = usePermissions();
  const mayChange = can('desk.configure', appid);
  // How texts are checked is for those who set it up.
  const offered = (Object.keys(sections) as Section[]).filter((one) => mayChange || one !== 'checks');
  const shown = offered.find((one) => one === section) ?? 'rules';
  const Part = sections[shown];
  return (
    <Page title={t('desk.settings.title')} purpose={t('desk.settings.purpose')}>
      {!mayChange && <Alert type="info" showIcon title={t('desk.settings.read_only')} style={{ marginBottom: 16 }} />}
      <Subnav label={t('desk.settings.title')} current={shown} items={offered.map((key) => ({ key, text: t(`desk.settings.${key}`), to: `/m/${appid}/desk/settings/${key}` }))} />
      <Part key={appid} appid={appid} mayChange={mayChange} />
    </Page>
  );
}
