// Ends a conversation: why the customer wrote, and whether that was the solution. Reports count both.
import { Modal, Radio } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../api/cache';
import { outcomes, useWrapUp, type Outcome, type Saying } from '../api/conversations';
import { changeOf, draftOf, type Draft } from './wrapUpDraft';
import { WrapUpFields } from './WrapUpFields';

interface Props {
  conversation: Conversation;
  end(outcome: Outcome, said: Saying): void;
  close(): void;
}

export default function CloseDialog({ conversation, end, close }: Props) {
  const { t } = useTranslation();
  const asked = useWrapUp(conversation.id);
  const [outcome, setOutcome] = useState<Outcome>('resolved');
  const [written, setWritten] = useState<Draft>();
  const [tried, setTried] = useState(false);
  const said = asked.data ?? conversation;
  const suggested = asked.data?.suggested_reason_id ?? null;
  const draft = written ?? draftOf(said, suggested);
  const missing = !!asked.data?.reason_required && !draft.reason;
  const finish = () => (missing ? setTried(true) : end(outcome, (now) => changeOf(draft, now)));
  // E, and Enter: who closes many keeps the hands on the keyboard.
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    finish();
  };
  return (
    <Modal open title={t('desk.action.close')} width={440} onCancel={close} okText={t('desk.action.close')} cancelText={t('common.cancel')} onOk={finish}>
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
      <WrapUpFields appid={conversation.appid} said={said} draft={draft} suggested={suggested} missing={missing && tried} change={setWritten} entered={finish} />
    </Modal>
  );
}
