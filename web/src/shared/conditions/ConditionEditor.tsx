// A rule's condition, written: groups of comparisons, each group all or any of its parts.
import { Button, Input, InputNumber, Segmented, Select } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import '@/shared/ui/conditions.css';
import { useZone } from '@/shared/ui/time';
import { CalendarField } from './CalendarField';
import { complete, depthMax, fields, formOf, fresh, hasKey, isGroup, keyCharsMax, mustBeSigned, opsOf, partsOf, textCharsMax, textsMax, waitMax, withField, withOp, withParts, type Group, type Leaf, type Value } from './conditions';

type Calendar = Schemas['Calendar'];

interface Props {
  group: Group;
  room: boolean; // for one more comparison
  change(next: Group): void;
  depth?: number;
}

export function ConditionEditor({ group, room, change, depth = 1 }: Props) {
  const { t } = useTranslation();
  const parts = partsOf(group);
  const all = 'all' in group;
  const remove = (index: number) => <Button type="text" danger aria-label={t('common.remove')} icon={<Trash2 size={14} aria-hidden />} onClick={() => change(withParts(group, parts.toSpliced(index, 1)))} />;
  return (
    <div className="condition-group" role="group" aria-label={all ? t('teams.conditions.all') : t('teams.conditions.any')}>
      <Segmented
        size="small"
        aria-label={t('teams.conditions.how')}
        value={all ? 'all' : 'any'}
        options={(['all', 'any'] as const).map((value) => ({ value, label: t(`teams.conditions.${value}`) }))}
        onChange={(value) => change(value === 'all' ? { all: parts } : { any: parts })}
      />
      {parts.map((part, index) => (
        <div key={index} className="condition-part">
          {isGroup(part) ? (
            <ConditionEditor group={part} room={room} depth={depth + 1} change={(next) => change(withParts(group, parts.with(index, next)))} />
          ) : (
            <Comparison leaf={part} change={(next) => change(withParts(group, parts.with(index, next)))} />
          )}
          {remove(index)}
        </div>
      ))}
      <div className="condition-line">
        <Button size="small" disabled={!room} icon={<Plus size={14} aria-hidden />} onClick={() => change(withParts(group, [...parts, fresh()]))}>
          {t('teams.conditions.add')}
        </Button>
        {depth + 1 < depthMax && (
          <Button size="small" disabled={!room} icon={<Plus size={14} aria-hidden />} onClick={() => change(withParts(group, [...parts, all ? { any: [fresh()] } : { all: [fresh()] }]))}>
            {t('teams.conditions.add_group')}
          </Button>
        )}
      </div>
    </div>
  );
}

interface ComparisonProps {
  leaf: Leaf;
  change(next: Leaf): void;
}

function Comparison({ leaf, change }: ComparisonProps) {
  const { t } = useTranslation();
  const hint = mustBeSigned(leaf) ? t('teams.conditions.must_be_signed') : leaf.field === 'page' || leaf.field === 'parameter' ? t('teams.conditions.from_phone') : formOf(leaf) === 'texts' ? t('teams.conditions.texts_hint') : '';
  return (
    <div className="condition-comparison">
      <div className="condition-line">
        <Select aria-label={t('teams.conditions.field')} style={{ minWidth: 130 }} popupMatchSelectWidth={false} value={leaf.field} options={fields.map((value) => ({ value, label: t(`teams.conditions.fields.${value}`) }))} onChange={(field) => change(withField(leaf, field))} />
        {hasKey(leaf.field) && <Input aria-label={t('teams.conditions.key')} placeholder={t('teams.conditions.key')} status={leaf.key && !mustBeSigned(leaf) ? undefined : 'error'} style={{ width: 140 }} maxLength={keyCharsMax} value={leaf.key} onChange={(event) => change({ ...leaf, key: event.target.value.trim() })} />}
        {opsOf[leaf.field].length > 1 && <Select aria-label={t('teams.conditions.op')} style={{ minWidth: 90 }} popupMatchSelectWidth={false} value={leaf.op} options={opsOf[leaf.field].map((value) => ({ value, label: t(`teams.conditions.ops.${value}`) }))} onChange={(op) => change(withOp(leaf, op))} />}
        <ValueInput leaf={leaf} change={change} />
      </div>
      {hint && <span className={mustBeSigned(leaf) ? 'condition-wrong' : 'muted condition-small'}>{hint}</span>}
    </div>
  );
}

function ValueInput({ leaf, change }: ComparisonProps) {
  const { t } = useTranslation();
  const label = t('teams.conditions.value');
  const { value: _, ...rest } = leaf;
  const write = (value: Value | null | undefined) => change(value === null || value === undefined ? rest : { ...rest, value });
  const status = complete(leaf) ? undefined : 'error';
  switch (formOf(leaf)) {
    case 'none':
      return null;
    case 'level':
      return <InputNumber aria-label={label} status={status} min={0} max={9} precision={0} style={{ width: 80 }} value={leaf.value as number} onChange={write} />;
    case 'seconds':
      return <InputNumber aria-label={label} status={status} min={1} max={waitMax} precision={0} style={{ width: 120 }} suffix={t('teams.conditions.seconds')} value={leaf.value as number} onChange={write} />;
    case 'open':
      return <Select aria-label={label} style={{ minWidth: 110 }} value={leaf.value === true} options={[{ value: true, label: t('teams.conditions.open.yes') }, { value: false, label: t('teams.conditions.open.no') }]} onChange={write} />;
    case 'calendar':
      return <Hours leaf={leaf} change={change} />;
    case 'texts':
      return <Texts leaf={leaf} change={change} />;
  }
}

const msgtypes = ['text', 'image', 'miniprogrampage', 'event'] as const;
const languages = ['zh_CN', 'zh_HK', 'zh_TW', 'en'];

function Texts({ leaf, change }: ComparisonProps) {
  const { t } = useTranslation();
  const known = leaf.field === 'msgtype' ? msgtypes.map((value) => ({ value: value as string, label: t(`teams.conditions.msgtypes.${value}`) })) : leaf.field === 'language' ? languages.map((value) => ({ value, label: value })) : [];
  const write = (written: string[]) => change({ ...leaf, value: [...new Set(written.map((one) => [...one.trim()].slice(0, textCharsMax).join('')).filter(Boolean))] });
  return (
    <Select
      mode="tags"
      aria-label={t('teams.conditions.value')}
      status={complete(leaf) ? undefined : 'error'}
      className="condition-texts"
      maxCount={textsMax}
      open={known.length > 0 ? undefined : false}
      suffixIcon={null}
      value={(leaf.value as string[] | undefined) ?? []}
      options={known}
      onChange={write}
    />
  );
}

// Until hours are said it is the whole day, every day.
function Hours({ leaf, change }: ComparisonProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const calendar = (leaf.value as Calendar | undefined) ?? { time_zone: zone, days: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } };
  return <CalendarField title={t('teams.conditions.fields.time')} calendar={calendar} disabled={false} change={(value) => change({ ...leaf, value })} />;
}
