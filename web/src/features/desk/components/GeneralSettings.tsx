// Assignment, and what happens by itself when somebody does not answer.
import { Button, Form, Input, InputNumber, Select, Switch } from 'antd';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { loadStrings } from '@/i18n';
import type { Schemas } from '@/shared/api/client';
import { late } from '@/shared/ui/late';
import { Loaded, Loading, Panel, useNotify } from '@/shared/ui/page';
import { useDeskSettings, useSetDeskSettings } from '../api/settings';
import type { SettingsPart } from './part';

const PrivacySettings = late(async () => (await Promise.all([import('./PrivacySettings'), loadStrings('sealing')]))[0]);

const endWordChars = 20;

export function GeneralSettings({ appid, mayChange }: SettingsPart) {
  const { t } = useTranslation();
  const notify = useNotify();
  const settings = useDeskSettings(appid);
  const set = useSetDeskSettings(appid);
  const minutes = (name: keyof Schemas['DeskSettings'] & `${string}_minutes`, label: string, max = 2880) => (
    <Form.Item name={name} label={label} rules={[{ required: true }]}>
      <InputNumber min={0} max={max} precision={0} />
    </Form.Item>
  );
  const endWords = async (words: string[]) => {
    const long = words.find((one) => [...one].length > endWordChars);
    if (long) throw new Error(t('desk.general.end_words_long', { word: long, n: endWordChars }));
    if (words.some((one) => /^[1-5]$/.test(one.normalize('NFKC').trim()))) throw new Error(t('desk.general.end_words_taken'));
  };
  return (
    <Loaded query={settings}>
      {(data) => (
        <Form<Schemas['DeskSettings']> layout="vertical" requiredMark={false} disabled={!mayChange} initialValues={data} onFinish={(values) => set.mutate(values, { onSuccess: () => notify.done(), onError: notify.failed })}>
          <Panel title={t('desk.general.assignment')}>
            <Form.Item name="auto_assign" label={t('desk.general.auto_assign')} valuePropName="checked">
              <Switch />
            </Form.Item>
            <Form.Item name="load_max_default" label={t('desk.general.load')} rules={[{ required: true }]}>
              <InputNumber min={1} max={200} precision={0} />
            </Form.Item>
            {minutes('reopen_minutes', t('desk.general.reopen'), 10080)}
            <Form.Item name="end_words" label={t('desk.general.end_words')} extra={t('desk.general.end_words_hint')} rules={[{ validator: (_, words: string[]) => endWords(words) }]}>
              <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、']} maxCount={20} placeholder={t('desk.general.end_words_none')} />
            </Form.Item>
            <Form.Item name="grace_seconds" label={t('desk.general.grace')} rules={[{ required: true }]}>
              <InputNumber min={5} max={3600} precision={0} />
            </Form.Item>
          </Panel>
          <Panel title={t('desk.transfer.title')}>
            <Form.Item name="transfer_accept_seconds" label={t('desk.general.transfer_accept')} rules={[{ required: true }]}>
              <InputNumber min={0} max={600} precision={0} />
            </Form.Item>
          </Panel>
          <Panel title={t('desk.general.silent_agent')}>
            <p className="muted panel-note">{t('desk.general.off_at_0')}</p>
            {minutes('agent_remind_minutes', t('desk.general.agent_remind'))}
            {minutes('agent_return_minutes', t('desk.general.agent_return'))}
          </Panel>
          <Panel title={t('desk.general.silent_customer')}>
            <p className="muted panel-note">{t('desk.general.off_at_0')}</p>
            {minutes('silence_warn_minutes', t('desk.general.silence_warn'))}
            <Form.Item name="silence_warn_text" label={t('desk.general.silence_warn_text')}>
              <Input.TextArea rows={2} maxLength={600} placeholder={t('desk.general.silence_warn_default')} />
            </Form.Item>
            {minutes('silence_close_minutes', t('desk.general.silence_close'))}
            <Form.Item name="silence_close_text" label={t('desk.general.silence_close_text')}>
              <Input.TextArea rows={2} maxLength={600} placeholder={t('desk.general.silence_close_default')} />
            </Form.Item>
            <Form.Item name="silence_of_priority" label={t('desk.general.silence_of_priority')} valuePropName="checked">
              <Switch />
            </Form.Item>
          </Panel>
          <Suspense fallback={<Loading rows={3} />}>
            <PrivacySettings />
          </Suspense>
          {mayChange && (
            <Button type="primary" htmlType="submit" loading={set.isPending}>
              {t('common.save')}
            </Button>
          )}
        </Form>
      )}
    </Loaded>
  );
}
