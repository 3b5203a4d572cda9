// The draft of one conversation, the same in all tabs: each keystroke is kept, and what another tab keeps is taken over.
// Where both wrote at once, what the other tab had is offered and not lost.
import { useEffect, useRef, useState } from 'react';
import { blank, changed, draftIn, keepDraft, showDraft, storedDraft, type Draft } from './drafts';

export function useDraft(conversationId: string) {
  const base = useRef<string | null>(undefined); // what is stored, as far as this tab knows
  if (base.current === undefined) base.current = storedDraft(conversationId);
  const [draft, setDraft] = useState(() => draftIn(base.current ?? null) ?? blank());
  const [theirs, setTheirs] = useState<Draft>(); // what another tab wrote at the same time
  const newest = useRef(draft);

  const show = (next: Draft) => {
    newest.current = next;
    setDraft(next);
  };
  // False: another tab changed it, and this tab did not know.
  const isNewest = () => storedDraft(conversationId) === base.current;
  const takeOver = () => {
    base.current = storedDraft(conversationId);
    show(draftIn(base.current) ?? blank(newest.current.note));
  };
  const keep = (change: Partial<Draft>) => {
    if (!isNewest()) {
      const other = draftIn(storedDraft(conversationId));
      if (other && other.text !== (change.text ?? newest.current.text)) setTheirs(other);
    }
    const kept = changed(newest.current, change);
    base.current = keepDraft(conversationId, kept);
    show(kept);
  };
  useEffect(() => {
    const listen = () => {
      if (!isNewest()) takeOver();
    };
    window.addEventListener('storage', listen);
    return () => window.removeEventListener('storage', listen);
  }, [conversationId]); // eslint-disable-line react-hooks/exhaustive-deps

  useEffect(() => showDraft(conversationId, { now: () => newest.current, keep }), [conversationId]); // eslint-disable-line react-hooks/exhaustive-deps

  return {
    ...draft,
    keep,
    // Before it is sent: false when another tab sent or changed it, which is shown then.
    mayBeSent: () => isNewest() || (takeOver(), false),
    theirs,
    answerTheirs: (take: boolean) => {
      if (take && theirs) keep({ text: theirs.text, note: theirs.note, mentions: theirs.mentions, consult: theirs.consult });
      setTheirs(undefined);
    },
  };
}
export type OpenDraft = ReturnType<typeof useDraft>;
