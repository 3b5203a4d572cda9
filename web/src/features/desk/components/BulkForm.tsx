// What exactly is to be done to all that are chosen.
import { Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMacros } from '@/shared/quick_replies/quickReplies';
import { groupName, tiersOf, useAgents, useGroups, type Tier } from '@/shared/teams/teams';
import { cleanTags, reasonOptions, tagsMax, useLatelyUsed, useReasons } from '@/shared/wrapup/wrapUp';
import type { BulkAction, BulkKind } from '../api/bulk';
import { outcomes, type Outcome } from '../api/conversations';
import { untilOf } from './ParkDialog';

const times = ['hour', 'three_hours', 'tomorrow', 'message'] as const;

export interface Draft {
  to?: string; // agent:1, group:2, tier:expert
  note: string;
  outcome: Outcome;
  reason?: string;
  tags: string[];
  until: (typeof times)[number];
  macro?: string;
}

// undefined: something is missing.
export function ready(kind: BulkKind, { to, note, outcome, reason, tags, until, macro }: Draft): BulkAction | undefined {
  const said = note.trim() ? { note: note.trim() } : {};
  switch (kind) {
    case 'take':
      return { kind };
    case 'transfer': {
      const [what, id] = (to ?? '').split(':');
      if (!id) return undefined;
      return { kind, ...(what === 'tier' ? { tier: id as Tier } : what === 'group' ? { group_id: id } : { account_id: id }), ...said };
    }
    case 'tag':
      return tags.length > 0 ? { kind, tags } : undefined;
    case 'park': {
      const at = untilOf(until, null);
      return { kind, ...(at ? { until: at } : {}), ...said };
    }
    case 'close':
      return { kind, outcome, reason_id: reason, tags };
    case 'macro':
      return macro ? { kind, id: macro } : undefined;
  }
}

interface Props {
  appid: string;
  kind: BulkKind;
  draft: Draft;
  change(part: Partial<Draft>): void;
}

export function BulkForm({ kind, ...props }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <p className="muted">{t(`workbench.bulk.hints.${kind}`)}</p>
      <Form layout="vertical" component="div">
        {kind === 'transfer' && <To {...props} />}
        {kind === 'park' && <Until {...props} />}
        {kind === 'close' && <End {...props} />}
        {(kind === 'tag' || kind === 'close') && <Tags {...props} />}
        {kind === 'macro' && <Macros {...props} />}
        {(kind === 'transfer' || kind === 'park') && (
          <Form.Item label={t('desk.transfer.note')} htmlFor="bulk-note">
            <Input id="bulk-note" maxLength={200} value={props.draft.note} onChange={(event) => props.change({ note: event.target.value })} />
          </Form.Item>
        )}
      </Form>
    </>
  );
}

type Part = Omit<Props, 'kind'>;

function To({ appid, draft, change }: Part) {
  const { t } = useTranslation();
  const agents = useAgents(appid);
  const groups = useGroups(appid);
  const options = [
    { label: t('desk.transfer.agents'), options: (agents.data?.items ?? []).map((one) => ({ value: `agent:${one.account_id}`, label: one.display_name, disabled: one.presence === 'offline' })) },
    { label: t('desk.transfer.groups'), options: (groups.data ?? []).map((one) => ({ value: `group:${one.id}`, label: groupName(one) })) },
    { label: t('desk.transfer.tiers'), options: tiersOf(groups.data ?? []).map(({ tier }) => ({ value: `tier:${tier}`, label: t(`desk.tiers.${tier}`) })) },
  ].filter((one) => one.options.length > 0);
  return (
    <Form.Item label={t('desk.transfer.to')} htmlFor="bulk-to">
      <Select id="bulk-to" aria-label={t('desk.transfer.to')} showSearch={{ optionFilterProp: 'label' }} value={draft.to} options={options} onChange={(to: string) => change({ to })} />
    </Form.Item>
  );
}

function Until({ draft, change }: Part) {
  const { t } = useTranslation();
  return (
    <Form.Item label={t('desk.park.until')}>
      <Radio.Group aria-label={t('desk.park.until')} className="transfer-agents" value={draft.until} options={times.map((value) => ({ value, label: t(`desk.park.choices.${value}`) }))} onChange={(event) => change({ until: event.target.value as Draft['until'] })} />
    </Form.Item>
  );
}

function End({ appid, draft, change }: Part) {
  const { t } = useTranslation();
  const reasons = useReasons(appid);
  const options = reasonOptions(reasons.data ?? [], null);
  return (
    <>
      <Form.Item label={t('desk.closing.outcome')}>
        <Radio.Group aria-label={t('desk.closing.outcome')} value={draft.outcome} options={outcomes.map((value) => ({ value, label: t(`desk.closing.outcomes.${value}`) }))} onChange={(event) => change({ outcome: event.target.value as Outcome })} />
      </Form.Item>
      {options.length > 0 && (
        <Form.Item label={t('wrapup.reason')} htmlFor="bulk-reason">
          <Select id="bulk-reason" aria-label={t('wrapup.reason')} allowClear placeholder={t('wrapup.choose_reason')} showSearch={{ optionFilterProp: 'title' }} value={draft.reason} options={options} onChange={(reason?: string) => change({ reason })} />
        </Form.Item>
      )}
    </>
  );
}

function Tags({ appid, draft, change }: Part) {
  const { t } = useTranslation();
  const known = useLatelyUsed(appid);
  return (
    <Form.Item label={t('wrapup.tags')} htmlFor="bulk-tags">
      <Select id="bulk-tags" aria-label={t('wrapup.tags')} mode="tags" maxCount={tagsMax} tokenSeparators={[',', '，']} placeholder={t('wrapup.tags_hint')} value={draft.tags} options={(known.data ?? []).map((value) => ({ value, label: value }))} onChange={(chosen: string[]) => change({ tags: cleanTags(chosen) })} />
    </Form.Item>
  );
}

function Macros({ appid, draft, change }: Part) {
  const { t } = useTranslation();
  const macros = useMacros(appid);
  return (
    <Form.Item label={t('desk.action.macros')} htmlFor="bulk-macro" help={macros.data?.length === 0 ? t('workbench.bulk.no_macros') : undefined}>
      <Select id="bulk-macro" aria-label={t('desk.action.macros')} showSearch={{ optionFilterProp: 'label' }} value={draft.macro} options={(macros.data ?? []).map((one) => ({ value: one.id, label: one.name }))} onChange={(macro: string) => change({ macro })} />
    </Form.Item>
  );
}
