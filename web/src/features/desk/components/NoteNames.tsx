// Whom a note names: chosen from colleagues, also by typing @, and whether they are asked for an answer.
import { Checkbox, Select } from 'antd';
import { useEffect, useRef, useState, type ComponentRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount } from '@/shared/session/session';
import { useAgents } from '@/shared/teams/teams';
import type { Conversation } from '../api/cache';
import { withName, type Naming } from './naming';
import { whoFirst } from './transfer';
import './together.css';

const namedMax = 10;

interface Props {
  conversation: Conversation;
  text: string;
  named: Naming;
  setNamed(named: Naming): void;
  write(text: string): void;
}

export default function NoteNames({ conversation, text, named, setNamed, write }: Props) {
  const { t } = useTranslation();
  const account = useAccount();
  const agents = useAgents(conversation.appid);
  const [open, setOpen] = useState(false);
  const box = useRef<ComponentRef<typeof Select>>(null);
  const asked = text.endsWith('@');
  useEffect(() => {
    if (!asked) return;
    setOpen(true);
    box.current?.focus();
  }, [asked]);
  const others = (agents.data?.items ?? []).filter((one) => one.account_id !== account.id).sort(whoFirst);
  const choose = (mentions: string[]) => {
    const added = mentions.find((id) => !named.mentions.includes(id));
    setNamed({ mentions, consult: named.consult && mentions.length > 0 });
    if (!added) return;
    setOpen(false);
    write(withName(text, others.find((one) => one.account_id === added)?.display_name ?? ''));
  };
  return (
    <div className="note-names">
      <Select
        ref={box}
        mode="multiple"
        size="small"
        className="note-names-who"
        aria-label={t('supervise.note.mention')}
        placeholder={t('supervise.note.mention')}
        value={named.mentions}
        maxCount={namedMax}
        open={open}
        onOpenChange={setOpen}
        showSearch={{ optionFilterProp: 'label' }}
        notFoundContent={t('supervise.note.no_match')}
        options={others.map((one) => ({ value: one.account_id, label: one.display_name }))}
        onChange={choose}
      />
      {named.mentions.length > 0 && (
        <>
          <Checkbox checked={named.consult} onChange={(event) => setNamed({ ...named, consult: event.target.checked })}>
            {t('supervise.note.consult')}
          </Checkbox>
          <span className="muted wb-small">{t('supervise.note.hint')}</span>
        </>
      )}
    </div>
  );
}
