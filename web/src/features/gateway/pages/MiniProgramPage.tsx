// One mini program: credentials, push, relay, and the self-check.
import { Alert, Button, Form, Input, Select, Switch } from 'antd';
import { Eye } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { useMiniProgram, useMiniPrograms } from '@/shared/session/miniPrograms';
import { Empty, Failure, Loading, Page, Panel, useNotify } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useChangeMiniProgram, useRevealToken } from '../api/gateway';
import { aesKeyRule, formatOptions, useModeOptions } from '../components/AddMiniProgram';
import { PushAddress } from '../components/PushAddress';
import { SelfCheck } from '../components/SelfCheck';
import './gateway.css';

type Program = Schemas['MiniProgram'];

export function MiniProgramPage() {
  const { t } = useTranslation();
  const programs = useMiniPrograms();
  const program = useMiniProgram();
  return (
    <Page title={t('gateway.program.title')} purpose={t('gateway.program.purpose')}>
      {program ? (
        <Parts key={program.appid} program={program} />
      ) : programs.error ? (
        <Failure error={programs.error} retry={() => void programs.refetch()} />
      ) : programs.data ? (
        <Empty title={t('common.not_found.title')} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Parts({ program }: { program: Program }) {
  const { t } = useTranslation();
  return (
    <>
      <Panel title={t('gateway.program.check')}>
        <p className="muted" style={{ marginBottom: 12 }}>
          {t('gateway.program.check_purpose')}
        </p>
        <SelfCheck appid={program.appid} />
      </Panel>
      <Basics program={program} />
      <Credentials program={program} />
      <Push program={program} />
      <Relay program={program} />
    </>
  );
}

function useSave(program: Program) {
  const notify = useNotify();
  const change = useChangeMiniProgram(program.appid);
  const save = (body: Schemas['MiniProgramChange'], after?: () => void) =>
    change.mutate(body, {
      onSuccess: () => {
        notify.done();
        after?.();
      },
      onError: notify.failed,
    });
  return { save, saving: change.isPending };
}

function Save({ loading }: { loading: boolean }) {
  const { t } = useTranslation();
  return (
    <Button type="primary" htmlType="submit" loading={loading}>
      {t('common.save')}
    </Button>
  );
}

const formProps = { layout: 'vertical', requiredMark: false, style: { maxWidth: 520 } } as const;
const zones = ['Asia/Shanghai', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Singapore', 'Asia/Tokyo', 'Europe/London', 'Europe/Berlin', 'America/New_York', 'America/Los_Angeles', 'UTC'];

function Basics({ program }: { program: Program }) {
  const { t } = useTranslation();
  const { save, saving } = useSave(program);
  return (
    <Panel title={t('gateway.program.basics')}>
      <Form {...formProps} initialValues={program} onFinish={({ name, time_zone, enabled }) => save({ name, time_zone, enabled })}>
        <Form.Item name="name" label={t('gateway.program.name')} rules={[{ required: true, max: 64 }]}>
          <Input />
        </Form.Item>
        <Form.Item label={t('gateway.program.original_id')}>
          {program.original_id ? <span className="mono">{program.original_id}</span> : <span className="muted">{t('gateway.program.original_id_hint')}</span>}
        </Form.Item>
        <Form.Item name="time_zone" label={t('gateway.program.zone')}>
          <Select showSearch options={[...new Set([program.time_zone, ...zones])].map((value) => ({ value, label: value }))} />
        </Form.Item>
        <Form.Item name="enabled" label={t('gateway.program.enabled')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Save loading={saving} />
      </Form>
    </Panel>
  );
}

function Credentials({ program }: { program: Program }) {
  const { t } = useTranslation();
  const { save, saving } = useSave(program);
  const [form] = Form.useForm();
  const submit = (values: { secret?: string; token?: string; encoding_aes_key?: string }) => {
    const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value?.trim()));
    if (Object.keys(body).length > 0) save(body, () => form.resetFields());
  };
  const changed = (what: string, at: number | null | undefined) =>
    at ? (
      <>
        {t('gateway.program.changed_at', { what })} <Exact at={at} /> ·{' '}
      </>
    ) : null;
  return (
    <Panel title={t('gateway.program.credentials')}>
      <Form form={form} {...formProps} onFinish={submit}>
        <Form.Item name="secret" label={t('gateway.wizard.secret')} extra={`${program.has_secret ? t('gateway.program.has_secret') : t('gateway.program.no_secret')} · ${t('gateway.program.replace_hint')}`}>
          <Input.Password autoComplete="off" />
        </Form.Item>
        <Form.Item name="token" label={t('gateway.wizard.token')} extra={<>{changed('Token', program.token_changed_at)}{t('gateway.program.replace_hint')}</>} rules={[{ pattern: /^[A-Za-z0-9]{3,32}$/ }]}>
          <Input.Password autoComplete="off" />
        </Form.Item>
        <Form.Item name="encoding_aes_key" label={t('gateway.wizard.aes_key')} extra={<>{changed('EncodingAESKey', program.aes_key_changed_at)}{t('gateway.program.replace_hint')}</>} rules={[{ pattern: aesKeyRule, message: t('gateway.wizard.aes_key_rule') }]}>
          <Input.Password autoComplete="off" />
        </Form.Item>
        <p className="muted" style={{ marginBottom: 12 }}>
          {t('gateway.program.previous_kept')}
        </p>
        <Save loading={saving} />
      </Form>
    </Panel>
  );
}

function Push({ program }: { program: Program }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { save, saving } = useSave(program);
  const reveal = useRevealToken();
  const modeOptions = useModeOptions();
  return (
    <Panel
      title={t('gateway.program.push')}
      extra={
        <Button icon={<Eye size={15} aria-hidden />} loading={reveal.isPending} title={t('gateway.program.reveal_hint')} onClick={() => reveal.mutate(program.appid, { onError: notify.failed })}>
          {t('gateway.program.reveal')}
        </Button>
      }
    >
      <div style={{ marginBottom: 20 }}>
        <PushAddress url={program.push_url} token={reveal.data?.token ?? '••••••••'} mode={modeOptions.find((one) => one.value === program.mode)!.label} format={program.format.toUpperCase()} />
      </div>
      {program.mode === 'plain' && <Alert type="warning" showIcon title={t('gateway.mode_warning')} style={{ marginBottom: 16 }} />}
      <Form {...formProps} initialValues={program} onFinish={({ mode, format, restrict_push_sources, transfer }) => save({ mode, format, restrict_push_sources, transfer })}>
        <Form.Item name="mode" label={t('gateway.programs.mode')}>
          <Select options={modeOptions} />
        </Form.Item>
        <Form.Item name="format" label={t('gateway.program.format')}>
          <Select options={formatOptions} />
        </Form.Item>
        <Form.Item name="restrict_push_sources" label={t('gateway.program.restrict')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="transfer" label={t('gateway.program.transfer')}>
          <Select options={(['off', 'always', 'out_of_hours'] as const).map((value) => ({ value, label: t(`gateway.program.transfers.${value}`) }))} />
        </Form.Item>
        <Save loading={saving} />
      </Form>
    </Panel>
  );
}

function Relay({ program }: { program: Program }) {
  const { t } = useTranslation();
  const { save, saving } = useSave(program);
  return (
    <Panel title={t('gateway.program.relay')}>
      <Form {...formProps} initialValues={program} onFinish={({ relay_url }) => save({ relay_url: relay_url ?? '' })}>
        <Form.Item name="relay_url" label={t('gateway.program.relay_url')} extra={t('gateway.program.relay_hint')} rules={[{ pattern: /^https?:\/\//, message: t('desk.insert.url_rule') }]}>
          <Input placeholder="https://" />
        </Form.Item>
        <Save loading={saving} />
      </Form>
    </Panel>
  );
}
