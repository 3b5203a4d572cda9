// A sheet that is closed with something unsaved asks before it forgets, in the page's own words.
import { useState } from 'react';
import { useNotify } from '@/shared/ui/page';

export function useLeave(close: () => void, words: { title: string; text: string; discard: string }) {
  const { confirm } = useNotify();
  const [unsaved, setUnsaved] = useState(false);
  const drop = () => (setUnsaved(false), close());
  const leave = () => (unsaved ? void confirm(words.title, words.text, drop, words.discard) : close());
  return { leave, drop, setUnsaved };
}
