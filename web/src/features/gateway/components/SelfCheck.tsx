// The set-up of a mini program, checked point by point, with what to copy where.
import { Button } from 'antd';
import { Stethoscope } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { CopyText, Failure, Mark } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useSelfCheck } from '../api/gateway';

export function SelfCheck({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const check = useSelfCheck();
  return (
    <>
      <Button icon={<Stethoscope size={15} aria-hidden />} loading={check.isPending} onClick={() => check.mutate(appid)}>
        {t('gateway.program.check_run')}
      </Button>
      {check.error && <Failure error={check.error} retry={() => check.mutate(appid)} />}
      {check.data && (
        <ul className="checks" aria-live="polite">
          {check.data.checks.map((one) => (
            <Item key={one.id} item={one} />
          ))}
        </ul>
      )}
    </>
  );
}

function Item({ item }: { item: Schemas['SelfCheckItem'] }) {
  const { t } = useTranslation();
  return (
    <li>
      <div className="check-head">
        <strong>{t(`gateway.check.${item.id}`)}</strong>
        <Mark level={item.state}>{t(`gateway.check.states.${item.state}`)}</Mark>
      </div>
      <p>
        {item.message} {!!item.at && <Ago at={item.at} />}
      </p>
      {item.copy && <CopyText text={item.copy} />}
    </li>
  );
}
