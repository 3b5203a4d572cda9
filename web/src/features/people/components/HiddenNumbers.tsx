// Phones, ID and card numbers that a text of the profile hides: below it, each shown by who may see it, one at a time.
import { Button } from 'antd';
import { Eye } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import { useRevealNumber, type HiddenNumber, type Profile } from '../api/people';

interface Props {
  appid: string;
  profile: Profile;
  field: string;
  text: string;
}

export function HiddenNumbers({ appid, profile, field, text }: Props) {
  const hidden = profile.hidden.filter((one) => one.field === field);
  const chars = Array.from(text);
  return (
    <ul className="people-hidden">
      {hidden.map((one) => (
        // A number that stands elsewhere now is looked at anew.
        <Hidden key={`${one.id} ${profile.version}`} appid={appid} profile={profile.id} one={one} text={chars.slice(one.at, one.at + one.length).join('')} />
      ))}
    </ul>
  );
}

function Hidden({ appid, profile, one, text }: { appid: string; profile: string; one: HiddenNumber; text: string }) {
  const { t } = useTranslation();
  const { failed } = useNotify();
  const reveal = useRevealNumber(appid, profile);
  const kind = t(`people.numbers.${one.kind}`);
  return (
    <li>
      <span className="muted">{kind}</span> <span className="num">{reveal.data?.value ?? text}</span>
      {!reveal.data && (
        <Button size="small" disabled={false} icon={<Eye size={14} aria-hidden />} aria-label={t('people.numbers.show_one', { kind, text })} title={t('people.identities.reveal_hint')} loading={reveal.isPending} onClick={() => reveal.mutate(one.id, { onError: failed })}>
          {t('people.identities.reveal')}
        </Button>
      )}
    </li>
  );
}
