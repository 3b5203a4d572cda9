// A picture in a bubble, opened in place. A customer's picture may still be on its way from WeChat, or be gone there.
import { useQuery } from '@tanstack/react-query';
import { ImageOff, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

export function BubblePicture({ src, mediaId }: { src: string; mediaId?: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [broken, setBroken] = useState(false);
  // Read again when the live connection says that the picture has come (see api/live.ts).
  const version = useQuery({ queryKey: ['desk', 'media', mediaId ?? src], queryFn: () => Date.now(), staleTime: Infinity });
  useEffect(() => setBroken(false), [version.data]);
  if (broken) {
    return (
      <span className="bubble-no-picture">
        <ImageOff size={18} aria-hidden />
        {t('desk.thread.picture_pending')}
        <button className="link" onClick={() => void version.refetch()}>
          {t('common.retry')}
        </button>
      </span>
    );
  }
  return (
    <>
      <button className="bubble-picture-button" aria-label={t('desk.thread.open_picture')} onClick={() => setOpen(true)}>
        <img key={version.data} className="bubble-picture" src={src} alt={t('desk.kind.image')} onError={() => setBroken(true)} />
      </button>
      {open && <Viewer src={src} close={() => setOpen(false)} />}
    </>
  );
}

function Viewer({ src, close }: { src: string; close(): void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal?.(), []);
  return (
    <dialog ref={dialog} className="viewer" onClose={close} onClick={() => dialog.current?.close()} aria-label={t('desk.kind.image')}>
      <button className="viewer-close" aria-label={t('common.close')}>
        <X size={20} aria-hidden />
      </button>
      <img src={src} alt={t('desk.kind.image')} />
    </dialog>
  );
}
