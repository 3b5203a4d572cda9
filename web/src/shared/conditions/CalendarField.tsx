// A calendar within a form: said in words, written in a dialog of its own.
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { CalendarEditor } from '@/shared/calendar/CalendarEditor';
import '@/shared/ui/conditions.css';
import { calendarWords } from './conditionWords';

type Calendar = Schemas['Calendar'];

interface Props {
  title: string;
  calendar: Calendar;
  disabled: boolean;
  change(calendar: Calendar): void;
}

export function CalendarField({ title, calendar, disabled, change }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Calendar | null>(null);
  const close = () => setDraft(null);
  return (
    <span className="condition-line">
      <span>{calendarWords(calendar, t)}</span>
      {!disabled && (
        <Button size="small" aria-label={`${t('teams.calendar.edit')} ${title}`} onClick={() => setDraft(calendar)}>
          {t('teams.calendar.edit')}
        </Button>
      )}
      {draft && (
        <Modal
          open
          width={760}
          title={title}
          okText={t('teams.calendar.done')}
          cancelText={t('common.cancel')}
          onCancel={close}
          onOk={() => {
            change(draft);
            close();
          }}
        >
          <CalendarEditor calendar={draft} disabled={disabled} onChange={setDraft} />
        </Modal>
      )}
    </span>
  );
}
