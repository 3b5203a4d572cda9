// What is set for an agent: limit, skills with levels, languages, groups with own shifts.
import { Button, Form, InputNumber, Select } from 'antd';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CalendarField } from '@/shared/conditions/CalendarField';
import { groupName, useGroups } from '@/shared/teams/teams';
import { useNotify } from '@/shared/ui/page';
import { useChangeAgent, useSkills, type Agent } from '../api/teams';
import { cleanLanguages, groupsMax, levels, loadMax, skillsMax, withGroup, withoutGroup, withoutSkill, withSkill, type AgentEdits } from './agentEdits';
import { changeOf } from './edits';
import { useNames } from './names';

interface Props {
  appid: string;
  agent: Agent;
  mayConfigure: boolean;
}

export function AgentForm({ appid, agent, mayConfigure }: Props) {
  const { t } = useTranslation();
  const [edits, setEdits] = useState<AgentEdits>({});
  const save = useChangeAgent(appid, agent.account_id);
  const { done, failed } = useNotify();
  const set = (part: AgentEdits) => setEdits((old) => ({ ...old, ...part }));
  const change = changeOf(agent, edits);
  // Somebody was faster: the sheet reads anew, what was written here stays, and can be saved then.
  const submit = () => save.mutateAsync(change!).then(() => (setEdits({}), done()), failed);
  const disabled = !mayConfigure;
  return (
    <Form layout="vertical">
      <Form.Item label={t('teams.agent.limit')} htmlFor="agent-limit" extra={t('teams.agent.limit_hint')}>
        <InputNumber id="agent-limit" min={0} max={loadMax} precision={0} disabled={disabled} value={edits.load_max ?? agent.load_max} onChange={(value) => set({ load_max: value ?? undefined })} />
      </Form.Item>
      <Form.Item label={t('teams.agent.skills')}>
        <Skills appid={appid} skills={edits.skills ?? agent.skills} disabled={disabled} change={(skills) => set({ skills })} />
      </Form.Item>
      <Form.Item label={t('teams.agent.languages')} htmlFor="agent-languages" extra={t('teams.agent.languages_hint')}>
        <Select id="agent-languages" mode="tags" disabled={disabled} value={edits.languages ?? agent.languages} options={['zh', 'en'].map((value) => ({ value, label: value }))} onChange={(written: string[]) => set({ languages: cleanLanguages(written) })} />
      </Form.Item>
      <Form.Item label={t('teams.agent.groups')}>
        <Groups appid={appid} groups={edits.groups ?? agent.groups} disabled={disabled} change={(groups) => set({ groups })} />
      </Form.Item>
      {mayConfigure && (
        <div className="team-foot">
          <Button type="primary" disabled={!change} loading={save.isPending} onClick={() => void submit()}>
            {t('common.save')}
          </Button>
          {change && <Button onClick={() => setEdits({})}>{t('common.undo')}</Button>}
        </div>
      )}
    </Form>
  );
}

interface SkillsProps {
  appid: string;
  skills: Agent['skills'];
  disabled: boolean;
  change(skills: Agent['skills']): void;
}

function Skills({ appid, skills, disabled, change }: SkillsProps) {
  const { t } = useTranslation();
  const known = useSkills(appid);
  const names = useNames(appid);
  const left = (known.data ?? []).filter((one) => !skills.some((each) => each.skill_id === one.id));
  return (
    <>
      {skills.length === 0 && <p className="muted">{t('teams.agent.no_skills')}</p>}
      <ul className="team-rows">
        {skills.map(({ skill_id, level }) => (
          <li key={skill_id}>
            <span className="team-row-text">{names.skill(skill_id)}</span>
            <span className="team-line">
              <Select aria-label={t('teams.agent.level_of', { skill: names.skill(skill_id) })} style={{ width: 96 }} disabled={disabled} value={level} options={levels.map((value) => ({ value, label: t('teams.agent.levels', { n: value }) }))} onChange={(value) => change(withSkill(skills, skill_id, value))} />
              {!disabled && <Button type="text" size="small" aria-label={t('teams.agent.remove_skill', { skill: names.skill(skill_id) })} icon={<X size={14} aria-hidden />} onClick={() => change(withoutSkill(skills, skill_id))} />}
            </span>
          </li>
        ))}
      </ul>
      {!disabled && known.data?.length === 0 && <Link to={`/m/${appid}/teams/settings`}>{t('teams.agent.to_skills')}</Link>}
      {!disabled && left.length > 0 && skills.length < skillsMax && (
        <Select aria-label={t('teams.agent.add_skill')} placeholder={t('teams.agent.add_skill')} style={{ minWidth: 180 }} showSearch={{ optionFilterProp: 'label' }} value={null} options={left.map((one) => ({ value: one.id, label: one.name }))} onChange={(id: string | null) => id && change(withSkill(skills, id, 3))} />
      )}
    </>
  );
}

interface GroupsProps {
  appid: string;
  groups: Agent['groups'];
  disabled: boolean;
  change(groups: Agent['groups']): void;
}

function Groups({ appid, groups, disabled, change }: GroupsProps) {
  const { t } = useTranslation();
  const known = useGroups(appid);
  const names = useNames(appid);
  const left = (known.data ?? []).filter((one) => !groups.some((each) => each.group_id === one.id));
  const calendarOf = (id: string) => known.data?.find((one) => one.id === id)?.calendar;
  return (
    <>
      {groups.length === 0 && <p className="muted">{t('teams.agent.no_groups')}</p>}
      <ul className="team-rows">
        {groups.map(({ group_id, shift }) => {
          const name = names.group(group_id);
          const calendar = calendarOf(group_id);
          return (
            <li key={group_id}>
              <span className="team-row-text">
                <span>{name}</span>
                {shift ? <CalendarField title={t('teams.agent.shift', { group: name })} calendar={shift} disabled={disabled} change={(next) => change(withGroup(groups, group_id, next))} /> : <span className="muted">{t('teams.agent.shift_group')}</span>}
              </span>
              {!disabled && (
                <span className="team-line">
                  {shift ? (
                    <Button size="small" type="text" onClick={() => change(withGroup(groups, group_id, null))}>
                      {t('teams.agent.shift_back')}
                    </Button>
                  ) : (
                    calendar && (
                      <Button size="small" type="text" aria-label={`${t('teams.agent.shift_own')} ${name}`} onClick={() => change(withGroup(groups, group_id, calendar))}>
                        {t('teams.agent.shift_own')}
                      </Button>
                    )
                  )}
                  <Button type="text" size="small" aria-label={t('teams.agent.remove_group', { group: name })} icon={<X size={14} aria-hidden />} onClick={() => change(withoutGroup(groups, group_id))} />
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {!disabled && left.length > 0 && groups.length < groupsMax && (
        <Select aria-label={t('teams.agent.add_group')} placeholder={t('teams.agent.add_group')} style={{ minWidth: 180 }} showSearch={{ optionFilterProp: 'label' }} value={null} options={left.map((one) => ({ value: one.id, label: groupName(one) }))} onChange={(id: string | null) => id && change(withGroup(groups, id))} />
      )}
    </>
  );
}
