// Entrances 客服入口: the button that opens a conversation, what it says along, and the key that makes that trusted.
import { Alert, Button, Form, Input, Switch } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '@/shared/ui/CodeBlock';
import { Panel } from '@/shared/ui/page';
import { EntryList } from './EntryList';
import { SessionFromCheck } from './SessionFromCheck';
import { SessionKey } from './SessionKey';
import { bytesOf, fresh, pageOf, problemOf, serverCode, sessionFrom, sessionFromMax, wxmlOf, type Entrance } from './wxml';

export function Entrances({ appid, mayConfigure }: { appid: string; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const [entrance, setEntrance] = useState<Entrance>(() => ({ ...fresh(), text: t('people.entrances.text_default') }));
  const set = (part: Partial<Entrance>) => setEntrance((old) => ({ ...old, ...part }));
  return (
    <>
      <EntryList appid={appid} />
      <Panel title={t('people.entrances.button')}>
        <p className="muted panel-note">{t('people.entrances.hint')}</p>
        <div className="people-columns">
          <ButtonForm entrance={entrance} set={set} />
          <ButtonCode entrance={entrance} />
        </div>
      </Panel>
      {entrance.signed && (
        <Panel title={t('people.entrances.server')}>
          <p className="panel-note">{t('people.entrances.server_hint')}</p>
          <p className="muted panel-note">{t('people.entrances.meaning')}</p>
          <CodeBlock text={serverCode} />
        </Panel>
      )}
      <SessionKey appid={appid} mayConfigure={mayConfigure} />
      <SessionFromCheck appid={appid} />
    </>
  );
}

interface FormProps {
  entrance: Entrance;
  set(part: Partial<Entrance>): void;
}

function ButtonForm({ entrance, set }: FormProps) {
  const { t } = useTranslation();
  const text = (name: 'text' | 'title' | 'path' | 'image', max: number) => (
    <Form.Item label={t(`people.entrances.${name}`)} htmlFor={`entrance-${name}`}>
      <Input id={`entrance-${name}`} maxLength={max} value={entrance[name]} onChange={(event) => set({ [name]: event.target.value })} />
    </Form.Item>
  );
  const toggle = (name: 'signed' | 'card') => (
    <Form.Item label={t(`people.entrances.${name}`)} htmlFor={`entrance-${name}`} extra={t(`people.entrances.${name}_hint`)}>
      <Switch id={`entrance-${name}`} checked={entrance[name]} onChange={(on) => set({ [name]: on })} />
    </Form.Item>
  );
  return (
    <Form layout="vertical">
      {text('text', 32)}
      <Form.Item label={t('people.entrances.parameters')} extra={t('people.entrances.parameters_hint')}>
        <Parameters entrance={entrance} set={set} />
      </Form.Item>
      {toggle('signed')}
      {toggle('card')}
      {entrance.card && (
        <>
          {text('title', 100)}
          {text('path', 500)}
          {text('image', 500)}
        </>
      )}
    </Form>
  );
}

function Parameters({ entrance: { parameters }, set }: FormProps) {
  const { t } = useTranslation();
  const write = (index: number, part: { name?: string; value?: string }) => set({ parameters: parameters.with(index, { ...parameters[index]!, ...part }) });
  return (
    <div className="people-fields">
      {parameters.map(({ name, value }, index) => {
        const problem = problemOf(parameters, index);
        return (
          <div key={index}>
            <div className="entrance-parameter">
              <Input aria-label={t('people.entrances.parameter_name')} placeholder={t('people.entrances.parameter_name')} status={problem ? 'error' : undefined} maxLength={64} value={name} onChange={(event) => write(index, { name: event.target.value })} />
              <Input aria-label={t('people.entrances.parameter_value')} placeholder={t('people.entrances.parameter_value')} maxLength={500} value={value} onChange={(event) => write(index, { value: event.target.value })} />
              <Button type="text" danger aria-label={t('common.remove')} icon={<Trash2 size={14} aria-hidden />} onClick={() => set({ parameters: parameters.toSpliced(index, 1) })} />
            </div>
            {problem && (
              <span className="people-wrong" role="alert">
                {t(`people.entrances.problems.${problem}`)}
              </span>
            )}
          </div>
        );
      })}
      <div>
        <Button size="small" disabled={parameters.length >= 20} icon={<Plus size={14} aria-hidden />} onClick={() => set({ parameters: [...parameters, { name: '', value: '' }] })}>
          {t('people.entrances.parameter_add')}
        </Button>
      </div>
    </div>
  );
}

function ButtonCode({ entrance }: { entrance: Entrance }) {
  const { t } = useTranslation();
  const { wxml, data } = wxmlOf(entrance);
  const page = pageOf(entrance, data);
  const bytes = bytesOf(sessionFrom(entrance.parameters));
  return (
    <div>
      <h3>{t('people.entrances.wxml')}</h3>
      <CodeBlock text={wxml} />
      {page && (
        <>
          <h3>{t('people.entrances.page')}</h3>
          <CodeBlock text={page} />
        </>
      )}
      {bytes > sessionFromMax ? (
        <Alert type="error" showIcon title={t('people.entrances.too_long', { n: bytes })} />
      ) : (
        <p className="muted num">{t('people.entrances.bytes', { n: bytes })}</p>
      )}
    </div>
  );
}
