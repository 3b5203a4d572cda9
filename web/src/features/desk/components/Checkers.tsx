// 检查服务: other programs that are asked, with their test, secret and switch.
import { Alert, Button, Form, Input, Modal, Switch, Table } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissions } from '@/shared/session/session';
import { CopyText, Empty, Panel, useNotify, Wide } from '@/shared/ui/page';
import { useChangeChecker, useRemoveChecker, useRenewSecret, useTestChecker, type Checker } from '../api/contentCheck';
import { CheckerDialog } from './CheckerDialog';

const checkersMax = 5;
type Doing = { what: 'edit' | 'test'; checker: Checker } | { what: 'add' } | { what: 'secret'; secret: string } | null;

export function Checkers({ appid, checkers }: { appid: string; checkers: Checker[] }) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const [doing, setDoing] = useState<Doing>(null);
  const mayChange = can('desk.configure', appid) && can('desk.records_all', appid);
  const close = () => setDoing(null);
  const add = mayChange && checkers.length < checkersMax && (
    <Button icon={<Plus size={14} aria-hidden />} onClick={() => setDoing({ what: 'add' })}>
      {t('content_check.checkers.add')}
    </Button>
  );
  return (
    <Panel title={t('content_check.checkers.title')} extra={checkers.length > 0 && add}>
      <p className="muted panel-note">{t('content_check.checkers.hint')}</p>
      {!mayChange && <Alert type="info" showIcon title={t('content_check.checkers.needs')} />}
      {checkers.length === 0 ? <Empty title={t('content_check.checkers.empty')} text={t('content_check.checkers.empty_hint')} action={add} /> : <List appid={appid} checkers={checkers} mayChange={mayChange} begin={setDoing} />}
      {doing?.what === 'add' && <CheckerDialog appid={appid} close={close} made={(secret) => setDoing({ what: 'secret', secret })} />}
      {doing?.what === 'edit' && <CheckerDialog appid={appid} checker={doing.checker} close={close} made={close} />}
      {doing?.what === 'test' && <TestDialog appid={appid} checker={doing.checker} close={close} />}
      {doing?.what === 'secret' && <SecretOnce secret={doing.secret} close={close} />}
    </Panel>
  );
}

function List({ appid, checkers, mayChange, begin }: { appid: string; checkers: Checker[]; mayChange: boolean; begin(doing: Doing): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const change = useChangeChecker(appid);
  const remove = useRemoveChecker(appid);
  const renew = useRenewSecret(appid);
  const renewed = ({ id }: Checker) => renew.mutateAsync(id).then(({ secret }) => begin({ what: 'secret', secret }), notify.failed);
  return (
    <Wide label={t('content_check.checkers.title')}>
      <Table
        rowKey="id"
        size="small"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={checkers}
        columns={[
          { title: t('content_check.checkers.name'), render: (_, one) => <span className="checker-name">{one.name}<span className="muted mono">{one.address}</span></span> },
          { title: t('content_check.checkers.action'), render: (_, one) => t(`content_check.actions.${one.action}`) },
          { title: t('content_check.checkers.unanswered'), render: (_, one) => t(`content_check.failing.${one.unanswered}`) },
          {
            title: t('content_check.checkers.enabled'),
            render: (_, one) => <Switch aria-label={t('content_check.checkers.switch', { name: one.name })} disabled={!mayChange} checked={one.enabled} onChange={(enabled) => change.mutate({ id: one.id, version: one.version, enabled }, { onError: notify.failed })} />,
          },
          {
            title: <span className="sr-only">{t('common.edit')}</span>,
            align: 'right',
            render: (_, one) =>
              mayChange && (
                <>
                  <Button type="text" size="small" aria-label={t('content_check.checkers.test', { name: one.name })} onClick={() => begin({ what: 'test', checker: one })}>
                    {t('content_check.checkers.test_short')}
                  </Button>
                  <Button type="text" size="small" aria-label={`${t('common.edit')} ${one.name}`} onClick={() => begin({ what: 'edit', checker: one })}>
                    {t('common.edit')}
                  </Button>
                  <Button type="text" size="small" aria-label={t('content_check.checkers.renew', { name: one.name })} onClick={() => notify.confirm(t('content_check.checkers.renew_title'), t('content_check.checkers.renew_text'), () => renewed(one), t('content_check.checkers.renew_short'))}>
                    {t('content_check.checkers.renew_short')}
                  </Button>
                  <Button type="text" danger size="small" aria-label={`${t('common.remove')} ${one.name}`} onClick={() => notify.confirm(t('content_check.checkers.remove_title', { name: one.name }), t('content_check.checkers.remove_text'), () => remove.mutateAsync(one.id).catch(notify.failed), t('common.remove'))}>
                    {t('common.remove')}
                  </Button>
                </>
              ),
          },
        ]}
      />
    </Wide>
  );
}

function TestDialog({ appid, checker, close }: { appid: string; checker: Checker; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const test = useTestChecker(appid);
  const [text, setText] = useState('');
  const said = test.data;
  return (
    <Modal open title={t('content_check.checkers.test', { name: checker.name })} okText={t('content_check.checkers.test_run')} cancelText={t('common.close')} okButtonProps={{ disabled: !text.trim() }} confirmLoading={test.isPending} onCancel={close} onOk={() => test.mutate({ id: checker.id, text: text.trim() }, { onError: notify.failed })}>
      <Form layout="vertical">
        <Form.Item label={t('content_check.checkers.test_text')} htmlFor="checker-text">
          <Input.TextArea id="checker-text" rows={3} maxLength={2048} value={text} onChange={(event) => setText(event.target.value)} />
        </Form.Item>
      </Form>
      {said && (
        <div role="status">
          <Alert showIcon type={said.verdict === 'pass' ? 'success' : said.verdict === 'unanswered' ? 'error' : 'warning'} title={t('content_check.checkers.test_result', { verdict: t(`content_check.verdicts.${said.verdict}`), ms: said.ms })} description={[said.reason, ...said.words].filter(Boolean).join(' · ') || undefined} />
        </div>
      )}
    </Modal>
  );
}

// It is lost with a slip of the hand, so that nothing but its button ends it.
function SecretOnce({ secret, close }: { secret: string; close(): void }) {
  const { t } = useTranslation();
  return (
    <Modal open closable={false} keyboard={false} mask={{ closable: false }} title={t('content_check.checkers.secret')} cancelButtonProps={{ hidden: true }} okText={t('content_check.checkers.secret_kept')} onOk={close}>
      <Alert type="warning" showIcon title={t('content_check.checkers.secret_once')} />
      <p className="checker-secret">
        <CopyText text={secret} />
      </p>
      <p className="muted">{t('content_check.checkers.secret_use')}</p>
    </Modal>
  );
}
