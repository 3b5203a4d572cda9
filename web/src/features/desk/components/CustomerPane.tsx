// Who the customer is: profile, tags, note, earlier conversations and what happened.
import { Button, Input, Select } from 'antd';
import { X } from 'lucide-react';
import { Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { loadStrings } from '@/i18n';
import { usePermissions } from '@/shared/session/session';
import { late } from '@/shared/ui/late';
import { CopyText, Loaded, Loading, useNotify } from '@/shared/ui/page';
import { Ago, exactTime, useZone } from '@/shared/ui/time';
import type { Schemas } from '@/shared/api/client';
import type { Conversation } from '../api/cache';
import { useConversation, useConversationList } from '../api/conversations';
import { useChangeCustomer, useCustomer } from '../api/people';
import { CustomerAvatar } from './CustomerAvatar';
import { Events } from './Events';
import { Signals } from './Signals';

const Clocks = late(() => import('./Clocks'));
const PrivacyNotices = late(async () => (await Promise.all([import('./PrivacyNotices'), loadStrings('sealing')]))[0]);
const WrapUp = late(async () => (await Promise.all([import('./WrapUp'), loadStrings('wrapup')]))[0]);

export function CustomerPane({ appid, conversationId, close }: { appid: string; conversationId: string; close(): void }) {
  const { t } = useTranslation();
  const conversation = useConversation(appid, conversationId);
  return (
    <aside className="wb-customer" aria-label={t('desk.customer.title')}>
      <div className="wb-customer-head">
        <h2>{t('desk.customer.title')}</h2>
        <Button type="text" size="small" aria-label={t('common.close')} icon={<X size={16} aria-hidden />} onClick={close} />
      </div>
      {conversation.data ? <Known key={conversation.data.openid} conversation={conversation.data} /> : <Loading rows={6} />}
    </aside>
  );
}

function Known({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const customer = useCustomer(conversation.appid, conversation.openid);
  return (
    <>
      <Loaded query={customer} rows={6}>
        {(data) => <Profile customer={data} appid={conversation.appid} />}
      </Loaded>
      <Part title={t('desk.closing.wrap_up')}>
        <Suspense fallback={<Loading rows={2} />}>
          <WrapUp key={conversation.id} conversation={conversation} />
        </Suspense>
      </Part>
      <Part title={t('desk.customer.signals')}>
        <Signals conversation={conversation} />
      </Part>
      <Part title={t('desk.customer.earlier')}>
        <Earlier conversation={conversation} />
      </Part>
      <Part title={t('desk.levels.clocks')}>
        <Suspense fallback={<Loading rows={2} />}>
          <Clocks conversation={conversation} />
        </Suspense>
      </Part>
      <Part title={t('desk.customer.events')}>
        <Events conversation={conversation} />
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details open className="wb-part">
      <summary>{title}</summary>
      {children}
    </details>
  );
}

function Profile({ customer, appid }: { customer: Schemas['Customer']; appid: string }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { can } = usePermissions();
  const change = useChangeCustomer(appid, customer.openid);
  const [note, setNote] = useState(customer.note ?? '');
  const [name, setName] = useState(customer.nickname ?? '');
  const mayChange = can('desk.reply', appid);
  const save = (body: Schemas['CustomerChange']) => change.mutate(body, { onSuccess: () => notify.done(), onError: notify.failed });
  return (
    <>
      <div className="wb-profile">
        <CustomerAvatar openid={customer.openid} name={customer.nickname} size={48} />
        <Input
          variant="borderless"
          aria-label={t('desk.customer.nickname')}
          placeholder={t('desk.customer.unnamed')}
          value={name}
          maxLength={64}
          disabled={!mayChange}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={(event) => event.currentTarget.blur()}
          onBlur={() => name !== (customer.nickname ?? '') && save({ nickname: name })}
        />
      </div>
      <dl className="facts wb-facts">
        <dt>OpenID</dt>
        <dd><CopyText text={customer.openid} show={`${customer.openid.slice(0, 6)}…${customer.openid.slice(-4)}`} /></dd>
        <dt>{t('desk.customer.first_seen')}</dt>
        <dd><Ago at={customer.first_seen_at} /></dd>
        <dt>{t('desk.customer.last_seen')}</dt>
        <dd><Ago at={customer.last_seen_at} /></dd>
        <dt>{t('desk.customer.conversations')}</dt>
        <dd className="num">{customer.conversations ?? 0}</dd>
        {(customer.sources?.length ?? 0) > 0 && (
          <>
            <dt>{t('desk.customer.sources')}</dt>
            <dd>{customer.sources!.join(' · ')}</dd>
          </>
        )}
        {(customer.privacy_notices?.length ?? 0) > 0 && (
          <>
            <dt>{t('desk.customer.privacy')}</dt>
            <dd>
              <Suspense fallback={<Loading rows={1} />}>
                <PrivacyNotices notices={customer.privacy_notices!} />
              </Suspense>
            </dd>
          </>
        )}
      </dl>
      <Part title={t('desk.customer.tags')}>
        <Select
          mode="tags"
          className="wb-wide"
          aria-label={t('desk.customer.tags')}
          placeholder={t('desk.customer.tags_hint')}
          disabled={!mayChange}
          value={customer.tags}
          open={false}
          suffixIcon={null}
          onChange={(tags: string[]) => save({ tags })}
        />
      </Part>
      <Part title={t('desk.customer.note')}>
        <Input.TextArea
          aria-label={t('desk.customer.note')}
          placeholder={t('desk.customer.note_hint')}
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={2048}
          disabled={!mayChange}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          onBlur={() => note !== (customer.note ?? '') && save({ note })}
        />
      </Part>
    </>
  );
}

function Earlier({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const zone = useZone();
  const list = useConversationList(conversation.appid, { thread_id: conversation.thread_id });
  const earlier = (list.data?.pages.flatMap((page) => page.items) ?? []).filter((one) => one.id !== conversation.id && one.thread_id === conversation.thread_id);
  if (list.isPending) return <Loading rows={2} />;
  if (earlier.length === 0) return <p className="muted">{t('desk.customer.no_earlier')}</p>;
  return (
    <ul className="wb-plain">
      {earlier.map((one) => (
        <li key={one.id}>
          <Link to={`/m/${one.appid}/desk/workbench/${one.id}`}>
            <span className="num">{exactTime(one.opened_at, zone).slice(0, 16)}</span>
          </Link>
          <span className="muted"> {one.last_message?.summary}</span>
        </li>
      ))}
    </ul>
  );
}
