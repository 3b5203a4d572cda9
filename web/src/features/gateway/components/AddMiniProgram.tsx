// The wizard: the mini program's credentials, what to paste into WeChat's console, and the check.
import { Button, Form, Input, Modal, Select, Steps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { useNotify } from '@/shared/ui/page';
import { useAddMiniProgram } from '../api/gateway';
import { PushAddress } from './PushAddress';
import { SelfCheck } from './SelfCheck';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export function randomLetters(length: number): string {
  let text = '';
  while (text.length < length) {
    // 62 does not divide 256: values past the last whole multiple are drawn again.
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) if (byte < 248 && text.length < length) text += letters[byte % 62];
  }
  return text;
}

export const aesKeyRule = /^[A-Za-z0-9]{43}$/;
const modes = ['safe', 'compatible', 'plain'] as const;
export const useModeOptions = () => {
  const { t } = useTranslation();
  return modes.map((value) => ({ value, label: t(`gateway.modes.${value}`) }));
};
export const formatOptions = [
  { value: 'json', label: 'JSON' },
  { value: 'xml', label: 'XML' },
];

type Added = { program: Schemas['MiniProgram']; token: string; aesKey: string };

export function AddMiniProgram({ close }: { close(): void }) {
  const { t } = useTranslation();
  const [added, setAdded] = useState<Added | null>(null);
  const [step, setStep] = useState(0);
  const modeOptions = useModeOptions();
  return (
    <Modal open title={t('gateway.programs.add')} width={640} onCancel={close} footer={null} mask={{ closable: false }}>
      <Steps size="small" current={step} style={{ margin: '12px 0 20px' }} items={[{ title: t('gateway.wizard.step_program') }, { title: t('gateway.wizard.step_push') }, { title: t('gateway.wizard.step_check') }]} />
      {step === 0 && (
        <Credentials
          onAdded={(result) => {
            setAdded(result);
            setStep(1);
          }}
        />
      )}
      {step === 1 && added && (
        <>
          <PushAddress url={added.program.push_url} token={added.token} aesKey={added.aesKey} mode={modeOptions.find((one) => one.value === added.program.mode)!.label} format={added.program.format.toUpperCase()} />
          <p className="muted" style={{ margin: '12px 0' }}>
            {t('gateway.wizard.keep_key')}
          </p>
          <Button type="primary" onClick={() => setStep(2)}>
            {t('gateway.wizard.next')}
          </Button>
        </>
      )}
      {step === 2 && added && (
        <>
          <p style={{ marginBottom: 12 }}>{t('gateway.wizard.check_hint')}</p>
          <SelfCheck appid={added.program.appid} />
          <div style={{ marginTop: 16 }}>
            <Button type="primary" onClick={close}>
              {t('gateway.wizard.done')}
            </Button>
          </div>
        </>
      )}
    </Modal>
  );
}

function Credentials({ onAdded }: { onAdded(added: Added): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const add = useAddMiniProgram();
  const modeOptions = useModeOptions();
  const [form] = Form.useForm<Schemas['MiniProgramInput']>();
  const submit = (values: Schemas['MiniProgramInput']) => {
    const token = values.token?.trim() || randomLetters(24);
    const aesKey = values.encoding_aes_key?.trim() || randomLetters(43);
    add.mutate(
      { ...values, appid: values.appid.trim(), name: values.name.trim(), secret: values.secret.trim(), token, encoding_aes_key: aesKey },
      { onSuccess: (program) => onAdded({ program, token, aesKey }), onError: notify.failed },
    );
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={submit} initialValues={{ mode: 'safe', format: 'json' }}>
      <Form.Item name="appid" label="AppID" rules={[{ required: true, pattern: /^\s*wx[0-9a-zA-Z]{1,62}\s*$/ }]}>
        <Input autoFocus placeholder="wx…" />
      </Form.Item>
      <Form.Item name="name" label={t('gateway.programs.name')} extra={t('gateway.wizard.name_hint')} rules={[{ required: true, max: 64 }]}>
        <Input />
      </Form.Item>
      <Form.Item name="secret" label={t('gateway.wizard.secret')} extra={t('gateway.wizard.secret_hint')} rules={[{ required: true }]}>
        <Input.Password autoComplete="off" />
      </Form.Item>
      <Form.Item name="token" label={t('gateway.wizard.token')} extra={t('gateway.wizard.token_hint')} rules={[{ pattern: /^[A-Za-z0-9]{3,32}$/ }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="encoding_aes_key" label={t('gateway.wizard.aes_key')} extra={t('gateway.wizard.aes_key_hint')} rules={[{ pattern: aesKeyRule, message: t('gateway.wizard.aes_key_rule') }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="mode" label={t('gateway.programs.mode')}>
        <Select options={modeOptions} />
      </Form.Item>
      <Form.Item name="format" label={t('gateway.wizard.format')}>
        <Select options={formatOptions} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={add.isPending}>
        {t('gateway.wizard.next')}
      </Button>
    </Form>
  );
}
