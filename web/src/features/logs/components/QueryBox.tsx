// Where a query is typed: what may stand at the cursor is offered, what cannot be read is underlined.
import i18next from 'i18next';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useCompletions, useParsed, type Completion, type QueryError } from '../api/logs';
import type { Source } from './address';
import { charactersOf, fieldNames, unitsOf } from './terms';

interface Props {
  appid: string;
  value: string; // what was asked last
  source: Source;
  submit(query: string): void;
  box: RefObject<HTMLTextAreaElement | null>;
}

export const queryMax = 1000;

function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

export function QueryBox({ appid, value, source, submit, box }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const [cursor, setCursor] = useState(0);
  const [offering, setOffering] = useState(false);
  const [picked, setPicked] = useState(-1);
  const place = useRef<number | null>(null);
  const [asked, setAsked] = useState(value);
  if (asked !== value) {
    setAsked(value);
    setText(value);
  }
  const settled = useSettled(text, 250);
  const at = useSettled(cursor, 120);
  const parsed = useParsed(appid, settled, settled === text);
  const completions = useCompletions(appid, text, at, source, offering && at === cursor);
  const items = offering ? (completions.data?.items ?? []).slice(0, 50) : [];
  const error = settled === text ? (parsed.data?.error ?? null) : null;

  // After something was put in, the cursor stands behind it.
  useLayoutEffect(() => {
    if (place.current === null) return;
    box.current?.setSelectionRange(place.current, place.current);
    place.current = null;
  }, [text, box]);
  useEffect(() => {
    document.getElementById(`log-offer-${picked}`)?.scrollIntoView?.({ block: 'nearest' });
  }, [picked]);

  const take = (one: Completion) => {
    const { from, to } = completions.data!;
    const next = text.slice(0, unitsOf(text, from)) + one.text + text.slice(unitsOf(text, to));
    place.current = unitsOf(text, from) + one.text.length;
    setText(next);
    setCursor(charactersOf(next, place.current));
    setPicked(-1);
    box.current?.focus();
  };
  const ask = (query: string) => {
    setOffering(false);
    setPicked(-1);
    setText(query);
    submit(query.trim());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && items.length > 0) setPicked((picked + move + items.length + (picked < 0 && move < 0 ? 1 : 0)) % items.length);
    else if ((event.key === 'Enter' || event.key === 'Tab') && items[picked]) take(items[picked]);
    else if (event.key === 'Enter') ask(text);
    else if (event.key === 'Escape') {
      if (items.length === 0) box.current?.blur();
      setOffering(false);
      setPicked(-1);
    } else return;
    event.preventDefault();
  };
  const moved = (element: HTMLTextAreaElement) => setCursor(charactersOf(element.value, element.selectionStart));
  return (
    <div className="query">
      <div className={error ? 'query-box query-wrong' : 'query-box'}>
        <Underlined text={text} error={error} />
        <textarea
          ref={box}
          rows={1}
          className="query-input"
          aria-label={t('logs.query.label')}
          aria-haspopup="listbox"
          aria-controls="log-offers"
          aria-autocomplete="list"
          aria-activedescendant={items[picked] ? `log-offer-${picked}` : undefined}
          aria-invalid={!!error}
          aria-describedby={error ? 'log-query-error' : undefined}
          placeholder={t('logs.query.placeholder')}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          maxLength={queryMax}
          value={text}
          onChange={({ target }) => {
            setText(target.value.replace(/\n/g, ' '));
            moved(target);
            setOffering(true);
            setPicked(-1);
          }}
          onSelect={({ currentTarget }) => moved(currentTarget)}
          onFocus={() => setOffering(true)}
          onBlur={() => setOffering(false)}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id="log-offers" role="listbox" aria-label={t('logs.query.offers')} className="query-offers" hidden={items.length === 0}>
        {items.map((one, index) => (
          <li
            key={`${one.kind} ${one.text}`}
            id={`log-offer-${index}`}
            role="option"
            aria-selected={index === picked}
            // The box keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(one)}
          >
            <span className="mono">{one.text}</span>
            <span className="muted query-offer-detail">{detailOf(one)}</span>
            <span className="muted">{t(`logs.query.kinds.${one.kind}`)}</span>
          </li>
        ))}
      </ul>
      {error && items.length === 0 && <Wrong error={error} correct={ask} />}
    </div>
  );
}

// The same text beneath the box, in which only the underline can be seen.
function Underlined({ text, error }: { text: string; error: QueryError | null }) {
  const from = error ? unitsOf(text, error.offset) : text.length;
  const to = error ? unitsOf(text, error.offset + error.length) : text.length;
  return (
    <div className="query-under" aria-hidden>
      {text.slice(0, from)}
      {error && <u>{text.slice(from, to) || '\u00a0'}</u>}
      {text.slice(to)}
      {/* A line that ends in a blank is as wide as it looks. */}
      {'\u200b'}
    </div>
  );
}

function Wrong({ error, correct }: { error: QueryError; correct(query: string): void }) {
  const { t } = useTranslation();
  return (
    <p id="log-query-error" className="query-error" role="status">
      {t('logs.query.wrong', { at: error.offset + 1, what: t(`logs.query.errors.${error.code}`) })}
      {error.suggestion !== null && (
        <button type="button" className="query-suggestion" onClick={() => correct(error.suggestion!)}>
          {t('logs.query.meant')} <code>{error.suggestion}</code>
        </button>
      )}
    </p>
  );
}

// Our own words for what we know; the server's for the rest.
function detailOf({ kind, text, detail }: Completion): string {
  const name = fieldNames.find((one) => text.startsWith(one) && kind === 'field' && /^[:<>]?$/.test(text.slice(one.length)));
  return name ? i18next.t(`logs.fields.names.${name}`) : detail;
}
