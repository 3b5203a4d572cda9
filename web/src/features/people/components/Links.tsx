// What makes several profiles one person 关联: each link with its source, and undone with one press.
import { Button } from 'antd';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useLinks, useProposalsOf, useUndoLink, type Link as PersonLink, type Person } from '../api/people';
import { LinkDialog } from './LinkDialog';
import { End, nameOf } from './marks';
import { ProposalRows } from './Proposals';

export function Links({ appid, id, person, mayChange }: { appid: string; id: string; person: Person; mayChange: boolean }) {
  const { t } = useTranslation();
  const links = useLinks(appid, id);
  const proposals = useProposalsOf(appid, person.profiles.map((one) => one.id));
  const [linking, setLinking] = useState(false);
  const add = mayChange && (
    <Button size="small" icon={<Link2 size={14} aria-hidden />} onClick={() => setLinking(true)}>
      {t('people.links.add')}
    </Button>
  );
  return (
    <Panel title={t('people.links.title')} extra={add}>
      <p className="muted panel-note">{t('people.links.hint')}</p>
      {proposals.data && proposals.data.items.length > 0 && (
        <section className="people-asked" aria-label={t('people.proposals.title')}>
          <strong>{t('people.links.asked')}</strong>
          <ProposalRows appid={appid} items={proposals.data.items} mayChange={mayChange} />
        </section>
      )}
      {proposals.data?.complete === false && (
        <p className="people-asked">
          <Link to={`/m/${appid}/people/proposals`}>{t('people.links.earlier')}</Link>
        </p>
      )}
      <Loaded query={links} rows={2}>
        {(items) =>
          items.length === 0 ? (
            <p className="muted">{t('people.links.none')}</p>
          ) : (
            <ul className="people-rows">
              {items.map((one) => (
                <OneLink key={one.id} appid={appid} id={id} link={one} mayChange={mayChange} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {linking && <LinkDialog appid={appid} id={id} person={person} close={() => setLinking(false)} />}
    </Panel>
  );
}

function OneLink({ appid, id, link, mayChange }: { appid: string; id: string; link: PersonLink; mayChange: boolean }) {
  const { t } = useTranslation();
  const undo = useUndoLink(appid, id);
  const { done, failed, confirm } = useNotify();
  const [a, b] = link.profiles;
  const names = { a: nameOf(a!), b: nameOf(b!) };
  const ask = () =>
    confirm(
      t('people.links.undo_title', names),
      link.source === 'unionid' ? t('people.links.undo_unionid_hint') : t('people.links.undo_hint'),
      () => undo.mutateAsync(link.id).then(() => done(t('people.links.undone')), failed),
      t('people.links.undo'),
    );
  return (
    <li>
      <div className="people-row-text">
        <span className="people-line">
          <End appid={appid} end={a!} /> <span aria-hidden>—</span> <End appid={appid} end={b!} />
        </span>
        <span className="muted">
          {t(`people.links.sources.${link.source}`)} · {link.linked_by || t('people.links.by_itself')} · <Ago at={link.linked_at} />
        </span>
      </div>
      {mayChange && (
        <Button size="small" aria-label={t('people.links.undo_one', names)} onClick={ask}>
          {t('people.links.undo')}
        </Button>
      )}
    </li>
  );
}
