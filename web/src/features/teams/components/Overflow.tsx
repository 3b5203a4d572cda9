// Steps of overflow 溢出: after so many seconds less is asked for.
import { Button, Checkbox, InputNumber, Select } from 'antd';
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { groupName, useGroups } from '@/shared/teams/teams';
import { freshStep, problemOf, stepGroupsMax, stepsMax, waitMax, type Step } from './target';

interface Props {
  appid: string;
  steps: Step[];
  disabled: boolean;
  change(next: Step[]): void;
}

export function Overflow({ appid, steps, disabled, change }: Props) {
  const { t } = useTranslation();
  return (
    <div className="team-fields">
      {steps.map((step, index) => (
        <OneStep key={index} appid={appid} steps={steps} index={index} disabled={disabled} change={(next) => change(steps.with(index, { ...step, ...next }))} remove={() => change(steps.toSpliced(index, 1))} />
      ))}
      {!disabled && steps.length < stepsMax && (
        <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => change([...steps, freshStep(steps)])}>
          {t('teams.target.add_step')}
        </Button>
      )}
    </div>
  );
}

interface StepProps {
  appid: string;
  steps: Step[];
  index: number;
  disabled: boolean;
  change(next: Partial<Step>): void;
  remove(): void;
}

function OneStep({ appid, steps, index, disabled, change, remove }: StepProps) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const step = steps[index]!;
  const problem = problemOf(steps, index);
  const name = t('teams.target.step_n', { n: index + 1 });
  return (
    <div className="condition-group" role="group" aria-label={name}>
      <span className="team-line">
        <strong>{name}</strong>
        <label className="team-line">
          {t('teams.target.after')}
          <InputNumber min={1} max={waitMax} precision={0} style={{ width: 120 }} suffix={t('teams.conditions.seconds')} status={problem === 'time' || problem === 'order' ? 'error' : undefined} disabled={disabled} value={step.after_s} onChange={(after_s) => change({ after_s: after_s ?? 0 })} />
        </label>
        {!disabled && <Button type="text" size="small" aria-label={t('teams.target.remove_step', { n: index + 1 })} icon={<X size={14} aria-hidden />} onClick={remove} />}
      </span>
      <Select
        mode="multiple"
        maxCount={stepGroupsMax}
        className="condition-texts"
        aria-label={`${name} ${t('teams.target.also')}`}
        placeholder={t('teams.target.also')}
        showSearch={{ optionFilterProp: 'label' }}
        disabled={disabled}
        value={step.groups}
        options={groups.data?.map((one) => ({ value: one.id, label: groupName(one) }))}
        onChange={(next: string[]) => change({ groups: next })}
      />
      <span className="team-line">
        <Checkbox disabled={disabled} checked={step.drop_skills} onChange={(event) => change({ drop_skills: event.target.checked })}>
          {t('teams.target.drop_skills')}
        </Checkbox>
        <Checkbox disabled={disabled} checked={step.drop_language} onChange={(event) => change({ drop_language: event.target.checked })}>
          {t('teams.target.drop_language')}
        </Checkbox>
      </span>
      {problem && <span className="team-wrong">{t(`teams.target.problems.${problem}`)}</span>}
    </div>
  );
}
