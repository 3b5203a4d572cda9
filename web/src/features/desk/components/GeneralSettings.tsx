import { Button, Form, InputNumber, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useDeskSettings, useSetDeskSettings } from '../api/settings';
import type { SettingsPart } from './part';

export function GeneralSettings({ appid, mayChange }: SettingsPart) {
  const { t } = useTranslation();
  const notify = useNotify();
  const settings = useDeskSettings(appid);
  const set = useSetDeskSettings(appid);
  return (
    <Panel>
      <Loaded query={settings}>
        {(data) => (
          <Form<Schemas['DeskSettings']>
            layout="vertical"
            requiredMark={false}
            disabled={!mayChange}
            initialValues={data}
            onFinish={({ reopen_minutes, grace_seconds, load_max_default, auto_assign }) =>
              set.mutate({ reopen_minutes, grace_seconds, load_max_default, auto_assign }, { onSuccess: () => notify.done(), onError: notify.failed })
            }
          >
            <Form.Item name="auto_assign" label={t('desk.general.auto_assign')} valuePropName="checked">
              <Switch />
            </Form.Item>
            <Form.Item name="load_max_default" label={t('desk.general.load')} rules={[{ required: true }]}>
              <InputNumber min={1} max={200} />
            </Form.Item>
            <Form.Item name="reopen_minutes" label={t('desk.general.reopen')} rules={[{ required: true }]}>
              <InputNumber min={0} max={10080} />
            </Form.Item>
            <Form.Item name="grace_seconds" label={t('desk.general.grace')} rules={[{ required: true }]}>
              <InputNumber min={5} max={3600} />
            </Form.Item>
            {mayChange && (
              <Button type="primary" htmlType="submit" loading={set.isPending}>
                {t('common.save')}
              </Button>
            )}
          </Form>
        )}
      </Loaded>
    </Panel>
  );
}
