// 客服设置: automatic replies, hours, words, quick replies, assignment. Each part is in the address.
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Page } from '@/shared/ui/page';
import { GeneralSettings } from '../components/GeneralSettings';
import { HoursSettings } from '../components/HoursSettings';
import { QuickReplySettings } from '../components/QuickReplySettings';
import { RuleSettings } from '../components/RuleSettings';
import { WordSettings } from '../components/WordSettings';
import './settings.css';

const sections = {
  rules: RuleSettings,
  hours: HoursSettings,
  words: WordSettings,
  quick: QuickReplySettings,
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
      <nav className="subnav" aria-label={t('desk.settings.title')}>
        {(Object.keys(sections) as Section[]).map((key) => (
          <Link key={key} to={`/m/${appid}/desk/settings/${key}`} aria-current={key === shown ? 'page' : undefined}>
            {t(`desk.settings.${key}`)}
          </Link>
        ))}
      </nav>
      <Part key={appid} appid={appid} mayChange={mayChange} />
    </Page>
  );
}
