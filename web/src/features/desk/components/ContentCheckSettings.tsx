// 内容检查: what comes of words, whether WeChat is asked, what is left out; and the checkers.
import { Button, Form, Radio, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useContentCheck, useSetContentCheck, type Action, type Failing } from '../api/contentCheck';
import { Checkers } from './Checkers';
import type { SettingsPart } from './part';

const phraseMax = 200;
const phraseCharsMax = 100;

type Values = Omit<Schemas['ContentCheckSettings'], 'version'>;

export const useActionOptions = () => {
  const { t } = useTranslation();
  return (['block', 'warn'] as Action[]).map((value) => ({ value, label: t(`content_check.actions.${value}`) }));
};
export const useFailingOptions = () => {
  const { t } = useTranslation();
  return (['open', 'closed'] as Failing[]).map((value) => ({ value, label: t(`content_check.failing.${value}`) }));
};

export const cleanPhrases = (written: string[]) => [...new Set(written.map((one) => [...one.trim()].slice(0, phraseCharsMax).join('')).filter(Boolean))].slice(0, phraseMax);

export function ContentCheckSettings({ appid, mayChange }: SettingsPart) {
  const { t } = useTranslation();
  const checks = useContentCheck(appid);
  return (
    <>
      <p className="muted panel-note">{t('content_check.hint')}</p>
      <Loaded query={checks}>
        {(data) => (
          <>
            <Settings appid={appid} mayChange={mayChange} data={data} />
            <Checkers appid={appid} checkers={data.checkers} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Settings({ appid, mayChange, data }: SettingsPart & { data: Schemas['ContentCheck'] }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const set = useSetContentCheck(appid);
  const actions = useActionOptions();
  const failing = useFailingOptions();
  const [form] = Form.useForm<Values>();
  const asked = Form.useWatch(['wechat', 'enabled'], form) ?? data.wechat.enabled;
  const { words, wechat, leave_out, version } = data;
  return (
    <Form form={form} layout="vertical" requiredMark={false} disabled={!mayChange} initialValues={{ words, wechat, leave_out }} onFinish={(values) => set.mutate({ version, words: values.words, wechat: { ...wechat, ...values.wechat }, leave_out: cleanPhrases(values.leave_out ?? []) }, { onSuccess: () => notify.done(), onError: notify.failed })}>
      <Panel title={t('content_check.words.title')}>
        <Form.Item name="words" label={t('content_check.words.action')}>
          <Radio.Group aria-label={t('content_check.words.action')} options={actions} />
        </Form.Item>
      </Panel>
      <Panel title={t('content_check.wechat.title')}>
        <p className="muted panel-note">{t('content_check.wechat.hint')}</p>
        <Form.Item name={['wechat', 'enabled']} label={t('content_check.wechat.enabled')} valuePropName="checked">
          <Switch />
        </Form.Item>
        {asked && (
          <>
            <Form.Item name={['wechat', 'action']} label={t('content_check.wechat.action')} extra={t('content_check.review_hint')}>
              <Radio.Group aria-label={t('content_check.wechat.action')} options={actions} />
            </Form.Item>
            <Form.Item name={['wechat', 'unanswered']} label={t('content_check.wechat.unanswered')}>
              <Radio.Group aria-label={t('content_check.wechat.unanswered')} options={failing} />
            </Form.Item>
            <Form.Item name={['wechat', 'inactive']} label={t('content_check.wechat.inactive')}>
              <Radio.Group aria-label={t('content_check.wechat.inactive')} options={failing} />
            </Form.Item>
          </>
        )}
      </Panel>
      <Panel title={t('content_check.leave_out.title')}>
        <Form.Item name="leave_out" label={t('content_check.leave_out.label')} extra={t('content_check.leave_out.hint')}>
          <Select mode="tags" open={false} suffixIcon={null} maxCount={phraseMax} />
        </Form.Item>
      </Panel>
      {mayChange && (
        <Button type="primary" htmlType="submit" loading={set.isPending} className="checks-save">
          {t('common.save')}
        </Button>
      )}
    </Form>
  );
}
