// A sheet that is closed with something unsaved asks before it forgets.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';

export function useLeave(close: () => void) {
  const { t } = useTranslation();
  const { confirm } = useNotify();
  const [unsaved, setUnsaved] = useState(false);
  const drop = () => (setUnsaved(false), close());
  const leave = () => (unsaved ? void confirm(t('quick_replies.unsaved_title'), t('quick_replies.unsaved_text'), drop, t('quick_replies.discard')) : close());
  return { leave, drop, setUnsaved };
}
