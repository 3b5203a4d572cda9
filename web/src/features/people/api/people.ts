// Customers 客户: profiles, ids, links, the blacklist.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, api, readAll, unwrap, type Schemas } from '@/shared/api/client';

export type Row = Schemas['PersonRow'];
export type Person = Schemas['PersonWithProfiles'];
export type Profile = Schemas['PersonProfile'];
export type Identity = Schemas['PersonIdentity'];
export type HiddenNumber = Schemas['PersonNumber'];
export type IdentityKind = Schemas['PersonIdentityKind'];
export type Link = Schemas['PersonLink'];
export type Proposal = Schemas['LinkProposal'];
export type Block = Schemas['PersonBlock'];
export type Entrances = Schemas['EntranceList'];
export type Signal = Schemas['CustomerSignal'];

export const key = (appid: string) => ['people', appid] as const;
const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });

// Whatever was done: a link changes who is one person, a block what lists say of them.
export function useAct<Input, Output>(appid: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: key(appid) }) });
}

// ---- lists ----

// The lastly seen first; of a segment the newest first.
export const useRows = (appid: string, segment: string) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'rows', segment],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = { limit: 100, cursor: pageParam };
      return segment
        ? unwrap(api.GET('/api/v1/miniprograms/{appid}/segments/{id}/members', { params: { ...one(appid, segment), query } }))
        : unwrap(api.GET('/api/v1/miniprograms/{appid}/people', { params: { ...path(appid), query } }));
    },
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

// Those with exactly this id. What was looked for is a number of a person: it is not kept.
export interface Sought {
  kind: IdentityKind;
  value: string;
}
export const useSought = (appid: string, sought: Sought | null) =>
  useQuery({
    queryKey: [...key(appid), 'sought', sought],
    enabled: sought !== null,
    gcTime: 0,
    queryFn: async () => (await unwrap(api.POST('/api/v1/miniprograms/{appid}/people/search', { params: path(appid), body: sought! }))).items,
  });

// ---- one ----

export const usePerson = (appid: string, id: string) =>
  useQuery({ queryKey: [...key(appid), 'one', id], queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/people/{id}', { params: one(appid, id) })) });
export const useChangeProfile = (appid: string, id: string) => useAct(appid, (body: Schemas['PersonChange']) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/people/{id}', { params: one(appid, id), body })));
export const useAddIdentity = (appid: string, id: string) => useAct(appid, (body: Schemas['NewPersonIdentity']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/people/{id}/identities', { params: one(appid, id), body })));
export const useRemoveIdentity = (appid: string, id: string) =>
  useAct(appid, (identity_id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/people/{id}/identities/{identity_id}', { params: { path: { appid, id, identity_id } } })));
export const useReveal = (appid: string, id: string) =>
  useMutation({ gcTime: 0, mutationFn: (identity_id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/people/{id}/identities/{identity_id}/reveal', { params: { path: { appid, id, identity_id } } })) });

export const useRevealNumber = (appid: string, id: string) =>
  useMutation({ gcTime: 0, mutationFn: (number_id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/people/{id}/numbers/{number_id}/reveal', { params: { path: { appid, id, number_id } } })) });

// ---- links, proposals ----

export const useLinks = (appid: string, id: string) =>
  useQuery({ queryKey: [...key(appid), 'links', id], queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/people/{id}/links', { params: one(appid, id) }))).items });
export const useLink = (appid: string, id: string) => useAct(appid, (person_id: string) => unwrap(api.POST('/api/v1/miniprograms/{appid}/people/{id}/links', { params: one(appid, id), body: { person_id } })));
export const useUndoLink = (appid: string, id: string) =>
  useAct(appid, (link_id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/people/{id}/links/{link_id}', { params: { path: { appid, id, link_id } } })));

const proposals = (appid: string) => (cursor: string | undefined) => unwrap(api.GET('/api/v1/miniprograms/{appid}/people/proposals', { params: { ...path(appid), query: { limit: 100, cursor } } }));
export const useProposals = (appid: string) =>
  useInfiniteQuery({ queryKey: [...key(appid), 'proposals'], initialPageParam: undefined as string | undefined, queryFn: ({ pageParam }) => proposals(appid)(pageParam), getNextPageParam: (page) => page.next_cursor || undefined });
// Those of one person, among the newest: the API lists them for the whole mini program.
const proposalsRead = 300;
export const useProposalsOf = (appid: string, profiles: string[]) =>
  useQuery({
    queryKey: [...key(appid), 'proposals', 'newest'],
    queryFn: () => readAll(proposals(appid), proposalsRead),
    select: ({ items, complete }) => ({ items: items.filter((proposal) => proposal.profiles.some((end) => profiles.includes(end.profile_id))), complete }),
  });
export const useDecide = (appid: string) =>
  useAct(appid, ({ id, same }: { id: string; same: boolean }) =>
    same
      ? unwrap(api.POST('/api/v1/miniprograms/{appid}/people/proposals/{id}/confirm', { params: one(appid, id) }))
      : unwrap(api.POST('/api/v1/miniprograms/{appid}/people/proposals/{id}/reject', { params: one(appid, id) })),
  );

// ---- the blacklist ----

export const useBlacklist = (appid: string) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'blacklist'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/blacklist', { params: { ...path(appid), query: { limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
export const useBlock = (appid: string, id: string) => useAct(appid, (body: Schemas['NewBlock']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/people/{id}/block', { params: one(appid, id), body })));
export const useUnblock = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/people/{id}/block', { params: one(appid, id) })));

// ---- what the desk knows of the same customer ----

// null: has not written yet.
export const useContact = (appid: string, openid: string) =>
  useQuery({
    queryKey: [...key(appid), 'contact', openid],
    queryFn: async () => {
      try {
        return await unwrap(api.GET('/api/v1/miniprograms/{appid}/customers/{openid}', { params: { path: { appid, openid } } }));
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.status === 404) return null;
        throw problem;
      }
    },
  });
export const useConversations = (appid: string, openid: string) =>
  useQuery({
    queryKey: [...key(appid), 'conversations', openid],
    // The same words may stand in another's message.
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/conversations', { params: { ...path(appid), query: { q: openid, limit: 50 } } }))).items.filter((found) => found.openid === openid),
  });

// ---- where customers come from ----

export const useEntrances = (appid: string, span: { from: number; to: number }) =>
  useQuery({ queryKey: [...key(appid), 'entrances', span], queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/entrances', { params: { ...path(appid), query: span } })) });

// ---- what they said of the service, and what their phone reported ----

export const useRatings = (appid: string, profile: string) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'ratings', profile],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/satisfaction/results', { params: { ...path(appid), query: { profile, limit: 10, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const timelineDays = 90;
export const useTimeline = (appid: string, openid: string) =>
  useInfiniteQuery({
    queryKey: [...key(appid), 'timeline', openid],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/customers/{openid}/signals', { params: { path: { appid, openid }, query: { events: true, days: timelineDays, before: pageParam } } })),
    getNextPageParam: (page) => page.next_before || undefined,
  });
