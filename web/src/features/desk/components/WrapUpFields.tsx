// Contact reason, tags and custom fields of a conversation, as agents fill them in.
import { DatePicker, Form, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { cleanTags, reasonOptions, tagsMax, useFields, useLatelyUsed, useReasons, type Field, type Said } from '@/shared/wrapup/wrapUp';
import { shownFields, valueOf, type Draft, type FieldValue } from './wrapUpDraft';

interface Props {
  appid: string;
  said: Said;
  draft: Draft;
  suggested?: string | null;
  missing?: boolean; // the reason that is required
  disabled?: boolean;
  change(draft: Draft): void;
  entered?(): void; // by Enter in a line of text
}

export function WrapUpFields({ appid, said, draft, suggested, missing, disabled, change, entered }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const reasons = useReasons(appid);
  const fields = useFields(appid);
  const tags = useLatelyUsed(appid);
  const options = reasonOptions(reasons.data ?? [], said.reason);
  const hint = missing ? t('wrapup.reason_missing') : suggested && draft.reason === suggested ? t('wrapup.suggested') : undefined;
  return (
    <Form layout="vertical" component="div" className="wrap-up" disabled={disabled}>
      {options.length > 0 && (
        <Form.Item label={t('wrapup.reason')} htmlFor={`${id}-reason`} help={hint} validateStatus={missing ? 'error' : undefined}>
          <Select
            id={`${id}-reason`}
            aria-label={t('wrapup.reason')}
            placeholder={t('wrapup.choose_reason')}
            allowClear
            showSearch={{ optionFilterProp: 'title' }}
            value={draft.reason ?? undefined}
            options={options}
            onChange={(reason?: string) => change({ ...draft, reason: reason ?? null })}
          />
        </Form.Item>
      )}
      <Form.Item label={t('wrapup.tags')} htmlFor={`${id}-tags`}>
        <Select
          id={`${id}-tags`}
          aria-label={t('wrapup.tags')}
          mode="tags"
          maxCount={tagsMax}
          tokenSeparators={[',', '，']}
          placeholder={t('wrapup.tags_hint')}
          value={draft.tags}
          options={(tags.data ?? []).map((value) => ({ value, label: value }))}
          onChange={(chosen: string[]) => change({ ...draft, tags: cleanTags(chosen) })}
        />
      </Form.Item>
      {shownFields(fields.data ?? [], said).map((field) => (
        <Form.Item key={field.id} label={field.name} htmlFor={`${id}-${field.key}`}>
          <Value id={`${id}-${field.key}`} field={field} value={valueOf(draft, said, field.key)} set={(value) => change({ ...draft, fields: { ...draft.fields, [field.key]: value } })} entered={entered} />
        </Form.Item>
      ))}
    </Form>
  );
}

function Value({ id, field, value, set, entered }: { id: string; field: Field; value: FieldValue; set(value: FieldValue): void; entered?(): void }) {
  switch (field.type) {
    case 'number':
      return <InputNumber id={id} className="wb-wide" min={field.number_min ?? undefined} max={field.number_max ?? undefined} value={typeof value === 'number' ? value : null} onChange={(number) => set(number)} onPressEnter={entered} />;
    case 'date':
      return <DatePicker id={id} className="wb-wide" value={typeof value === 'string' ? dayjs(value) : null} onChange={(date) => set(date ? date.format('YYYY-MM-DD') : null)} />;
    case 'choice':
      return <Select id={id} allowClear value={value ?? undefined} options={field.choices.map((one) => ({ value: one, label: one }))} onChange={(chosen?: string | number) => set(chosen ?? null)} />;
    case 'text':
      return <Input id={id} maxLength={field.chars_max ?? undefined} value={value ?? ''} onChange={(event) => set(event.target.value || null)} onPressEnter={entered} />;
  }
}
