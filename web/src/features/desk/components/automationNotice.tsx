// Tells supervisors what automation rules have to say to them, and that a rule was paused; the server sends it to nobody
// else. Loaded when the first one comes.
import i18next from 'i18next';
import type { App } from 'antd';
import { Link } from 'react-router';
import { loadStrings } from '@/i18n';

type Notification = ReturnType<typeof App.useApp>['notification'];

const shownS = 8;

// A rule's newest takes the place of the one before, so that none fills the screen.
export async function tell(notification: Notification, appid: string, { kind, rule_id, rule_name, conversation_id, text }: Record<string, unknown>) {
  if ((kind !== 'paused' && kind !== 'notice') || typeof rule_id !== 'string') return;
  await loadStrings('automation');
  const t = i18next.t;
  const paused = kind === 'paused';
  const key = `automation-${appid}-${rule_id}`;
  const name = String(rule_name ?? '');
  notification.open({
    key,
    type: paused ? 'warning' : 'info',
    role: 'status',
    duration: shownS,
    title: paused ? t('automation.notice.paused', { name }) : String(text ?? ''),
    description: paused ? undefined : t('automation.notice.told', { name }),
    actions: (
      <Link to={paused ? `/m/${appid}/automation` : `/m/${appid}/desk/workbench/${String(conversation_id)}`} onClick={() => notification.destroy(key)}>
        {paused ? t('automation.notice.rules') : t('automation.notice.open')}
      </Link>
    ),
  });
}
