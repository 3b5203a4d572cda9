// The key that signs session-from: shown once, when it is made.
import { Alert, Button, Modal } from 'antd';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyText, Loaded, Mark, Panel, useNotify } from '@/shared/ui/page';
import { Ago, Exact } from '@/shared/ui/time';
import { useMakeSessionKey, useSessionKey } from '../api/settings';

export function SessionKey({ appid, mayConfigure }: { appid: string; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const state = useSessionKey(appid);
  const make = useMakeSessionKey(appid);
  const { failed, confirm } = useNotify();
  const [made, setMade] = useState<string | null>(null);
  const run = () => make.mutateAsync().then(({ key }) => setMade(key), failed);
  const ask = () => confirm(t('people.key.again_title'), t('people.key.again_hint'), run, t('people.key.again'));
  const button = mayConfigure && state.data && (
    <Button type={state.data.made ? 'default' : 'primary'} icon={<KeyRound size={15} aria-hidden />} loading={make.isPending} onClick={() => void (state.data?.made ? ask() : run())}>
      {state.data.made ? t('people.key.again') : t('people.key.make')}
    </Button>
  );
  return (
    <Panel title={t('people.key.title')} extra={button}>
      <p className="muted panel-note">{t('people.key.hint')}</p>
      <Loaded query={state} rows={2}>
        {(data) =>
          !data.made ? (
            <Mark level="unknown">{t('people.key.none')}</Mark>
          ) : (
            <p className="people-line">
              <Mark level="ok">{t('people.key.made')}</Mark>
              <span className="muted">
                {data.made_by} · <Ago at={data.made_at} />
              </span>
              {(data.previous_until ?? 0) > Date.now() && (
                <span>
                  {t('people.key.previous')} <Exact at={data.previous_until} />
                </span>
              )}
            </p>
          )
        }
      </Loaded>
      {made !== null && (
        <Modal open title={t('people.key.title')} cancelButtonProps={{ hidden: true }} okText={t('common.close')} onCancel={() => setMade(null)} onOk={() => setMade(null)}>
          <Alert type="warning" showIcon title={t('people.key.once')} style={{ marginBottom: 12 }} />
          <CopyText text={made} />
        </Modal>
      )}
    </Panel>
  );
}
