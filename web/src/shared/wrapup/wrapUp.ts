// What a mini program lets agents say of a conversation: contact reasons 联系原因, custom fields 会话字段, tags used lately.
import { useQuery } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';

export type Reason = Schemas['ContactReason'];
export type Field = Schemas['ConversationField'];
export type Said = Pick<Schemas['Conversation'], 'reason' | 'tags' | 'fields'>;
export type WrapUpChange = Omit<Schemas['WrapUpChange'], 'version'>;

export const wrapUpKey = (appid: string) => ['wrapup', appid] as const;
const path = (appid: string) => ({ params: { path: { appid } } });
const stale = 60_000;

export const useReasons = (appid: string) =>
  useQuery({ queryKey: [...wrapUpKey(appid), 'reasons'], staleTime: stale, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/contact-reasons', path(appid)))).items });
export const useFields = (appid: string) =>
  useQuery({ queryKey: [...wrapUpKey(appid), 'fields'], staleTime: stale, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/conversation-fields', path(appid)))).items });
export const useLatelyUsed = (appid: string) =>
  useQuery({ queryKey: [...wrapUpKey(appid), 'tags'], staleTime: stale, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/conversation-tags', path(appid)))).items.map((one) => one.tag) });

export function pathOf(reasons: Reason[], reason: Reason): string {
  const above = reasons.find((one) => one.id === reason.parent_id);
  return above ? `${above.name} / ${reason.name}` : reason.name;
}

export interface ReasonOption {
  value: string;
  label: string;
  title: string; // with the one above
  disabled?: boolean;
}
// Those that can be chosen under the one above each; of `headings` these, too. What is chosen and can be no longer is added.
export function reasonOptions(reasons: Reason[], chosen?: { id: string; name: string } | null, headings = false): ReasonOption[] {
  const option = (one: Reason): ReasonOption => ({ value: one.id, label: pathOf(reasons, one), title: pathOf(reasons, one) });
  const known = reasons
    .filter((one) => !one.parent_id)
    .flatMap((above) => [above, ...reasons.filter((one) => one.parent_id === above.id)])
    .filter((one) => one.choosable || (headings && !one.archived))
    .map(option);
  return !chosen || known.some((one) => one.value === chosen.id) ? known : [...known, { value: chosen.id, label: chosen.name, title: chosen.name }];
}

// At most 20 of 32 characters.
export const tagsMax = 20;
export const cleanTags = (tags: string[]) => [...new Set(tags.map((one) => [...one.trim()].slice(0, 32).join('')).filter(Boolean))].slice(0, tagsMax);
