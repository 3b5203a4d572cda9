// A new checker, whose secret is shown at the end, or a change of one.
import { Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressCharsMax, addressProblem } from '@/shared/ui/address';
import { useNotify } from '@/shared/ui/page';
import { useAddChecker, useChangeChecker, type Checker } from '../api/contentCheck';
import { useActionOptions, useFailingOptions } from './ContentCheckSettings';

type Draft = Pick<Checker, 'name' | 'address' | 'action' | 'unanswered'>;

export function CheckerDialog({ appid, checker, close, made }: { appid: string; checker?: Checker; close(): void; made(secret: string): void }) {
  const { t } = useTranslation();
  const { done, failed } = useNotify();
  const add = useAddChecker(appid);
  const change = useChangeChecker(appid);
  const [draft, setDraft] = useState<Draft>({ name: checker?.name ?? '', address: checker?.address ?? '', action: checker?.action ?? 'block', unanswered: checker?.unanswered ?? 'open' });
  const actions = useActionOptions();
  const failing = useFailingOptions();
  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const problem = draft.address.trim() ? addressProblem(draft.address) : undefined;
  const complete = draft.name.trim() !== '' && draft.address.trim() !== '' && !problem;
  const save = () => {
    const body = { ...draft, name: draft.name.trim(), address: draft.address.trim() };
    if (checker) return change.mutateAsync({ id: checker.id, version: checker.version, ...body }).then(() => (done(), close()), failed);
    return add.mutateAsync({ ...body, enabled: true }).then(({ secret }) => made(secret), failed);
  };
  return (
    <Modal open title={t(checker ? 'content_check.checkers.edit' : 'content_check.checkers.add')} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !complete }} confirmLoading={add.isPending || change.isPending} onCancel={close} onOk={() => void save()}>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label={t('content_check.checkers.name')} htmlFor="checker-name" extra={t('content_check.checkers.name_hint')}>
          <Input id="checker-name" maxLength={64} value={draft.name} onChange={(event) => set({ name: event.target.value })} />
        </Form.Item>
        <Form.Item label={t('content_check.checkers.address')} htmlFor="checker-address" validateStatus={problem ? 'error' : undefined} extra={<span id="checker-address-hint">{problem ? t(`content_check.checkers.problems.${problem}`) : t('content_check.checkers.address_hint')}</span>}>
          <Input id="checker-address" type="url" autoComplete="off" maxLength={addressCharsMax} placeholder="https://check.example.com/miniops" aria-describedby="checker-address-hint" aria-invalid={problem ? true : undefined} value={draft.address} onChange={(event) => set({ address: event.target.value })} />
        </Form.Item>
        <Form.Item label={t('content_check.checkers.action')} extra={t('content_check.review_hint')}>
          <Radio.Group aria-label={t('content_check.checkers.action')} options={actions} value={draft.action} onChange={(event) => set({ action: event.target.value as Draft['action'] })} />
        </Form.Item>
        <Form.Item label={t('content_check.checkers.unanswered')}>
          <Radio.Group aria-label={t('content_check.checkers.unanswered')} options={failing} value={draft.unanswered} onChange={(event) => set({ unanswered: event.target.value as Draft['unanswered'] })} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
