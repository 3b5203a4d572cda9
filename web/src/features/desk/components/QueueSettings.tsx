// 排队提示: what customers who wait are told by themselves, leaving a message, and how it reads.
import { Button, Form, Input, InputNumber, Switch } from 'antd';
import type { Rule } from 'antd/es/form';
import { useTranslation } from 'react-i18next';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useQueueSettings, useSetQueueSettings } from '../api/queueSettings';
import type { SettingsPart } from './part';
import { preview, saysOne, unknownVariable, variables, type QueueTexts, type TextName } from './queuePreview';
import './queueSettings.css';

const textMax = 200;

export function QueueSettings(part: SettingsPart) {
  const settings = useQueueSettings(part.appid);
  return <Loaded query={settings}>{(data) => <QueueForm {...part} data={data} />}</Loaded>;
}

function QueueForm({ appid, mayChange, data }: SettingsPart & { data: QueueTexts }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const set = useSetQueueSettings(appid);
  const [form] = Form.useForm<QueueTexts>();
  const written: QueueTexts | undefined = Form.useWatch([], form);
  const shown = { ...data, ...written };
  const saysToReplyOne = { validator: (_: unknown, value?: string) => (!value || saysOne(value) ? Promise.resolve() : Promise.reject(new Error(t('queue.one_needed')))) };
  const text = (name: TextName, ...rules: Rule[]) => (
    <Form.Item
      name={name}
      label={t(`queue.${name}`)}
      extra={variables[name].length > 0 && t('queue.variables', { names: variables[name].map((one) => `{${one}}`).join(' ') })}
      rules={[{ validator: (_, value?: string) => (unknownVariable(name, value ?? '') ? Promise.reject(new Error(t('queue.unknown_variable', { name: unknownVariable(name, value ?? '') }))) : Promise.resolve()) }, ...rules]}
    >
      <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} maxLength={textMax} />
    </Form.Item>
  );
  const save = (values: QueueTexts) =>
    set.mutate(values, {
      onSuccess: (stored) => {
        form.setFieldsValue(stored); // an empty text has become ours
        notify.done();
      },
      onError: notify.failed,
    });
  return (
    <Form form={form} layout="vertical" requiredMark={false} disabled={!mayChange} initialValues={data} onFinish={save} className="queue-form">
      <Panel title={t('queue.notices_title')}>
        <p className="muted panel-note">{t('queue.notices_hint')}</p>
        <Form.Item name="notices" label={t('queue.notices')} valuePropName="checked">
          <Switch />
        </Form.Item>
        {text('wait_text')}
        {text('position_text')}
        {text('busy_text')}
      </Panel>
      <Panel title={t('queue.leave_title')}>
        <p className="muted panel-note">{t('queue.leave_hint')}</p>
        <Form.Item name="leave" label={t('queue.leave')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="leave_after_minutes" label={t('queue.leave_after_minutes')} rules={[{ required: true }]}>
          <InputNumber min={0} max={1440} precision={0} />
        </Form.Item>
        <Form.Item name="answer_within_minutes" label={t('queue.answer_within_minutes')} rules={[{ required: true }]}>
          <InputNumber min={10} max={2400} precision={0} />
        </Form.Item>
        {text('offer_text', saysToReplyOne)}
        {text('closed_text', saysToReplyOne)}
        {text('ask_text')}
        {text('left_text')}
      </Panel>
      <Preview texts={shown} />
      {mayChange && (
        <Button type="primary" htmlType="submit" loading={set.isPending} className="checks-save">
          {t('common.save')}
        </Button>
      )}
    </Form>
  );
}

function Preview({ texts }: { texts: QueueTexts }) {
  const { t } = useTranslation();
  const said = preview(texts);
  return (
    <Panel title={t('queue.preview')}>
      {said.length === 0 && <p className="muted panel-note">{t('queue.nothing_said')}</p>}
      <dl className="queue-preview" aria-label={t('queue.preview')}>
        {said.map((one) => (
          <div key={one.occasion}>
            <dt className="muted">{t(`queue.occasions.${one.occasion}`)}</dt>
            <dd className="rule-reply">{one.text}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
