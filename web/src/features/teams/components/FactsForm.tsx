// What is known of a customer who does not exist.
import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { priorityMax, waitMax } from './target';
import type { Facts, Parameter } from './facts';

interface Props {
  facts: Facts;
  change(next: Facts): void;
}

const msgtypes = ['text', 'image', 'miniprogrampage', 'event'] as const;
const parametersMax = 50;

export function FactsForm({ facts, change }: Props) {
  const { t } = useTranslation();
  const set = (part: Partial<Facts>) => change({ ...facts, ...part });
  return (
    <>
      <Form.Item label={t('teams.try.texts')} htmlFor="try-texts" extra={t('teams.try.texts_hint')}>
        <Input.TextArea id="try-texts" autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2048} value={facts.texts} onChange={(event) => set({ texts: event.target.value })} />
      </Form.Item>
      <Form.Item label={t('teams.try.page')} htmlFor="try-page">
        <Input id="try-page" maxLength={200} value={facts.page} onChange={(event) => set({ page: event.target.value })} />
      </Form.Item>
      <Form.Item label={t('teams.try.tags')} htmlFor="try-tags">
        <Select id="try-tags" mode="tags" open={false} suffixIcon={null} maxCount={20} placeholder={t('teams.try.tags_hint')} value={facts.tags} onChange={(tags: string[]) => set({ tags: tags.map((one) => [...one.trim()].slice(0, 32).join('')).filter(Boolean) })} />
      </Form.Item>
      <div className="team-form">
        <Form.Item label={t('teams.try.level')} htmlFor="try-level">
          <InputNumber id="try-level" min={0} max={9} precision={0} value={facts.level} onChange={(level) => set({ level: level ?? 0 })} />
        </Form.Item>
        <Form.Item label={t('teams.try.language')} htmlFor="try-language">
          <Input id="try-language" maxLength={16} placeholder="zh_CN" value={facts.language} onChange={(event) => set({ language: event.target.value })} />
        </Form.Item>
        <Form.Item label={t('teams.try.msgtype')} htmlFor="try-msgtype">
          <Select id="try-msgtype" value={facts.msgtype} options={msgtypes.map((value) => ({ value: value as string, label: t(`teams.conditions.msgtypes.${value}`) }))} onChange={(msgtype) => set({ msgtype })} />
        </Form.Item>
        <Form.Item label={t('teams.try.waiting')} htmlFor="try-waiting">
          <InputNumber id="try-waiting" min={0} max={waitMax} precision={0} value={facts.waiting_s} onChange={(waiting_s) => set({ waiting_s: waiting_s ?? 0 })} />
        </Form.Item>
        <Form.Item label={t('teams.try.priority')} htmlFor="try-priority">
          <InputNumber id="try-priority" min={0} max={priorityMax} precision={0} value={facts.priority} onChange={(priority) => set({ priority: priority ?? 0 })} />
        </Form.Item>
      </div>
      <Form.Item label={t('teams.try.parameters')}>
        <Parameters items={facts.parameters} change={(parameters) => set({ parameters })} />
      </Form.Item>
    </>
  );
}

function Parameters({ items, change }: { items: Parameter[]; change(next: Parameter[]): void }) {
  const { t } = useTranslation();
  return (
    <div className="team-fields">
      {items.map((one, index) => {
        const set = (part: Partial<Parameter>) => change(items.with(index, { ...one, ...part }));
        return (
          <span key={index} className="team-parameter">
            <Input aria-label={`${t('teams.try.parameter_name')} ${index + 1}`} placeholder={t('teams.try.parameter_name')} maxLength={100} value={one.name} onChange={(event) => set({ name: event.target.value })} />
            <Input aria-label={`${t('teams.try.parameter_value')} ${index + 1}`} placeholder={t('teams.try.parameter_value')} maxLength={1000} value={one.value} onChange={(event) => set({ value: event.target.value })} />
            <Checkbox checked={one.signed} onChange={(event) => set({ signed: event.target.checked })}>
              {t('teams.try.signed')}
            </Checkbox>
            <Button type="text" size="small" aria-label={t('teams.try.remove_parameter', { name: one.name })} icon={<X size={14} aria-hidden />} onClick={() => change(items.toSpliced(index, 1))} />
          </span>
        );
      })}
      {items.length < parametersMax && (
        <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => change([...items, { name: '', value: '', signed: false }])}>
          {t('teams.try.add_parameter')}
        </Button>
      )}
    </div>
  );
}
