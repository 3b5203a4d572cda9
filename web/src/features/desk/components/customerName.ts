// WeChat tells no name: until an agent gives one, the end of the OpenID tells customers apart.
import i18next from 'i18next';

export const customerName = (one: { nickname?: string; openid: string }) => one.nickname || `${i18next.t('desk.customer.unnamed')} ${one.openid.slice(-4)}`;
