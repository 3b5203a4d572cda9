// How long things are kept, before it is asked for. Pure.
import type { Retention } from '../api/records';

export const daysMax = 3650;
// 0: for ever.
export type Days = Pick<Retention, 'messages_days' | 'media_days'>;

// Media would be kept longer than the messages they are in.
export const problemOf = ({ messages_days: messages, media_days: media }: Days) => messages !== 0 && (media === 0 || media > messages);

const shorter = (before: number, after: number) => after !== 0 && (before === 0 || after < before);
// Something goes that would have stayed.
export const shortened = (before: Days, after: Days) => shorter(before.messages_days, after.messages_days) || shorter(before.media_days, after.media_days);
