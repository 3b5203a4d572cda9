import type { sealing as zh } from '../zh/sealing';

export const sealing: typeof zh = {
  kind: { phone: 'phone number', id_card: 'ID number', bank_card: 'bank card number' },
  show: 'Show',
  show_hint: 'Looking at it is noted in the audit log',
  settings: {
    title: 'Personal data',
    seal: 'Keep phones, ID and bank card numbers of messages sealed apart',
    seal_hint: 'Messages keep 138****5678 only; who may can look at one, and each look is noted in the audit log. It holds for messages from now on.',
    link: 'Link of the privacy notice',
    link_hint: 'The first text of the greeting carries it; each customer gets each version once.',
    link_wrong: 'An address that begins with https://',
    version: 'Version of the privacy notice',
    version_needed: 'Give the link and the version together',
  },
  notices: { title: 'Privacy notice', none: 'Not shown yet', version: 'Version {{version}}', state: { sending: 'being sent', shown: 'shown', failed: 'not delivered' } },
};
