// Segments 客户分群, custom attributes 自定义属性, and the key that signs session-from.
import { useMutation, useQuery } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { key, useAct } from './people';

export type Segment = Schemas['Segment'];
export type Attribute = Schemas['PersonAttribute'];
export type NewAttribute = Schemas['NewPersonAttribute'];
export type AttributeChange = Schemas['PersonAttributeChange'];

const path = (appid: string) => ({ path: { appid } });
const one = (appid: string, id: string) => ({ path: { appid, id } });

// ---- segments ----

export const useSegments = (appid: string) => useQuery({ queryKey: [...key(appid), 'segments'], queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/segments', { params: path(appid) }))).items });
// The server looks at every profile: only when somebody asks.
export const useSegmentCount = (appid: string, id: string, enabled: boolean) =>
  useQuery({ queryKey: [...key(appid), 'count', id], enabled, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/segments/{id}/count', { params: one(appid, id) }))).people });
export const useSaveSegment = (appid: string) =>
  useAct(appid, ({ id, ...body }: Schemas['NewSegment'] & { id?: string }) =>
    id
      ? unwrap(api.PATCH('/api/v1/miniprograms/{appid}/segments/{id}', { params: one(appid, id), body }))
      : unwrap(api.POST('/api/v1/miniprograms/{appid}/segments', { params: path(appid), body })),
  );
export const useRemoveSegment = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/segments/{id}', { params: one(appid, id) })));

// ---- custom attributes ----

export const useAttributes = (appid: string) =>
  useQuery({ queryKey: [...key(appid), 'attributes'], staleTime: 60_000, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/person-attributes', { params: path(appid) }))).items });
export const useAddAttribute = (appid: string) => useAct(appid, (body: NewAttribute) => unwrap(api.POST('/api/v1/miniprograms/{appid}/person-attributes', { params: path(appid), body })));
export const useChangeAttribute = (appid: string) =>
  useAct(appid, ({ id, change }: { id: string; change: AttributeChange }) => unwrap(api.PATCH('/api/v1/miniprograms/{appid}/person-attributes/{id}', { params: one(appid, id), body: change })));
export const useRemoveAttribute = (appid: string) => useAct(appid, (id: string) => unwrap(api.DELETE('/api/v1/miniprograms/{appid}/person-attributes/{id}', { params: one(appid, id) })));

// ---- session-from ----

export const useSessionKey = (appid: string) => useQuery({ queryKey: [...key(appid), 'session-key'], queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/session-from/key', { params: path(appid) })) });
export const useMakeSessionKey = (appid: string) => useAct(appid, () => unwrap(api.POST('/api/v1/miniprograms/{appid}/session-from/key', { params: path(appid) })));
export const useCheckSessionFrom = (appid: string) =>
  useMutation({ mutationFn: (body: Schemas['SessionFromCheckInput']) => unwrap(api.POST('/api/v1/miniprograms/{appid}/session-from/check', { params: path(appid), body })) });
