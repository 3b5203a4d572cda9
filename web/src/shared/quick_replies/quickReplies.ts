// Quick replies 快捷回复 and macros 组合操作: what both the workbench and their own pages read.
import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { api, unwrap, type Schemas } from '../api/client';

export type QuickReply = Schemas['QuickReply'];
export type Macro = Schemas['Macro'];
export type Step = Schemas['MacroStep'];
export type Scope = Schemas['QuickReplyScope'];

export const repliesKey = (appid: string) => ['quick_replies', appid, 'replies'] as const;
export const macrosKey = (appid: string) => ['quick_replies', appid, 'macros'] as const;
const path = (appid: string) => ({ path: { appid } });

// The own ones and the shared ones, by folder; there are 1,000 at most.
export const useQuickReplies = (appid: string) =>
  useQuery({ queryKey: repliesKey(appid), staleTime: 60_000, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/quick-replies', { params: path(appid) }))).items });
export const useMacros = (appid: string) =>
  useQuery({ queryKey: macrosKey(appid), staleTime: 60_000, queryFn: async () => (await unwrap(api.GET('/api/v1/miniprograms/{appid}/macros', { params: path(appid) }))).items });

// As one reads it at a glance: for a variable what stands behind its bar.
export const plainText = (content: string) => content.replace(/{{[^{}|]*\|?([^{}]*)}}/g, (_, fallback: string) => fallback || '…');

const charsMax = 24;
export function brief(text: string): string {
  const chars = [...text.replace(/\s+/g, ' ').trim()];
  return chars.length > charsMax ? `${chars.slice(0, charsMax).join('')}…` : chars.join('');
}

export const nameOf = ({ title, shortcut, content }: Pick<QuickReply, 'title' | 'shortcut' | 'content'>) => title || (shortcut && `/${shortcut}`) || brief(plainText(content)) || i18next.t('desk.kind.image');
