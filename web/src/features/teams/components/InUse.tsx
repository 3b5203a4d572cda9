// Why a group or a skill cannot be deleted: the rules that name it, each a link to where it can be changed.
import { Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ApiProblem, type RuleName } from '@/shared/api/client';
import { useNotify } from '@/shared/ui/page';

interface Refused {
  what: 'group' | 'skill';
  name: string;
  rules: RuleName[];
}

// The dialog, and what takes a failure: shown with its rules where it has some, else as any other.
export function useInUse(appid: string) {
  const { failed } = useNotify();
  const [refused, setRefused] = useState<Refused | null>(null);
  return {
    dialog: refused && <InUse appid={appid} refused={refused} close={() => setRefused(null)} />,
    refusedOr: (what: Refused['what'], name: string) => (error: unknown) => (error instanceof ApiProblem && error.rules.length > 0 ? setRefused({ what, name, rules: error.rules }) : failed(error)),
  };
}

function InUse({ appid, refused: { what, name, rules }, close }: { appid: string; refused: Refused; close(): void }) {
  const { t } = useTranslation();
  return (
    <Modal open title={what === 'group' ? t('teams.in_use.group', { name }) : t('teams.in_use.skill', { name })} onCancel={close} onOk={close} okText={t('common.close')} cancelButtonProps={{ hidden: true }}>
      <p className="panel-note">{what === 'group' ? t('teams.in_use.group_hint') : t('teams.in_use.skill_hint')}</p>
      <ul>
        {rules.map((rule) => (
          <li key={rule.id}>
            <Link to={`/m/${appid}/teams/rules?rule=${rule.id}`}>{rule.name}</Link>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
