// A text with variables: buttons that insert them, what is wrong, and how it reads with them.
import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMiniProgram } from '@/shared/session/miniPrograms';
import { useAccount } from '@/shared/session/session';
import { useZone } from '@/shared/ui/time';
import './variable_text.css';
import { filled, mistakeOf, piecesOf, usesVariables, variables, type Values, type Variable } from './variables';

interface Props {
  id: string;
  label: string;
  value: string;
  rows?: number;
  autoFocus?: boolean;
  change(value: string): void;
}

export const textMax = 2048;

export function VariableText({ id, label, value, rows = 4, autoFocus, change }: Props) {
  const { t } = useTranslation();
  const mistake = mistakeOf(value);
  const written = (variable: Variable) => `{{${variable}${variable === 'customer.nickname' ? `|${t('quick_replies.text.sample.fallback')}` : ''}}}`;
  const insert = (variable: Variable) => {
    const box = document.getElementById(id) as HTMLTextAreaElement;
    const [from, to] = [box.selectionStart, box.selectionEnd];
    const text = written(variable);
    if (value.length - (to - from) + text.length > textMax) return;
    change(value.slice(0, from) + text + value.slice(to));
    requestAnimationFrame(() => {
      box.focus();
      box.setSelectionRange(from + text.length, from + text.length);
    });
  };
  return (
    <div className="qr-variable-text">
      <Input.TextArea id={id} aria-label={label} aria-describedby={`${id}-help`} autoSize={{ minRows: rows, maxRows: 14 }} autoFocus={autoFocus} maxLength={textMax} status={mistake ? 'error' : undefined} value={value} onChange={(event) => change(event.target.value)} />
      {mistake && (
        <p className="qr-wrong" role="alert">
          {t(`quick_replies.text.mistakes.${mistake.why}`, { n: mistake.position })}
        </p>
      )}
      <div className="qr-line" role="group" aria-label={t('quick_replies.text.insert')}>
        <span className="muted" aria-hidden>
          {t('quick_replies.text.insert')}
        </span>
        {variables.map((one) => (
          <Button key={one} size="small" onClick={() => insert(one)}>
            {t(`quick_replies.variables.${one}`)}
          </Button>
        ))}
      </div>
      <p id={`${id}-help`} className="muted qr-small">
        {t('quick_replies.text.hint', { example: written('customer.nickname') })}
      </p>
      {usesVariables(value) && <Preview text={value} />}
    </div>
  );
}

// With values as they might be; the server fills in those of the conversation.
function Preview({ text }: { text: string }) {
  const { t } = useTranslation();
  const account = useAccount();
  const program = useMiniProgram();
  const zone = useZone();
  const [known, setKnown] = useState<'known' | 'unknown'>('known');
  const [date, time] = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format().split(' ');
  const values: Values = {
    'customer.nickname': t('quick_replies.text.sample.nickname'),
    'agent.name': account.display_name || account.username,
    'miniprogram.name': program?.name,
    'conversation.source': t('quick_replies.text.sample.source'),
    date,
    time,
  };
  return (
    <div className="qr-preview">
      <div className="qr-line">
        <strong>{t('quick_replies.text.preview')}</strong>
        <Segmented size="small" aria-label={t('quick_replies.text.preview')} value={known} options={(['known', 'unknown'] as const).map((one) => ({ value: one, label: t(`quick_replies.text.${one}`) }))} onChange={setKnown} />
      </div>
      <div className="qr-content" role="status">
        {filled(text, known === 'known' ? values : {})}
      </div>
    </div>
  );
}

// A text as it is kept, its variables by their names.
export function WithVariables({ text }: { text: string }) {
  const { t } = useTranslation();
  const pieces = piecesOf(text);
  if (!Array.isArray(pieces)) return <>{text}</>;
  return (
    <>
      {pieces.map(({ text: words, variable, fallback }, index) => (
        <span key={index}>
          {words}
          {variable && (
            <span className="qr-variable">
              {t(`quick_replies.variables.${variable}`)}
              {fallback && ` | ${fallback}`}
            </span>
          )}
        </span>
      ))}
    </>
  );
}
