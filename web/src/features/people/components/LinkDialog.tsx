// Says that another customer is the same person: found by an exact id, here or in another mini program.
import { Input, Modal, Radio, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Loaded, useNotify } from '@/shared/ui/page';
import { useLink, useSought, type IdentityKind, type Person, type Sought } from '../api/people';
import { nameOf } from './marks';

const kinds: IdentityKind[] = ['openid', 'phone', 'unionid', 'outside_id', 'login_id'];

export function LinkDialog({ appid, id, person, close }: { appid: string; id: string; person: Person; close(): void }) {
  const { t } = useTranslation();
  const programs = useMiniPrograms();
  const { can } = usePermissions();
  const link = useLink(appid, id);
  const { done, failed } = useNotify();
  const [other, setOther] = useState(appid);
  const [kind, setKind] = useState<IdentityKind>('openid');
  const [sought, setSought] = useState<Sought | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const found = useSought(other, sought);
  const own = new Set(person.profiles.map((one) => one.id));
  const seek = (value: string) => {
    setChosen(null);
    setSought(value.trim() ? { kind, value: value.trim() } : null);
  };
  const usable = (programs.data ?? []).filter((one) => can('desk.reply', one.appid));
  const forget = () => {
    setSought(null);
    setChosen(null);
  };
  return (
    <Modal
      open
      title={t('people.links.add')}
      okText={t('people.links.add_ok')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: chosen === null }}
      confirmLoading={link.isPending}
      onCancel={close}
      onOk={() => void link.mutateAsync(chosen!).then(() => (done(t('people.links.added')), close()), failed)}
    >
      <div className="people-fields">
        <p className="muted">{t('people.links.add_hint')}</p>
        {usable.length > 1 && <Select aria-label={t('common.choose_miniprogram')} value={other} options={usable.map((one) => ({ value: one.appid, label: one.name }))} onChange={(next) => (setOther(next), forget())} />}
        <Space.Compact>
          <Select aria-label={t('people.search.by')} style={{ width: 116 }} popupMatchSelectWidth={false} value={kind} options={kinds.map((value) => ({ value, label: t(`people.search.${value}`), disabled: value === 'phone' && !can('personal_data.read', other) }))} onChange={(next) => (setKind(next), forget())} />
          <Input.Search aria-label={t('people.search.label')} placeholder={t(`people.search.hints.${kind}`)} allowClear maxLength={128} onSearch={seek} />
        </Space.Compact>
        {sought && (
          <Loaded query={found} rows={2}>
            {(all) => {
              const items = all.filter((one) => !own.has(one.profile_id));
              if (items.length === 0) return <p role="status">{t('people.search.none', { kind: t(`people.search.${sought.kind}`) })}</p>;
              return <Radio.Group aria-label={t('people.links.whom')} className="people-fields" value={chosen} onChange={(event) => setChosen(event.target.value as string)} options={items.map((one) => ({ value: one.profile_id, label: `${nameOf(one)} · ${one.openid}` }))} />;
            }}
          </Loaded>
        )}
      </div>
    </Modal>
  );
}
