// What one action of a macro says besides its kind.
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { nameOf, useQuickReplies, type Scope, type Step } from '@/shared/quick_replies/quickReplies';
import { lengthOf } from '@/shared/quick_replies/steps';
import { groupName, useAgents, useGroups } from '@/shared/teams/teams';
import { textMax, VariableText } from './VariableText';

interface Props {
  appid: string;
  id: string;
  scope: Scope; // of the macro
  step: Step;
  autoFocus: boolean;
  change(step: Step): void;
}

const levels = Array.from({ length: 10 }, (_, value) => ({ value, label: String(value) }));
const lengths = [0, 30, 60, 180, 480, 1440, 4320, 10_080]; // minutes; 0: until the customer writes

export function StepFields(props: Props) {
  const { t } = useTranslation();
  const { id, step, autoFocus, change } = props;
  const label = t(`quick_replies.kinds.${step.kind}`);
  switch (step.kind) {
    case 'send_text':
      return <VariableText id={id} label={label} rows={2} autoFocus={autoFocus} value={step.text ?? ''} change={(text) => change({ ...step, text })} />;
    case 'note':
      return <Input.TextArea id={id} aria-label={label} autoSize={{ minRows: 2, maxRows: 8 }} autoFocus={autoFocus} maxLength={textMax} value={step.text} onChange={(event) => change({ ...step, text: event.target.value })} />;
    case 'add_tag':
    case 'remove_tag':
      return <Input id={id} aria-label={label} autoFocus={autoFocus} maxLength={32} value={step.tag} onChange={(event) => change({ ...step, tag: event.target.value })} />;
    case 'set_level':
      return <Select id={id} aria-label={label} autoFocus={autoFocus} className="qr-select" value={step.level} options={levels} onChange={(level: number) => change({ ...step, level })} />;
    case 'park': {
      const offered = lengths.includes(step.minutes ?? 0) ? lengths : [...lengths, step.minutes ?? 0].sort((a, b) => a - b);
      return <Select id={id} aria-label={label} autoFocus={autoFocus} className="qr-select" value={step.minutes ?? 0} options={offered.map((value) => ({ value, label: value === 0 ? t('quick_replies.until_message') : lengthOf(value, t) }))} onChange={(minutes: number) => change({ ...step, minutes })} />;
    }
    case 'close':
      return null;
    default:
      return <Named {...props} label={label} />;
  }
}

// A quick reply, an agent or a group. One that is gone is not named: another has to be chosen.
function Named({ appid, id, scope, step, autoFocus, change, label }: Props & { label: string }) {
  const replies = useQuickReplies(appid);
  const agents = useAgents(appid);
  const groups = useGroups(appid);
  const field = step.kind === 'send_reply' ? 'quick_reply_id' : step.kind === 'transfer_agent' ? 'account_id' : 'group_id';
  const options = {
    quick_reply_id: (replies.data ?? []).filter((one) => scope === 'personal' || one.scope === 'shared' || one.id === step.quick_reply_id).map((one) => ({ value: one.id, label: nameOf(one) })),
    account_id: (agents.data?.items ?? []).map((one) => ({ value: one.account_id, label: one.display_name })),
    group_id: (groups.data ?? []).map((one) => ({ value: one.id, label: groupName(one) })),
  }[field];
  const value = options.some((one) => one.value === step[field]) ? step[field] : undefined;
  return <Select id={id} aria-label={label} placeholder={label} autoFocus={autoFocus} className="qr-select" showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false} value={value} options={options} onChange={(chosen: string) => change({ ...step, [field]: chosen })} />;
}
