// What supervisors do, from the workbench and from their page.
import { api, unwrap, type Schemas } from '../api/client';

const at = (id: string) => ({ params: { path: { id } } });

// Each opening is audited.
export const watch = (id: string) => unwrap(api.POST('/api/v1/conversations/{id}/watch', at(id)));
export const takeOver = (id: string) => unwrap(api.POST('/api/v1/conversations/{id}/take-over', at(id)));
export const whisper = (id: string, content: string) => unwrap(api.POST('/api/v1/conversations/{id}/whispers', { ...at(id), body: { content, client_id: crypto.randomUUID() } }));
export const setAgentPresence = (appid: string, id: string, body: Schemas['AgentPresenceInput']) => unwrap(api.PUT('/api/v1/miniprograms/{appid}/agents/{id}/presence', { params: { path: { appid, id } }, body }));
