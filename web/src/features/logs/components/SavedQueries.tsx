// Saved queries 查询模板: opened, saved, renamed, deleted with five seconds to think again.
import { App, Button, Drawer, Form, Input } from 'antd';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useDeleteSaved, useSave, useSaved, type SavedInput, type SavedQuery } from '../api/saved';
import type { View } from './address';

type Looked = Pick<View, 'query' | 'source' | 'level'>;

interface Props {
  appid: string;
  shown: boolean;
  view: Looked;
  columns: string[];
  close(): void;
  open(saved: Partial<View>): void;
}

export function SavedQueries({ shown, close, ...props }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer open={shown} onClose={close} title={t('logs.saved.title')} size={520} rootClassName="log-sheet" destroyOnHidden>
      <Save {...props} />
      <List {...props} close={close} />
    </Drawer>
  );
}

const inputOf = (name: string, { query, source, level }: { query: string; source: SavedQuery['source']; level: string | null }, columns: string[]): SavedInput => ({ name, query, source, ...(level ? { level: level as SavedInput['level'] } : {}), columns });

function Save({ appid, view, columns }: Omit<Props, 'shown' | 'close'>) {
  const { t } = useTranslation();
  const notify = useNotify();
  const save = useSave(appid);
  const [form] = Form.useForm<{ name: string }>();
  const submit = ({ name }: { name: string }) => save.mutate({ body: inputOf(name.trim(), view, columns) }, { onSuccess: () => (form.resetFields(), notify.done()), onError: notify.failed });
  return (
    <section className="log-save">
      <p className="mono log-save-query">{view.query || t('logs.saved.everything')}</p>
      <Form form={form} layout="inline" onFinish={submit}>
        <Form.Item name="name" rules={[{ required: true, whitespace: true, max: 64, message: '' }]}>
          <Input aria-label={t('logs.saved.name')} placeholder={t('logs.saved.name')} maxLength={64} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('logs.saved.save')}
        </Button>
      </Form>
    </section>
  );
}

const undoMs = 5000;

// What is deleted is gone from the list at once, and from the server when nobody took it back.
function useDelete(appid: string) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const notify = useNotify();
  const remove = useDeleteSaved(appid);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const back = (id: string) => setGone((all) => new Set([...all].filter((one) => one !== id)));
  const ask = ({ id, name }: SavedQuery) => {
    const key = `saved ${id}`;
    let kept = false;
    setGone((all) => new Set([...all, id]));
    message.open({
      key,
      type: 'success',
      duration: undoMs / 1000,
      content: (
        <>
          {t('logs.saved.deleted', { name })}
          <Button
            type="link"
            size="small"
            onClick={() => {
              kept = true;
              back(id);
              message.destroy(key);
            }}
          >
            {t('common.undo')}
          </Button>
        </>
      ),
      onClose: () => {
        if (!kept) remove.mutateAsync(id).catch((problem: unknown) => (back(id), notify.failed(problem)));
      },
    });
  };
  return { gone, ask };
}

function List({ appid, open, close }: Pick<Props, 'appid' | 'open' | 'close'>) {
  const { t } = useTranslation();
  const saved = useSaved(appid);
  const { gone, ask } = useDelete(appid);
  const [renamed, setRenamed] = useState('');
  const take = (one: SavedQuery) => {
    open({ query: one.query, source: one.source, level: (one.level ?? '') as View['level'], ...(one.columns.length > 0 ? { columns: one.columns } : {}) });
    close();
  };
  return (
    <Loaded query={saved} rows={6}>
      {(items) => {
        const there = items.filter((one) => !gone.has(one.id));
        if (there.length === 0) return <Empty title={t('logs.saved.none')} text={t('logs.saved.none_hint')} />;
        return (
          <ul className="log-saved">
            {there.map((one) => (
              <li key={one.id}>
                {renamed === one.id ? (
                  <Rename appid={appid} saved={one} done={() => setRenamed('')} />
                ) : (
                  <>
                    <button type="button" className="log-saved-open" onClick={() => take(one)}>
                      <strong>{one.name}</strong>
                      <span className="mono muted">{one.query || t('logs.saved.everything')}</span>
                      <span className="muted">
                        {t(`logs.sources.${one.source}`)} · {one.created_by} · <Ago at={one.updated_at} />
                      </span>
                    </button>
                    {one.mine && (
                      <>
                        <Button type="text" aria-label={t('logs.saved.rename', { name: one.name })} icon={<Pencil size={15} aria-hidden />} onClick={() => setRenamed(one.id)} />
                        <Button type="text" danger aria-label={t('logs.saved.delete', { name: one.name })} icon={<Trash2 size={15} aria-hidden />} onClick={() => ask(one)} />
                      </>
                    )}
                  </>
                )}
              </li>
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}

function Rename({ appid, saved, done }: { appid: string; saved: SavedQuery; done(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const save = useSave(appid);
  const submit = ({ name }: { name: string }) => save.mutate({ id: saved.id, body: inputOf(name.trim(), saved, saved.columns) }, { onSuccess: done, onError: notify.failed });
  return (
    <Form layout="inline" initialValues={{ name: saved.name }} onFinish={submit}>
      <Form.Item name="name" rules={[{ required: true, whitespace: true, max: 64, message: '' }]}>
        <Input autoFocus aria-label={t('logs.saved.name')} maxLength={64} onKeyDown={(event) => event.key === 'Escape' && (event.stopPropagation(), done())} />
      </Form.Item>
      <Button htmlType="submit" loading={save.isPending}>
        {t('common.save')}
      </Button>
      <Button type="text" onClick={done}>
        {t('common.cancel')}
      </Button>
    </Form>
  );
}
