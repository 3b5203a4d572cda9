// Further ids of a profile 身份标识. Numbers of persons are masked; whoever looks at a whole one is in the audit log.
import { Button, Form, Input, Modal, Select } from 'antd';
import { Eye, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { CopyText, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useAddIdentity, useRemoveIdentity, useReveal, type Identity, type Profile } from '../api/people';

interface Props {
  appid: string;
  profile: Profile;
  mayChange: boolean;
  mayReveal: boolean;
}

export function Identities({ appid, profile, mayChange, mayReveal }: Props) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const add = mayChange && (
    <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>
      {t('common.add')}
    </Button>
  );
  return (
    <Panel title={t('people.identities.title')} extra={add}>
      <ul className="people-rows">
        <li>
          <span className="people-row-text">
            <span className="muted">OpenID</span>
            <CopyText text={profile.openid} />
          </span>
        </li>
        {profile.identities.map((one) => (
          <OneIdentity key={one.id} appid={appid} profile={profile.id} identity={one} mayChange={mayChange} mayReveal={mayReveal} />
        ))}
      </ul>
      {adding && <AddIdentity appid={appid} profile={profile.id} close={() => setAdding(false)} />}
    </Panel>
  );
}

interface OneProps {
  appid: string;
  profile: string;
  identity: Identity;
  mayChange: boolean;
  mayReveal: boolean;
}

function OneIdentity({ appid, profile, identity, mayChange, mayReveal }: OneProps) {
  const { t } = useTranslation();
  const reveal = useReveal(appid, profile);
  const remove = useRemoveIdentity(appid, profile);
  const { done, failed, confirm } = useNotify();
  const kind = t(`people.search.${identity.kind}`);
  const whole = reveal.data?.value;
  const askToRemove = () => confirm(t('people.identities.remove_title', { kind, value: identity.value }), t('people.identities.remove_hint'), () => remove.mutateAsync(identity.id).then(() => done(), failed), t('common.remove'));
  return (
    <li>
      <span className="people-row-text">
        <span className="muted">
          {kind} · {t(`people.origins.${identity.source}`)} · <Ago at={identity.created_at} />
        </span>
        {identity.masked && whole === undefined ? <span className="mono">{identity.value}</span> : <CopyText text={whole ?? identity.value} />}
      </span>
      <span className="people-line">
        {identity.masked && mayReveal && whole === undefined && (
          <Button size="small" icon={<Eye size={14} aria-hidden />} aria-label={t('people.identities.reveal_one', { kind })} title={t('people.identities.reveal_hint')} loading={reveal.isPending} onClick={() => reveal.mutate(identity.id, { onError: failed })}>
            {t('people.identities.reveal')}
          </Button>
        )}
        {mayChange && identity.kind !== 'unionid' && (
          <Button size="small" type="text" danger aria-label={t('people.identities.remove_one', { kind, value: identity.value })} onClick={askToRemove}>
            {t('common.remove')}
          </Button>
        )}
      </span>
    </li>
  );
}

// A unionid comes from the mini program's server only: it links by itself.
const kinds = ['phone', 'outside_id', 'login_id'] as const;

function AddIdentity({ appid, profile, close }: { appid: string; profile: string; close(): void }) {
  const { t } = useTranslation();
  const add = useAddIdentity(appid, profile);
  const { done, failed } = useNotify();
  const [kind, setKind] = useState<Schemas['NewPersonIdentity']['kind']>('phone');
  const [value, setValue] = useState('');
  const save = () => add.mutateAsync({ kind, value: value.trim() }).then(() => (done(), close()), failed);
  return (
    <Modal open title={t('people.identities.add')} okText={t('common.add')} cancelText={t('common.cancel')} okButtonProps={{ disabled: value.trim() === '' }} confirmLoading={add.isPending} onCancel={close} onOk={() => void save()}>
      <Form layout="vertical">
        <Form.Item label={t('people.identities.kind')} htmlFor="identity-kind">
          <Select id="identity-kind" value={kind} options={kinds.map((one) => ({ value: one as typeof kind, label: t(`people.search.${one}`) }))} onChange={setKind} />
        </Form.Item>
        <Form.Item label={t('people.identities.value')} htmlFor="identity-value" extra={t(`people.identities.hints.${kind as (typeof kinds)[number]}`)}>
          <Input id="identity-value" autoComplete="off" maxLength={128} value={value} onChange={(event) => setValue(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
