// A segment in a form. Who fits is counted by the server for what is saved: after saving it says how many.
import { Alert, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '@/shared/api/client';
import { Loaded, useNotify } from '@/shared/ui/page';
import { useAttributes, useSaveSegment, useSegmentCount, type Segment } from '../api/settings';
import { ConditionEditor } from './ConditionEditor';
import { fresh, leavesMax, leavesOf, rootOf, savable, type Group } from './conditions';

export function SegmentDialog({ appid, segment, close }: { appid: string; segment: Segment | null; close(): void }) {
  const { t } = useTranslation();
  const attributes = useAttributes(appid);
  const save = useSaveSegment(appid);
  const { failed } = useNotify();
  const [name, setName] = useState(segment?.name ?? '');
  const [root, setRoot] = useState<Group>(() => (segment ? rootOf(segment.condition) : { all: [fresh()] }));
  const [saved, setSaved] = useState<string | null>(segment?.id ?? null);
  const [changed, setChanged] = useState(segment === null);
  const change = (next: () => void) => {
    next();
    setChanged(true);
  };
  const submit = () =>
    save.mutateAsync({ id: saved ?? undefined, name: name.trim(), condition: root as Schemas['SegmentCondition'] }).then((stored) => {
      setSaved(stored.id);
      setChanged(false);
    }, failed);
  const ready = name.trim() !== '' && attributes.data !== undefined && savable(root, attributes.data);
  return (
    <Modal
      open
      width={760}
      title={segment ? t('people.segments.edit', { name: segment.name }) : t('people.segments.add')}
      okText={changed ? t('common.save') : t('common.close')}
      cancelText={t('common.cancel')}
      cancelButtonProps={{ hidden: !changed }}
      okButtonProps={{ disabled: changed && !ready }}
      confirmLoading={save.isPending}
      onCancel={close}
      onOk={() => (changed ? void submit() : close())}
    >
      <Form layout="vertical">
        <Form.Item label={t('people.segments.name')} htmlFor="segment-name">
          <Input id="segment-name" value={name} maxLength={64} onChange={(event) => change(() => setName(event.target.value))} />
        </Form.Item>
        <Form.Item label={t('people.segments.condition')}>
          <Loaded query={attributes} rows={3}>
            {(defined) => <ConditionEditor group={root} attributes={defined} room={leavesOf(root).length < leavesMax} change={(next) => change(() => setRoot(next))} />}
          </Loaded>
        </Form.Item>
      </Form>
      {saved && !changed ? <Fitting appid={appid} id={saved} /> : <p className="muted">{t('people.segments.count_hint')}</p>}
    </Modal>
  );
}

function Fitting({ appid, id }: { appid: string; id: string }) {
  const { t } = useTranslation();
  const count = useSegmentCount(appid, id, true);
  return (
    <div role="status">
      {/* Not the number of before. */}
      <Loaded query={{ ...count, data: count.isFetching ? undefined : count.data }} rows={1}>
        {(n) => <Alert type="info" showIcon title={t('people.segments.fitting', { n })} action={<Link to={`/m/${appid}/people?segment=${id}`}>{t('people.segments.look')}</Link>} />}
      </Loaded>
    </div>
  );
}
