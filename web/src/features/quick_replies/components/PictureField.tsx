// The picture of a quick reply: it is uploaded as it is chosen.
import { Button } from 'antd';
import { ImagePlus } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pictureUrl, uploadPicture } from '@/shared/api/client';
import { useNotify } from '@/shared/ui/page';

const types = ['image/png', 'image/jpeg', 'image/gif'];
const bytesMax = 2 << 20;

interface Props {
  appid: string;
  name: string; // of the quick reply
  picture: string; // '': none
  change(picture: string): void;
}

export function PictureField({ appid, name, picture, change }: Props) {
  const { t } = useTranslation();
  const { failed, refused } = useNotify();
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (!types.includes(file.type)) return refused(t('desk.composer.picture_type'));
    if (file.size > bytesMax) return refused(t('desk.composer.picture_size'));
    setBusy(true);
    await uploadPicture(appid, file).then((made) => change(made.picture_id), failed);
    setBusy(false);
  };
  return (
    <div className="qr-line">
      {picture && <img className="qr-picture" src={pictureUrl(appid, picture)} alt={t('quick_replies.list.picture_of', { name })} />}
      <Button icon={<ImagePlus size={15} aria-hidden />} loading={busy} onClick={() => input.current?.click()}>
        {picture ? t('quick_replies.edit.other_picture') : t('quick_replies.edit.choose_picture')}
      </Button>
      {picture && (
        <Button type="text" danger onClick={() => change('')}>
          {t('quick_replies.edit.remove_picture')}
        </Button>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={types.join(',')}
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
    </div>
  );
}
