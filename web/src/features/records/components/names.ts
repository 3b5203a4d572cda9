// Names of those who spoke. WeChat tells no name of a customer: the end of the OpenID tells them apart.
import { useTranslation } from 'react-i18next';
import type { RecordedConversation, RecordedMessage } from '../api/records';

export function useWho() {
  const { t } = useTranslation();
  const customer = ({ openid, nickname }: Pick<RecordedConversation, 'openid' | 'nickname'>) => nickname || (openid ? `${t('desk.customer.unnamed')} ${openid.slice(-4)}` : t('records.who.erased'));
  const sender = (conversation: RecordedConversation, message: RecordedMessage) => {
    if (message.direction === 'in') return customer(conversation);
    const name = message.sender_name || t('records.who.us');
    return message.direction === 'note' ? t('records.who.note', { name }) : name;
  };
  return { customer, sender };
}
