// Where a rule sends a conversation, written: the group, what its agents need, whom first, and when less is asked for.
import { Button, Form, InputNumber, Segmented, Select, Switch } from 'antd';
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { groupName, useGroups } from '@/shared/teams/teams';
import { useSkills } from '../api/teams';
import { levels } from './agentEdits';
import { useNames } from './names';
import { Overflow } from './Overflow';
import { priorityMax, skillsMax, strategies, type Target } from './target';

interface Props {
  appid: string;
  target: Target;
  disabled: boolean;
  change(next: Target): void;
}

export function TargetEditor({ appid, target, disabled, change }: Props) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const names = useNames(appid);
  const set = (part: Partial<Target>) => change({ ...target, ...part });
  const known = (groups.data ?? []).map((one) => ({ value: one.id, label: groupName(one) }));
  // One that was deleted is named as such.
  const options = known.some((one) => one.value === target.group) || target.group === '' ? known : [...known, { value: target.group, label: names.group(target.group) }];
  return (
    <>
      <Form.Item label={t('teams.target.group')} htmlFor="target-group">
        <Select id="target-group" disabled={disabled} showSearch={{ optionFilterProp: 'label' }} status={target.group === '' ? 'error' : undefined} value={target.group || undefined} options={options} onChange={(group: string) => set({ group })} />
      </Form.Item>
      <Form.Item label={t('teams.target.skills')}>
        <SkillsNeeded appid={appid} skills={target.skills} disabled={disabled} change={(skills) => set({ skills })} />
      </Form.Item>
      <Form.Item label={t('teams.target.strategy')}>
        <Segmented aria-label={t('teams.target.strategy')} disabled={disabled} value={target.strategy} options={strategies.map((value) => ({ value, label: t(`teams.target.strategies.${value}`) }))} onChange={(strategy) => set({ strategy })} />
      </Form.Item>
      <Toggle label={t('teams.target.last_agent')} hint={t('teams.target.last_agent_hint')} checked={target.last_agent_first} disabled={disabled} change={(last_agent_first) => set({ last_agent_first })} />
      <Toggle label={t('teams.target.language')} hint={t('teams.target.language_hint')} checked={target.match_language} disabled={disabled} change={(match_language) => set({ match_language })} />
      <Form.Item label={t('teams.target.priority')} htmlFor="target-priority" extra={t('teams.target.priority_hint')}>
        <InputNumber id="target-priority" min={0} max={priorityMax} precision={0} disabled={disabled} value={target.priority} onChange={(priority) => set({ priority: priority ?? 0 })} />
      </Form.Item>
      <Form.Item label={t('teams.target.overflow')} extra={t('teams.target.overflow_hint')}>
        <Overflow appid={appid} steps={target.overflow} disabled={disabled} change={(overflow) => set({ overflow })} />
      </Form.Item>
    </>
  );
}

function Toggle({ label, hint, checked, disabled, change }: { label: string; hint: string; checked: boolean; disabled: boolean; change(checked: boolean): void }) {
  return (
    <Form.Item extra={hint}>
      <span className="team-line">
        <Switch aria-label={label} checked={checked} disabled={disabled} onChange={change} />
        <span aria-hidden>{label}</span>
      </span>
    </Form.Item>
  );
}

interface SkillsProps {
  appid: string;
  skills: Target['skills'];
  disabled: boolean;
  change(next: Target['skills']): void;
}

function SkillsNeeded({ appid, skills, disabled, change }: SkillsProps) {
  const { t } = useTranslation();
  const known = useSkills(appid);
  const names = useNames(appid);
  const left = (known.data ?? []).filter((one) => !skills.some((each) => each.skill === one.id));
  return (
    <div className="team-fields">
      {skills.map(({ skill, level }, index) => (
        <span key={skill} className="team-line">
          <span>{names.skill(skill)}</span>
          <Select aria-label={`${names.skill(skill)} ${t('teams.target.level')}`} style={{ width: 130 }} disabled={disabled} value={level} options={levels.map((value) => ({ value, label: `${t('teams.target.level')} ${t('teams.target.levels', { n: value })}` }))} onChange={(value) => change(skills.with(index, { skill, level: value }))} />
          {!disabled && <Button type="text" size="small" aria-label={`${t('common.remove')} ${names.skill(skill)}`} icon={<X size={14} aria-hidden />} onClick={() => change(skills.toSpliced(index, 1))} />}
        </span>
      ))}
      {!disabled && left.length > 0 && skills.length < skillsMax && (
        <Select
          aria-label={t('teams.target.add_skill')}
          prefix={<Plus size={14} aria-hidden />}
          placeholder={t('teams.target.add_skill')}
          style={{ width: 180 }}
          showSearch={{ optionFilterProp: 'label' }}
          value={null}
          options={left.map((one) => ({ value: one.id, label: one.name }))}
          onChange={(skill: string | null) => skill && change([...skills, { skill, level: 1 }])}
        />
      )}
    </div>
  );
}
