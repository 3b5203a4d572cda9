// What a customer said with a score. Phones, ID and card numbers in it are masked: who may see them shows the whole, which
// is audited; nothing keeps it.
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { Eye } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, unwrap, type Schemas } from '@/shared/api/client';
import { usePermissions } from '@/shared/session/session';
import { useNotify } from '@/shared/ui/page';

type Rated = Pick<Schemas['SatisfactionResult'], 'id' | 'comment' | 'comment_masked'>;

export function Comment({ appid, result, className }: { appid: string; result: Rated; className: string }) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const { failed } = useNotify();
  const reveal = useMutation({ gcTime: 0, mutationFn: () => unwrap(api.POST('/api/v1/miniprograms/{appid}/satisfaction/results/{id}/reveal', { params: { path: { appid, id: result.id } } })) });
  const hides = result.comment_masked && !reveal.data && can('personal_data.read', appid);
  return (
    <span className={className}>
      {reveal.data?.value ?? result.comment}
      {hides && (
        <>
          {' '}
          <Button size="small" icon={<Eye size={14} aria-hidden />} aria-label={t('common.reveal_comment')} title={t('common.reveal_hint')} loading={reveal.isPending} onClick={() => reveal.mutate(undefined, { onError: failed })}>
            {t('common.reveal')}
          </Button>
        </>
      )}
    </span>
  );
}
