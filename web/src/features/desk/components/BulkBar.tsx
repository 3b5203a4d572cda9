// Below the list while several are chosen: how many, and what can be done to all of them.
import { Button, Checkbox } from 'antd';
import { X } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadStrings } from '@/i18n';
import { late } from '@/shared/ui/late';
import type { BulkKind } from '../api/bulk';
import type { Conversation } from '../api/cache';
import type { Selection } from './useSelection';
import { useShortcuts } from './useShortcuts';

const BulkDialog = late(async () => (await Promise.all([import('./BulkDialog'), loadStrings('wrapup')]))[0]);

const kinds: BulkKind[] = ['take', 'transfer', 'tag', 'park', 'close', 'macro'];
const ofClosed: BulkKind[] = ['tag', 'macro'];

export default function BulkBar({ appid, listed, selection }: { appid: string; listed: number; selection: Selection }) {
  const { t } = useTranslation();
  const [doing, setDoing] = useState<{ kind: BulkKind; conversations: Conversation[] }>();
  const { chosen } = selection;
  useShortcuts({ Escape: selection.end });
  const offered = chosen.length > 0 && chosen.every((one) => one.state === 'closed') ? ofClosed : kinds;
  return (
    <div className="wb-bulk" role="group" aria-label={t('workbench.bulk.label')}>
      <span className="wb-bulk-count">
        <Checkbox aria-label={t('workbench.bulk.all')} checked={listed > 0 && chosen.length === listed} indeterminate={chosen.length > 0 && chosen.length < listed} onChange={(event) => (event.target.checked ? selection.all() : selection.begin())} />
        <span className="num" role="status">
          {t('workbench.bulk.chosen', { n: chosen.length })}
        </span>
      </span>
      {offered.map((kind) => (
        <Button key={kind} size="small" disabled={chosen.length === 0} onClick={() => setDoing({ kind, conversations: chosen })}>
          {t(`workbench.bulk.kinds.${kind}`)}
        </Button>
      ))}
      <Button type="text" size="small" aria-label={t('workbench.bulk.leave')} icon={<X size={15} aria-hidden />} onClick={selection.end} />
      {doing && (
        <Suspense fallback={null}>
          <BulkDialog
            appid={appid}
            {...doing}
            close={(done) => {
              setDoing(undefined);
              if (done) selection.end();
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
