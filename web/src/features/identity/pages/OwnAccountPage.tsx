import { Button, Form, Input, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { currentLanguage, languages, setLanguage, type Language } from '@/i18n';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { useAccount, useSignOut } from '@/shared/session/session';
import { chooseTheme, themeChoice, useTheme, type ThemeChoice } from '@/shared/theme/theme';
import { Page, Panel, useNotify } from '@/shared/ui/page';
import { useChangeOwnAccount, useChangePassword } from '../api/session';

export function OwnAccountPage() {
  const { t } = useTranslation();
  const notify = useNotify();
  const signOut = useSignOut();
  return (
    <Page title={t('identity.account.title')} purpose={t('identity.account.purpose')}>
      <Profile />
      <Password />
      <Panel title={t('identity.account.sessions')}>
        <p className="muted" style={{ marginBottom: 12 }}>
          {t('identity.account.sign_out_everywhere_text')}
        </p>
        <Button danger onClick={() => notify.confirm(t('identity.account.sign_out_everywhere'), t('identity.account.sign_out_everywhere_text'), () => signOut(true).catch(notify.failed), t('identity.account.sign_out_everywhere'))}>
          {t('identity.account.sign_out_everywhere')}
        </Button>
      </Panel>
    </Page>
  );
}

function Profile() {
  const { t } = useTranslation();
  const account = useAccount();
  const notify = useNotify();
  const programs = useMiniPrograms();
  const change = useChangeOwnAccount();
  useTheme(); // drawn again when it changes
  const setOwnLanguage = (language: Language) => {
    void setLanguage(language);
    change.mutate({ language });
  };
  return (
    <Panel title={t('identity.account.profile')}>
      <Form
        layout="vertical"
        style={{ maxWidth: 420 }}
        requiredMark={false}
        initialValues={{ display_name: account.display_name }}
        onFinish={(values: { display_name: string }) => change.mutate(values, { onSuccess: () => notify.done(), onError: notify.failed })}
      >
        <Form.Item label={t('identity.account.username')}>{account.username}</Form.Item>
        <Form.Item name="display_name" label={t('identity.account.display_name')} extra={t('identity.account.display_name_hint')}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item label={t('identity.account.memberships')}>
          {account.instance_admin && <div>{t('identity.account.instance_admin')}</div>}
          {account.roles.map((one) => (
            <div key={one.appid}>
              {programs.data?.find((program) => program.appid === one.appid)?.name ?? one.appid} · {t(`identity.roles.${one.role}`)}
            </div>
          ))}
        </Form.Item>
        <Form.Item label={t('common.language')}>
          <Segmented aria-label={t('common.language')} value={currentLanguage()} options={languages.map((one) => ({ value: one.key, label: one.name }))} onChange={setOwnLanguage} />
        </Form.Item>
        <Form.Item label={t('common.theme.title')}>
          <Segmented
            aria-label={t('common.theme.title')}
            value={themeChoice()}
            options={(['system', 'light', 'dark'] as ThemeChoice[]).map((one) => ({ value: one, label: t(`common.theme.${one}`) }))}
            onChange={chooseTheme}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t('common.save')}
        </Button>
      </Form>
    </Panel>
  );
}

interface Passwords {
  old_password: string;
  new_password: string;
  again: string;
}

function Password() {
  const { t } = useTranslation();
  const notify = useNotify();
  const change = useChangePassword();
  const [form] = Form.useForm<Passwords>();
  const submit = ({ old_password, new_password }: Passwords) =>
    change.mutate(
      { old_password, new_password },
      {
        onSuccess: () => {
          form.resetFields();
          notify.done(t('identity.password.changed'));
        },
        onError: notify.failed,
      },
    );
  return (
    <Panel title={t('identity.account.password')}>
      <Form form={form} layout="vertical" style={{ maxWidth: 420 }} requiredMark={false} onFinish={submit}>
        <Form.Item name="old_password" label={t('identity.password.old')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="new_password" label={t('identity.password.new')} extra={t('identity.password.rule')} rules={[{ required: true, min: 10 }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('identity.password.again')}
          dependencies={['new_password']}
          rules={[
            { required: true },
            ({ getFieldValue }) => ({ validator: (_, value) => (!value || value === getFieldValue('new_password') ? Promise.resolve() : Promise.reject(new Error(t('identity.password.differs')))) }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button htmlType="submit" loading={change.isPending}>
          {t('identity.password.save')}
        </Button>
      </Form>
    </Panel>
  );
}
