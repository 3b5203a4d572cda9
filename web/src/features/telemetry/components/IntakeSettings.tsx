// 采样与保留: what clients may send, and how long it is kept.
import { Alert, Button, Checkbox, Form, InputNumber, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useSetTelemetrySettings, useTelemetrySettings, type Settings } from '../api/telemetry';
import { dangersOf, differs, hidable, settingsOf, valuesOf, type Danger, type Values } from './changes';
import { kinds } from './filters';

export function IntakeSettings({ appid, mayChange }: { appid: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const settings = useTelemetrySettings(appid);
  return (
    <>
      {!mayChange && <Alert type="info" showIcon title={t('telemetry.settings.read_only')} style={{ marginBottom: 16 }} />}
      <Loaded query={settings} rows={10}>
        {(data) => <SettingsForm appid={appid} data={data} mayChange={mayChange} />}
      </Loaded>
    </>
  );
}

function SettingsForm({ appid, data, mayChange }: { appid: string; data: Settings; mayChange: boolean }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const set = useSetTelemetrySettings(appid);
  const [form] = Form.useForm<Values>();
  const before = valuesOf(data);
  const [dirty, setDirty] = useState(false);
  const sentence = (one: Danger) =>
    one.what === 'off' ? t('telemetry.settings.confirm_off') : one.what === 'zero' ? t('telemetry.settings.confirm_zero', { kind: t(`telemetry.kinds.${one.kind!}`) }) : t('telemetry.settings.confirm_keep', { kind: t(`telemetry.kinds.${one.kind!}`), days: one.days });
  const write = (values: Values) =>
    set.mutateAsync(settingsOf(values)).then(() => {
      setDirty(false);
      notify.done();
    }, notify.failed);
  const save = (values: Values) => {
    const dangers = dangersOf(before, values);
    if (dangers.length === 0) return void write(values);
    const text = (
      <ul className="dangers">
        {dangers.map((one) => (
          <li key={`${one.what} ${one.kind}`}>{sentence(one)}</li>
        ))}
      </ul>
    );
    notify.confirm(t('telemetry.settings.confirm_title'), text, () => write(values), t('common.save'));
  };
  const reset = () => {
    form.setFieldsValue(before);
    setDirty(false);
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} disabled={!mayChange} initialValues={before} onFinish={save} onValuesChange={() => setDirty(differs(before, form.getFieldsValue()))}>
      <Panel title={t('telemetry.settings.collect')}>
        <div className="setting-row">
          <Form.Item name="enabled" label={t('telemetry.settings.enabled')} extra={t('telemetry.settings.enabled_hint')} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Form.Item name="level" label={t('telemetry.settings.level')} extra={t('telemetry.settings.level_hint')}>
            <Select options={(['debug', 'info', 'warn', 'error'] as const).map((value) => ({ value, label: t(`telemetry.levels.${value}`) }))} style={{ width: 140 }} />
          </Form.Item>
          <Form.Item name="flush_ms" label={t('telemetry.settings.flush')} extra={t('telemetry.settings.flush_hint')} rules={[{ required: true }]}>
            <InputNumber min={1000} max={60_000} step={1000} precision={0} style={{ width: 140 }} />
          </Form.Item>
        </div>
      </Panel>
      <Panel title={t('telemetry.settings.sample')}>
        <p className="muted panel-note">{t('telemetry.settings.sample_hint')}</p>
        <div className="setting-grid">
          {kinds.filter((kind) => kind in before.percent).map((kind) => (
            <Form.Item key={kind} name={['percent', kind]} label={t('telemetry.settings.sample_of', { kind: t(`telemetry.kinds.${kind}`) })} rules={[{ required: true }]}>
              <InputNumber min={0} max={100} step={5} style={{ width: 140 }} />
            </Form.Item>
          ))}
        </div>
      </Panel>
      <Panel title={t('telemetry.settings.keep')}>
        <p className="muted panel-note">{t('telemetry.settings.keep_hint')}</p>
        <div className="setting-grid">
          {kinds.filter((kind) => kind in before.keep_days).map((kind) => (
            <Form.Item key={kind} name={['keep_days', kind]} label={t('telemetry.settings.keep_of', { kind: t(`telemetry.kinds.${kind}`) })} rules={[{ required: true }]}>
              <InputNumber min={1} max={3650} precision={0} style={{ width: 140 }} />
            </Form.Item>
          ))}
        </div>
      </Panel>
      <Panel title={t('telemetry.settings.masking')}>
        <p className="muted panel-note">{t('telemetry.settings.masking_hint')}</p>
        <Form.Item name="hidden" label={t('telemetry.settings.hidden')}>
          <Checkbox.Group options={hidable.map((value) => ({ value, label: t(`telemetry.settings.hidable.${value}`) }))} />
        </Form.Item>
      </Panel>
      {mayChange && (
        <div className="save-bar">
          <Button type="primary" htmlType="submit" disabled={!dirty} loading={set.isPending}>
            {t('common.save')}
          </Button>
          {dirty && (
            <>
              <Button onClick={reset}>{t('telemetry.settings.reset')}</Button>
              <span className="muted" role="status">
                {t('telemetry.settings.dirty')}
              </span>
            </>
          )}
        </div>
      )}
    </Form>
  );
}
