// What one action says besides its kind.
import { Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { groupName, tiersOf, useAgents, useGroups } from '../teams/teams';
import { reasonOptions, useReasons } from '../wrapup/wrapUp';
import { nameOf, useQuickReplies, type Scope } from './quickReplies';
import { noticeMax, priorityMax, type AnyStep } from './stepRows';
import { lengthOf } from './steps';
import './steps.css';
import { textMax, VariableText } from './VariableText';

interface Props<Step extends AnyStep = AnyStep> {
  appid: string;
  id: string;
  scope: Scope; // of what it is an action of
  step: Step;
  autoFocus: boolean;
  change(step: Step): void;
}

const levels = Array.from({ length: 10 }, (_, value) => ({ value, label: String(value) }));
const lengths = [0, 30, 60, 180, 480, 1440, 4320, 10_080]; // minutes; 0: until the customer writes

const fields = { send_reply: 'quick_reply_id', transfer_agent: 'account_id', transfer_group: 'group_id', transfer_tier: 'tier' } as const;

export function StepFields<Step extends AnyStep>(props: Props<Step>) {
  const { t } = useTranslation();
  const { id, step, autoFocus, change } = props;
  const label = t(`quick_replies.kinds.${step.kind}`);
  switch (step.kind) {
    case 'send_text':
      return <VariableText id={id} label={label} rows={2} autoFocus={autoFocus} value={step.text ?? ''} change={(text) => change({ ...step, text })} />;
    case 'note':
      return <Input.TextArea id={id} aria-label={label} autoSize={{ minRows: 2, maxRows: 8 }} autoFocus={autoFocus} maxLength={textMax} value={step.text} onChange={(event) => change({ ...step, text: event.target.value })} />;
    case 'notify_supervisor':
      return <Input id={id} aria-label={label} autoFocus={autoFocus} maxLength={noticeMax} value={step.text} onChange={(event) => change({ ...step, text: event.target.value })} />;
    case 'add_tag':
    case 'remove_tag':
      return <Input id={id} aria-label={label} autoFocus={autoFocus} maxLength={32} value={step.tag} onChange={(event) => change({ ...step, tag: event.target.value })} />;
    case 'set_level':
      return <Select id={id} aria-label={label} autoFocus={autoFocus} className="qr-select" value={step.level} options={levels} onChange={(level: number) => change({ ...step, level })} />;
    case 'set_priority':
      return <InputNumber id={id} aria-label={label} autoFocus={autoFocus} min={0} max={priorityMax} precision={0} value={step.priority} onChange={(priority) => change({ ...step, priority: priority ?? undefined })} />;
    case 'park': {
      const offered = lengths.includes(step.minutes ?? 0) ? lengths : [...lengths, step.minutes ?? 0].sort((a, b) => a - b);
      return <Select id={id} aria-label={label} autoFocus={autoFocus} className="qr-select" value={step.minutes ?? 0} options={offered.map((value) => ({ value, label: value === 0 ? t('quick_replies.until_message') : lengthOf(value, t) }))} onChange={(minutes: number) => change({ ...step, minutes })} />;
    }
    case 'close':
      return <Reason {...props} />;
    default:
      return <Named {...props} label={label} field={fields[step.kind]} />;
  }
}

// Why the customer wrote, when the macro knows.
function Reason({ appid, id, step, autoFocus, change }: Props) {
  const { t } = useTranslation();
  const reasons = useReasons(appid);
  const options = reasonOptions(reasons.data ?? []);
  if (options.length === 0) return null;
  const label = t('quick_replies.close_reason');
  const value = options.some((one) => one.value === step.reason_id) ? step.reason_id : undefined;
  return <Select id={id} aria-label={label} placeholder={label} autoFocus={autoFocus} allowClear className="qr-select" showSearch={{ optionFilterProp: 'title' }} value={value} options={options} onChange={(chosen?: string) => change({ kind: 'close', ...(step.tags && { tags: step.tags }), ...(chosen && { reason_id: chosen }) })} />;
}

// A quick reply, an agent, a group or a tier. One that is gone is not named: another has to be chosen.
function Named<Step extends AnyStep>({ appid, id, scope, step, autoFocus, change, label, field }: Props<Step> & { label: string; field: (typeof fields)[keyof typeof fields] }) {
  const { t } = useTranslation();
  const replies = useQuickReplies(appid);
  const agents = useAgents(appid);
  const groups = useGroups(appid);
  const options = {
    quick_reply_id: (replies.data ?? []).filter((one) => scope === 'personal' || one.scope === 'shared' || one.id === step.quick_reply_id).map((one) => ({ value: one.id, label: nameOf(one) })),
    account_id: (agents.data?.items ?? []).map((one) => ({ value: one.account_id, label: one.display_name })),
    group_id: (groups.data ?? []).map((one) => ({ value: one.id, label: groupName(one) })),
    tier: tiersOf(groups.data ?? []).map(({ tier }) => ({ value: tier as string, label: t(`desk.tiers.${tier}`) })),
  }[field];
  const value = options.some((one) => one.value === step[field]) ? step[field] : undefined;
  return <Select id={id} aria-label={label} placeholder={label} autoFocus={autoFocus} className="qr-select" showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false} value={value} options={options} onChange={(chosen: string) => change({ ...step, [field]: chosen })} />;
}
