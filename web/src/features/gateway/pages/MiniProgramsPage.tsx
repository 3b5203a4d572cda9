// All mini programs of the installation.
import { Button, Input, Modal, Table } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '@/shared/api/client';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { CopyText, Empty, Loaded, Mark, Page, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useRemoveMiniProgram } from '../api/gateway';
import { AddMiniProgram } from '../components/AddMiniProgram';
import './gateway.css';

type Program = Schemas['MiniProgram'];

export function MiniProgramsPage() {
  const { t } = useTranslation();
  const programs = useMiniPrograms();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Program | null>(null);
  const add = (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setAdding(true)}>
      {t('gateway.programs.add')}
    </Button>
  );
  return (
    <Page title={t('gateway.programs.title')} purpose={t('gateway.programs.purpose')} actions={add}>
      <Panel>
        <Loaded query={programs}>
          {(items) =>
            items.length === 0 ? (
              <Empty title={t('gateway.programs.empty')} text={t('gateway.programs.empty_hint')} />
            ) : (
              <Table
                rowKey="appid"
                dataSource={items}
                size="middle"
                pagination={false}
                scroll={{ x: 'max-content' }}
                columns={[
                  { title: t('gateway.programs.name'), sorter: (a, b) => a.name.localeCompare(b.name), render: (_, one) => <Link to={`/m/${one.appid}/miniprogram`}>{one.name}</Link> },
                  { title: 'AppID', render: (_, one) => <CopyText text={one.appid} /> },
                  { title: t('gateway.programs.mode'), render: (_, one) => `${t(`gateway.modes.${one.mode}`)} · ${one.format.toUpperCase()}` },
                  { title: t('gateway.programs.last_push'), render: (_, one) => <Ago at={one.last_push_at} /> },
                  { title: t('gateway.programs.state'), render: (_, one) => <Mark level={one.enabled ? 'ok' : 'unknown'}>{one.enabled ? t('gateway.programs.enabled') : t('gateway.programs.disabled')}</Mark> },
                  {
                    title: <span className="sr-only">{t('gateway.programs.remove')}</span>,
                    align: 'right',
                    render: (_, one) => (
                      <Button type="text" danger onClick={() => setRemoving(one)}>
                        {t('gateway.programs.remove')}
                      </Button>
                    ),
                  },
                ]}
              />
            )
          }
        </Loaded>
      </Panel>
      {adding && <AddMiniProgram close={() => setAdding(false)} />}
      {removing && <Remove program={removing} close={() => setRemoving(null)} />}
    </Page>
  );
}

// What is lost is large: its name is asked for.
function Remove({ program, close }: { program: Program; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const remove = useRemoveMiniProgram();
  const [typed, setTyped] = useState('');
  return (
    <Modal
      open
      title={t('gateway.programs.remove_title', { name: program.name })}
      onCancel={close}
      okText={t('gateway.programs.remove')}
      cancelText={t('common.cancel')}
      okButtonProps={{ danger: true, disabled: typed.trim() !== program.appid }}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate(program.appid, { onSuccess: close, onError: notify.failed })}
    >
      <p style={{ marginBottom: 12 }}>
        {t('gateway.programs.remove_text')} <span className="mono">{program.appid}</span>
      </p>
      <Input aria-label="AppID" value={typed} onChange={(event) => setTyped(event.target.value)} />
    </Modal>
  );
}
