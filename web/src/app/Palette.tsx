// Ctrl+K: go to a page, to a mini program, to a conversation.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { Modal } from 'antd';
import { api, unwrap } from '@/shared/api/client';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { addressOf, places, usableBy } from './places';
import { lastAppId } from './Rail';

export function useHotkey(key: string, action: () => void) {
  const newest = useRef(action);
  newest.current = action;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === key) {
        event.preventDefault();
        newest.current();
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [key]);
}

interface Target {
  key: string;
  kind: string;
  label: string;
  hint: string;
  to: string;
}

function useTargets(text: string): Target[] {
  const { t } = useTranslation();
  const params = useParams();
  const programs = useMiniPrograms();
  const { can, canSome } = usePermissions();
  const appid = params.appid ?? (programs.data?.find((one) => one.appid === lastAppId()) ?? programs.data?.[0])?.appid;
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 200);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery({
    queryKey: ['palette', appid, asked],
    queryFn: () => unwrap(api.GET('/api/v1/miniprograms/{appid}/conversations', { params: { path: { appid: appid! }, query: { q: asked, limit: 8 } } })),
    enabled: asked.length > 0 && !!appid && can('desk.read', appid),
  });
  return useMemo(() => {
    const words = text.trim().toLowerCase();
    const matches = (label: string) => !words || label.toLowerCase().includes(words);
    const pages = places
      .filter(usableBy({ can, canSome }, appid))
      .map((place) => ({ key: place.key, kind: t('common.palette.page'), label: t(`common.places.${place.key}`), hint: t(`common.groups.${place.group}`), to: addressOf(place, appid) }))
      .concat([{ key: 'account', kind: t('common.palette.page'), label: t('common.own_account'), hint: '', to: '/account' }] as never[])
      .filter((target) => matches(target.label));
    const others = (programs.data ?? [])
      .filter((one) => one.appid !== params.appid && matches(`${one.name} ${one.appid}`))
      .slice(0, 8)
      .map((one) => ({ key: one.appid, kind: t('common.palette.miniprogram'), label: one.name, hint: one.appid, to: `/m/${one.appid}` }));
    const conversations = (asked ? (found.data?.items ?? []) : []).map((one) => ({
      key: one.id,
      kind: t('common.palette.conversation'),
      label: one.nickname || `${t('desk.customer.unnamed')} ${one.openid.slice(-4)}`,
      hint: one.last_message?.summary ?? '',
      to: `/m/${one.appid}/desk/workbench/${one.id}`,
    }));
    return [...conversations, ...pages, ...others];
  }, [text, t, appid, can, canSome, programs.data, params.appid, asked, found.data]);
}

export function Palette({ close }: { close(): void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const targets = useTargets(text);
  const index = Math.min(chosen, Math.max(0, targets.length - 1));
  const go = (target: Target | undefined) => {
    if (!target) return;
    close();
    navigate(target.to);
  };
  useEffect(() => {
    document.getElementById(`palette-${index}`)?.scrollIntoView?.({ block: 'nearest' });
  }, [index]);
  return (
    <Modal open title={<span className="sr-only">{t('common.palette.open')}</span>} footer={null} closable={false} onCancel={close} width={560} className="palette" style={{ top: 96 }}>
      <input
        className="input"
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={targets.length > 0 ? `palette-${index}` : undefined}
        aria-label={t('common.palette.open')}
        placeholder={t('common.palette.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setChosen(Math.min(index + 1, targets.length - 1));
          else if (event.key === 'ArrowUp') setChosen(Math.max(index - 1, 0));
          else if (event.key === 'Enter' && !event.nativeEvent.isComposing) go(targets[index]);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="palette-list" role="listbox" aria-label={t('common.palette.open')} className="palette-list">
        {targets.map((target, position) => (
          <li key={target.kind + target.key} id={`palette-${position}`} role="option" aria-selected={position === index} onMouseMove={() => setChosen(position)} onClick={() => go(target)}>
            <span>{target.label}</span>
            <span className="muted palette-hint">{target.hint}</span>
            <span className="muted">{target.kind}</span>
          </li>
        ))}
      </ul>
      {targets.length === 0 && <p className="muted palette-none">{t('common.palette.none')}</p>}
    </Modal>
  );
}
