// Colleagues in one conversation: mentions and transfers that wait.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { storeDone } from './conversations';

export type Mention = Schemas['Mention'];
export type ReceivedMention = Schemas['ReceivedMention'];

export const mentionsKey = (appid: string) => ['desk', 'mentions', appid] as const;
export const namedKey = (id: string) => ['desk', 'named', id] as const;

export const useInbox = (appid: string, unread: boolean, enabled = true) =>
  useInfiniteQuery({
    queryKey: [...mentionsKey(appid), { unread }],
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/miniprograms/{appid}/mentions', { params: { path: { appid }, query: { unread, limit: 20, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

// How many are unread.
export const useUnread = (appid: string) =>
  useQuery({
    queryKey: [...mentionsKey(appid), 'count'],
    staleTime: 30_000,
    queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/mentions', { params: { path: { appid }, query: { unread: true, limit: 1 } } }))).unread,
  });

// Without ids: all.
export function useReadMentions(appid: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids?: string[]) => unwrap(api.POST('/api/v1/miniprograms/{appid}/mentions/read', { params: { path: { appid } }, body: ids ? { ids } : {} })),
    onSuccess: () => client.invalidateQueries({ queryKey: mentionsKey(appid) }),
  });
}

// `readers`: whose change asks again.
export const useNamed = (id: string, readers: string) =>
  useQuery({ queryKey: [...namedKey(id), readers], placeholderData: keepPreviousData, queryFn: async () => (await unwrap(api.GET('/api/v1/conversations/{id}/mentions', { params: { path: { id } } }))).items });

export function useWithdrawMention(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (mentions: Mention[]) => {
      for (const { id: mention_id } of mentions) await unwrap(api.DELETE('/api/v1/conversations/{id}/mentions/{mention_id}', { params: { path: { id, mention_id } } }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: namedKey(id) }),
  });
}

interface Answer {
  answer: 'accept' | 'withdraw' | 'decline';
  note?: string; // of who declines
}

export function useAnswerTransfer(id: string) {
  const client = useQueryClient();
  const params = { path: { id } };
  return useMutation({
    mutationFn: (one: Answer) => {
      if (one.answer === 'accept') return unwrap(api.POST('/api/v1/conversations/{id}/transfer/accept', { params }));
      if (one.answer === 'withdraw') return unwrap(api.POST('/api/v1/conversations/{id}/transfer/withdraw', { params }));
      return unwrap(api.POST('/api/v1/conversations/{id}/transfer/decline', { params, body: { note: one.note } }));
    },
    onSuccess: (conversation) => storeDone(client, conversation),
  });
}
