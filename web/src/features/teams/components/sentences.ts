// Why a conversation goes where it goes, in sentences: the server tells codes and what it saw. Pure.
import { askedWords, type Say } from '@/shared/conditions/conditionWords';
import { fields } from '@/shared/conditions/conditions';
import { reasonText } from '@/shared/teams/teams';
import type { Answer, Warning } from '../api/routing';
import type { Shown } from './drafts';
import type { Names } from './target';

export type Compared = Answer['queue']['considered'][number]['compared'][number];
export type Candidate = Answer['agents']['candidates'][number];

// The rules that were asked about: stored ones go by their ids, written ones are called 1, 2, …
export type FindRule = (id: string) => Shown | undefined;
export const findStored = (rules: Shown[]): FindRule => (id) => rules.find((one) => one.id === id);
export const findDrafted = (rules: Shown[]): FindRule => (id) => rules[Number(id) - 1];

export function seenWords({ field, seen, trusted }: Compared, t: Say): string {
  switch (field) {
    case 'level':
      return t('teams.seen.level', { n: seen });
    case 'waiting':
      return t('teams.seen.waiting', { n: seen });
    case 'open':
      return seen === 'true' ? t('teams.seen.open') : t('teams.seen.closed');
    case 'time':
      return seen === 'within' ? t('teams.seen.within') : t('teams.seen.outside');
    case 'tag':
      return seen ? t('teams.seen.tag', { text: seen }) : t('teams.seen.no_tag');
    case 'text':
      return seen ? t('teams.seen.text', { text: seen }) : t('teams.seen.no_text');
    default: {
      if (!seen) return t('teams.seen.nothing');
      return trusted ? t('teams.seen.value', { text: seen }) : t('teams.seen.untrusted', { text: seen });
    }
  }
}

// "等级 至少 3：等级是 5"
export function comparedSentence(compared: Compared, rule: Shown | undefined, t: Say): string {
  const known = fields.some((one) => one === compared.field);
  return t('teams.seen.sentence', { asked: askedWords(compared, rule?.condition ?? null, t), seen: known ? seenWords(compared, t) : compared.seen });
}

export function queueSentence({ rule, group, priority }: Answer['queue'], find: FindRule, names: Names, t: Say): string {
  const values = { group: names.group(group), priority };
  return rule ? t('teams.answer.queue', { ...values, rule: find(rule)?.name ?? rule }) : t('teams.answer.queue_default', values);
}

export function agentSentence({ agent, why, overflow }: Answer['agents'], names: Names, t: Say): string {
  const first = agent ? t('teams.answer.agent', { agent: names.agent(agent), why: why ? t(`teams.answer.why.${why}`) : '' }) : t('teams.answer.waits');
  if (overflow === 0) return first;
  return t('teams.answer.both', { first, second: agent ? t('teams.answer.overflow_used', { n: overflow }) : t('teams.answer.overflow_holds', { n: overflow }) });
}

export function obstacleSentence({ obstacle, presence, skill, load, limit }: Candidate, names: Names, t: Say): string {
  switch (obstacle) {
    case null:
      return t('teams.obstacles.none');
    case 'full':
      return t('teams.obstacles.full', { load, limit });
    case 'away':
      return t('teams.obstacles.away', { presence: t(`desk.presence.${presence}`) });
    case 'skill':
      return t('teams.obstacles.skill', { skill: skill ? names.skill(skill) : '' });
    default:
      return t(`teams.obstacles.${obstacle}`);
  }
}

export function warningSentence({ kind, other, group, skill }: Warning, find: FindRule, names: Names, t: Say): string {
  return t(`teams.warnings.${kind}`, { rule: other ? (find(other)?.name ?? '') : '', group: group ? names.group(group) : '', skill: skill ? names.skill(skill) : '' });
}

// How a stay is named.
export const stayWords = (presence: Candidate['presence'], reason: string, t: Say) => [t(`desk.presence.${presence}`), reason ? reasonText(reason) : ''].filter(Boolean).join(' · ');
