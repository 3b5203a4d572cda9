// What becomes of numbers of people in messages, and the privacy notice that greetings carry. A part of the form around it.
import { Form, Input, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/ui/page';

export default function PrivacySettings() {
  const { t } = useTranslation();
  return (
    <Panel title={t('sealing.settings.title')}>
      <Form.Item name="seal_numbers" label={t('sealing.settings.seal')} extra={t('sealing.settings.seal_hint')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="privacy_link" label={t('sealing.settings.link')} extra={t('sealing.settings.link_hint')} normalize={(text: string) => text.trim()} rules={[{ pattern: /^https:\/\/[^\s"<]+$/, message: t('sealing.settings.link_wrong') }]}>
        <Input maxLength={500} inputMode="url" placeholder="https://" />
      </Form.Item>
      <Form.Item
        name="privacy_version"
        label={t('sealing.settings.version')}
        dependencies={['privacy_link']}
        normalize={(text: string) => text.trim()}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, version?: string) => (!version === !getFieldValue('privacy_link') ? Promise.resolve() : Promise.reject(new Error(t('sealing.settings.version_needed')))),
          }),
        ]}
      >
        <Input maxLength={32} placeholder="2026-11" />
      </Form.Item>
    </Panel>
  );
}
