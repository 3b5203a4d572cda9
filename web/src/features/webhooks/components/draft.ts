// What somebody writes about a webhook: only what is other than what is stored is sent.
import { addressProblem } from '@/shared/ui/address';
import type { Change, Kind, Webhook } from '../api/webhooks';

export interface Edits {
  address?: string;
  description?: string;
  kinds?: Kind[];
}
export interface Draft {
  address: string;
  description: string;
  kinds: Kind[];
}

export const descriptionCharsMax = 200;

export const draftOf = (webhook: Webhook | undefined, edits: Edits): Draft => ({
  address: edits.address ?? webhook?.address ?? '',
  description: edits.description ?? webhook?.description ?? '',
  kinds: edits.kinds ?? webhook?.kinds ?? [],
});

export const isPlain = (text: string) => /^http:\/\//i.test(text.trim());

export const complete = (draft: Draft) => !addressProblem(draft.address) && draft.kinds.length > 0;

const same = (a: Kind[], b: Kind[]) => a.length === b.length && a.every((one) => b.includes(one));

// null: nothing.
export function changeOf(webhook: Webhook, draft: Draft): Change | null {
  const change: Change = {};
  if (draft.address.trim() !== webhook.address) change.address = draft.address.trim();
  if (draft.description.trim() !== webhook.description) change.description = draft.description.trim();
  if (!same(draft.kinds, webhook.kinds)) change.kinds = draft.kinds;
  return Object.keys(change).length > 0 ? change : null;
}
