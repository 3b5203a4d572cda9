// The conversation that was rated; of who was erased there is none.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

export function ConversationLink({ appid, id }: { appid: string; id: string | null }) {
  const { t } = useTranslation();
  return id ? <Link to={`/m/${appid}/desk/workbench/${id}`}>{t('satisfaction.conversation_n', { id })}</Link> : <span className="muted">{t('satisfaction.erased')}</span>;
}
