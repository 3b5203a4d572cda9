// Working hours of the mini program's desk.
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { CalendarEditor } from '@/shared/calendar/CalendarEditor';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useHours, useSetHours } from '../api/settings';
import type { SettingsPart } from './part';

export function HoursSettings({ appid, mayChange }: SettingsPart) {
  const hours = useHours(appid);
  return (
    <Panel>
      <Loaded query={hours}>{(data) => <Hours appid={appid} mayChange={mayChange} kept={data} />}</Loaded>
    </Panel>
  );
}

function Hours({ appid, mayChange, kept }: SettingsPart & { kept: Schemas['Calendar'] }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const set = useSetHours(appid);
  const [calendar, setCalendar] = useState(kept);
  return (
    <>
      <CalendarEditor calendar={calendar} disabled={!mayChange} onChange={setCalendar} />
      {mayChange && (
        <Button type="primary" style={{ marginTop: 16 }} loading={set.isPending} onClick={() => set.mutate(calendar, { onSuccess: () => notify.done(), onError: notify.failed })}>
          {t('common.save')}
        </Button>
      )}
    </>
  );
}
