// A segment's condition, written: groups of comparisons, each group all or any of its parts.
import { Button, Input, InputNumber, Segmented, Select } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import '@/shared/ui/conditions.css';
import { dayStart, dayText } from '@/shared/ui/days';
import { useZone } from '@/shared/ui/time';
import type { Attribute } from '../api/settings';
import { choiceOf, complete, daysMax, depthMax, fields, formOf, fresh, isGroup, opsOf, partsOf, withChoice, withOp, withParts, type Group, type Leaf, type Value } from './conditions';
import { fieldWords } from './conditionWords';

interface Props {
  group: Group;
  attributes: Attribute[];
  room: boolean; // for one more comparison
  change(next: Group): void;
  depth?: number;
}

export function ConditionEditor({ group, attributes, room, change, depth = 1 }: Props) {
  const { t } = useTranslation();
  const parts = partsOf(group);
  const all = 'all' in group;
  const remove = (index: number) => <Button type="text" danger aria-label={t('common.remove')} icon={<Trash2 size={14} aria-hidden />} onClick={() => change(withParts(group, parts.toSpliced(index, 1)))} />;
  return (
    <div className="condition-group" role="group" aria-label={all ? t('people.conditions.all') : t('people.conditions.any')}>
      <Segmented
        size="small"
        aria-label={t('people.conditions.how')}
        value={all ? 'all' : 'any'}
        options={(['all', 'any'] as const).map((value) => ({ value, label: t(`people.conditions.${value}`) }))}
        onChange={(value) => change(value === 'all' ? { all: parts } : { any: parts })}
      />
      {parts.map((part, index) => (
        <div key={index} className="condition-part">
          {isGroup(part) ? (
            <ConditionEditor group={part} attributes={attributes} room={room} depth={depth + 1} change={(next) => change(withParts(group, parts.with(index, next)))} />
          ) : (
            <Comparison leaf={part} attributes={attributes} change={(next) => change(withParts(group, parts.with(index, next)))} />
          )}
          {remove(index)}
        </div>
      ))}
      <div className="people-line">
        <Button size="small" disabled={!room} icon={<Plus size={14} aria-hidden />} onClick={() => change(withParts(group, [...parts, fresh()]))}>
          {t('people.conditions.add')}
        </Button>
        {depth + 1 < depthMax && (
          <Button size="small" disabled={!room} icon={<Plus size={14} aria-hidden />} onClick={() => change(withParts(group, [...parts, all ? { any: [fresh()] } : { all: [fresh()] }]))}>
            {t('people.conditions.add_group')}
          </Button>
        )}
      </div>
    </div>
  );
}

interface ComparisonProps {
  leaf: Leaf;
  attributes: Attribute[];
  change(next: Leaf): void;
}

function Comparison({ leaf, attributes, change }: ComparisonProps) {
  const { t } = useTranslation();
  const choices = [
    ...fields.filter((one) => one !== 'attribute').map((value) => ({ value: value as string, label: t(`people.conditions.fields.${value}`) })),
    ...attributes.map((one) => ({ value: `attribute:${one.key}`, label: one.name })),
  ];
  const known = choices.some((one) => one.value === choiceOf(leaf));
  return (
    <div className="people-line">
      <Select
        aria-label={t('people.conditions.field')}
        style={{ minWidth: 130 }}
        status={known ? undefined : 'error'}
        showSearch={choices.length > 10 ? { optionFilterProp: 'label' } : false}
        value={choiceOf(leaf)}
        options={known ? choices : [...choices, { value: choiceOf(leaf), label: fieldWords(leaf, attributes, t) }]}
        onChange={(choice) => change(withChoice(choice, attributes))}
      />
      <Select aria-label={t('people.conditions.op')} style={{ minWidth: 110 }} value={leaf.op} options={opsOf(leaf, attributes).map((value) => ({ value, label: t(`people.conditions.ops.${value}`) }))} onChange={(op) => change(withOp(leaf, op, attributes))} />
      <ValueInput leaf={leaf} attributes={attributes} change={change} />
    </div>
  );
}

function ValueInput({ leaf, attributes, change }: ComparisonProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const label = t('people.conditions.value');
  const { value: _, ...rest } = leaf;
  const write = (value: Value | null | undefined) => change(value === null || value === undefined || value === '' ? rest : { ...rest, value });
  const status = complete(leaf, attributes) ? undefined : 'error';
  switch (formOf(leaf, attributes)) {
    case 'none':
      return null;
    case 'level':
      return <InputNumber aria-label={label} status={status} min={0} max={9} precision={0} style={{ width: 80 }} value={leaf.value as number} onChange={write} />;
    case 'days':
      return <InputNumber aria-label={label} status={status} min={1} max={daysMax} precision={0} style={{ width: 120 }} suffix={t('people.conditions.days')} value={leaf.value as number} onChange={write} />;
    case 'time':
      return <Input type="date" aria-label={label} status={status} style={{ width: 160 }} value={typeof leaf.value === 'number' ? dayText(leaf.value, zone) : ''} onChange={(event) => write(dayStart(event.target.value, zone))} />;
    case 'yes_no':
      return <Select aria-label={label} style={{ minWidth: 80 }} value={leaf.value === true} options={[{ value: true, label: t('common.yes') }, { value: false, label: t('common.no') }]} onChange={write} />;
    case 'number':
      return <InputNumber aria-label={label} status={status} style={{ width: 140 }} value={leaf.value as number} onChange={write} />;
    case 'date':
      return <Input type="date" aria-label={label} status={status} style={{ width: 160 }} value={String(leaf.value ?? '')} onChange={(event) => write(event.target.value)} />;
    case 'choice':
      return <Choice leaf={leaf} attributes={attributes} change={change} />;
    default:
      return <Input aria-label={label} status={status} style={{ width: 180 }} maxLength={leaf.field === 'tag' ? 32 : 500} value={String(leaf.value ?? '')} onChange={(event) => write(event.target.value)} />;
  }
}

// A choice that was taken off the list is still what some have.
function Choice({ leaf, attributes, change }: ComparisonProps) {
  const { t } = useTranslation();
  const choices = attributes.find((one) => one.key === leaf.key)?.choices ?? [];
  const value = leaf.value as string | undefined;
  const options = value === undefined || choices.includes(value) ? choices : [...choices, value];
  return <Select aria-label={t('people.conditions.value')} status={value === undefined ? 'error' : undefined} style={{ minWidth: 130 }} value={value} options={options.map((one) => ({ value: one, label: one }))} onChange={(next) => change({ ...leaf, value: next })} />;
}
