import { readDraft } from './settings';

export const hasDraft = (conversationId: string) => readDraft(conversationId) !== '';
