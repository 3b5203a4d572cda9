// Ends a conversation, and says whether that was the solution: reports count it.
import { Modal, Radio } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { outcomes, type Outcome } from '../api/conversations';

export default function CloseDialog({ end, close }: { end(outcome: Outcome): void; close(): void }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<Outcome>('resolved');
  // E, and Enter: who closes many keeps the hands on the keyboard.
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    end(outcome);
  };
  return (
    <Modal open title={t('desk.action.close')} width={400} onCancel={close} okText={t('desk.action.close')} cancelText={t('common.cancel')} onOk={() => end(outcome)}>
      <p className="muted">{t('desk.closing.hint')}</p>
      <div onKeyDown={press}>
        <Radio.Group aria-label={t('desk.closing.outcome')} className="closing-outcomes" value={outcome} onChange={(event) => setOutcome(event.target.value as Outcome)}>
          {outcomes.map((one) => (
            <Radio key={one} value={one} autoFocus={one === 'resolved'}>
              {t(`desk.closing.outcomes.${one}`)}
            </Radio>
          ))}
        </Radio.Group>
      </div>
    </Modal>
  );
}
