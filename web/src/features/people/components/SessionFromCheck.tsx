// What a session-from would be taken for now: to find out why a level does not come.
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { Mark, Panel, useNotify } from '@/shared/ui/page';
import { useCheckSessionFrom } from '../api/settings';

export function SessionFromCheck({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const check = useCheckSessionFrom(appid);
  const { failed } = useNotify();
  const [text, setText] = useState('');
  const [openid, setOpenid] = useState('');
  // What was checked is true only of the text as it was then.
  const write = (change: () => void) => {
    change();
    check.reset();
  };
  const submit = () => check.mutate({ session_from: text.trim(), ...(openid.trim() ? { openid: openid.trim() } : {}) }, { onError: failed });
  return (
    <Panel title={t('people.check.title')}>
      <p className="muted panel-note">{t('people.check.hint')}</p>
      <Form layout="vertical" onFinish={submit}>
        <Form.Item label="session-from" htmlFor="check-text">
          <Input.TextArea id="check-text" className="mono" autoSize={{ minRows: 2, maxRows: 6 }} maxLength={4096} value={text} onChange={(event) => write(() => setText(event.target.value))} />
        </Form.Item>
        <Form.Item label={t('people.check.openid')} htmlFor="check-openid" extra={t('people.check.openid_hint')}>
          <Input id="check-openid" maxLength={128} value={openid} onChange={(event) => write(() => setOpenid(event.target.value))} />
        </Form.Item>
        <Button htmlType="submit" disabled={text.trim() === ''} loading={check.isPending}>
          {t('people.check.run')}
        </Button>
      </Form>
      {check.data && <Verdict found={check.data} />}
    </Panel>
  );
}

function Verdict({ found }: { found: Schemas['SessionFromCheck'] }) {
  const { t } = useTranslation();
  const signed = Object.keys(found.trusted).length > 0;
  const level = found.problem !== 'none' ? 'failed' : signed ? 'ok' : 'unknown';
  const list = (title: string, parameters: Record<string, string>) =>
    Object.keys(parameters).length > 0 && (
      <>
        <h3>{title}</h3>
        <dl className="facts">
          {Object.entries(parameters).map(([name, value]) => (
            <div key={name} className="check-pair">
              <dt className="mono">{name}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
        </dl>
      </>
    );
  return (
    <div className="people-after" role="status">
      <Mark level={level}>{found.problem === 'none' ? (signed ? t('people.check.right') : t('people.check.unsigned')) : t(`people.check.problems.${found.problem}`)}</Mark>
      {list(t('people.check.trusted'), found.trusted)}
      {list(t('people.check.untrusted'), found.untrusted)}
    </div>
  );
}
