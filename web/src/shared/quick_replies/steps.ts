// The actions of a macro or an automation rule in words.
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { lengthText } from '../service_levels/marks';
import { useAgents, useGroupName } from '../teams/teams';
import { pathOf, useReasons } from '../wrapup/wrapUp';
import { brief, nameOf, plainText, useQuickReplies } from './quickReplies';
import type { AnyStep } from './stepRows';

export interface Names {
  reply(id: string): string;
  agent(id: string): string;
  group(id: string): string;
  reason(id: string): string;
}

const dayMinutes = 1440;
export const lengthOf = (minutes: number, t: TFunction<'console'>) => (minutes % dayMinutes === 0 ? t('common.time.days', { n: minutes / dayMinutes }) : lengthText(minutes * 60_000));

export function stepText(step: AnyStep, names: Names, t: TFunction<'console'>): string {
  switch (step.kind) {
    case 'send_text':
      return t('quick_replies.steps.send_text', { text: brief(plainText(step.text ?? '')) });
    case 'send_reply':
      return t('quick_replies.steps.send_reply', { name: names.reply(step.quick_reply_id ?? '') });
    case 'note':
      return t('quick_replies.steps.note', { text: brief(step.text ?? '') });
    case 'add_tag':
      return t('quick_replies.steps.add_tag', { tag: step.tag });
    case 'remove_tag':
      return t('quick_replies.steps.remove_tag', { tag: step.tag });
    case 'set_level':
      return t('quick_replies.steps.set_level', { n: step.level });
    case 'set_priority':
      return t('quick_replies.steps.set_priority', { n: step.priority });
    case 'notify_supervisor':
      return t('quick_replies.steps.notify_supervisor', { text: brief(step.text ?? '') });
    case 'transfer_agent':
      return t('quick_replies.steps.transfer_agent', { name: names.agent(step.account_id ?? '') });
    case 'transfer_group':
      return t('quick_replies.steps.transfer_group', { name: names.group(step.group_id ?? '') });
    case 'transfer_tier':
      return t('quick_replies.steps.transfer_tier', { name: t(`desk.tiers.${step.tier ?? 'expert'}`) });
    case 'park':
      return step.minutes ? t('quick_replies.steps.park', { t: lengthOf(step.minutes, t) }) : t('quick_replies.steps.park_message');
    case 'close':
      return step.reason_id ? t('quick_replies.steps.close_as', { reason: names.reason(step.reason_id) }) : t('quick_replies.steps.close');
  }
}

// How a step reads in this mini program; of what is gone it says so.
export function useStepText(appid: string): (step: AnyStep) => string {
  const { t } = useTranslation();
  const replies = useQuickReplies(appid).data;
  const agents = useAgents(appid).data;
  const group = useGroupName(appid);
  const reasons = useReasons(appid).data;
  return useMemo(() => {
    const reply = (id: string) => {
      const found = replies?.find((one) => one.id === id);
      return found ? nameOf(found) : replies ? t('quick_replies.gone') : '…';
    };
    const agent = (id: string) => agents?.items.find((one) => one.account_id === id)?.display_name ?? (agents ? t('desk.levels.somebody', { id }) : '…');
    const reason = (id: string) => {
      const found = reasons?.find((one) => one.id === id);
      return found && reasons ? pathOf(reasons, found) : reasons ? t('quick_replies.gone') : '…';
    };
    return (step) => stepText(step, { reply, agent, group, reason }, t);
  }, [replies, agents, group, reasons, t]);
}
