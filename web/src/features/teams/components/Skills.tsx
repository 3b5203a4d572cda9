// Skills: what rules may ask for. Added, renamed and deleted in one list.
import { Button, Input, Modal } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useRemoveSkill, useSaveSkill, useSkills, type Skill } from '../api/teams';
import { nameComplete } from './groupEdits';
import { useInUse } from './InUse';

export function Skills({ appid, mayConfigure }: { appid: string; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const skills = useSkills(appid);
  const remove = useRemoveSkill(appid);
  const { done, confirm } = useNotify();
  const inUse = useInUse(appid);
  const [edited, setEdited] = useState<Skill | 'new' | null>(null);
  const askToRemove = ({ id, name }: Skill) => confirm(t('teams.skills.remove_title', { name }), t('teams.skills.remove_hint'), () => remove.mutateAsync(id).then(() => done(), inUse.refusedOr('skill', name)), t('common.delete'));
  const add = mayConfigure && (
    <Button icon={<Plus size={15} aria-hidden />} onClick={() => setEdited('new')}>
      {t('teams.skills.add')}
    </Button>
  );
  return (
    <Panel title={t('teams.skills.title')} extra={add}>
      <p className="muted panel-note">{t('teams.skills.hint')}</p>
      <Loaded query={skills} rows={3}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('teams.skills.none')} text={t('teams.skills.none_hint')} />
          ) : (
            <ul className="team-rows">
              {items.map((one) => (
                <li key={one.id}>
                  <Link className="team-row-text" to={`/m/${appid}/teams/agents?skill=${one.id}`}>
                    {one.name}
                  </Link>
                  {mayConfigure && (
                    <span className="team-line">
                      <Button size="small" type="text" aria-label={t('teams.skills.rename_one', { name: one.name })} onClick={() => setEdited(one)}>
                        {t('teams.skills.rename')}
                      </Button>
                      <Button size="small" type="text" danger aria-label={t('teams.skills.remove', { name: one.name })} onClick={() => askToRemove(one)}>
                        {t('common.delete')}
                      </Button>
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {edited && <SkillDialog appid={appid} skill={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
      {inUse.dialog}
    </Panel>
  );
}

function SkillDialog({ appid, skill, close }: { appid: string; skill: Skill | null; close(): void }) {
  const { t } = useTranslation();
  const save = useSaveSkill(appid);
  const { done, failed } = useNotify();
  const [name, setName] = useState(skill?.name ?? '');
  const submit = () => nameComplete(name) && save.mutateAsync({ id: skill?.id, name: name.trim() }).then(() => (done(), close()), failed);
  return (
    <Modal open title={skill ? t('teams.skills.rename_one', { name: skill.name }) : t('teams.skills.add')} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !nameComplete(name) }} confirmLoading={save.isPending} onCancel={close} onOk={() => void submit()}>
      <Input autoFocus aria-label={t('teams.skills.name')} placeholder={t('teams.skills.name')} maxLength={64} value={name} onChange={(event) => setName(event.target.value)} onPressEnter={() => void submit()} />
    </Modal>
  );
}
