// 日志: lines, what they have in common, and exports. The address holds the query, the range, columns and what is open.
import { Button } from 'antd';
import { Bookmark, Keyboard } from 'lucide-react';
import { Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { late } from '@/shared/ui/late';
import { Empty, Page, Panel } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { useKeys } from '@/shared/ui/useKeys';
import { useParsed } from '../api/logs';
import { askedOf, questionOf, searchOf, viewOf, type View } from '../components/address';
import { Exports } from '../components/Exports';
import { Lines } from '../components/Lines';
import { SavedQueries } from '../components/SavedQueries';
import { SearchBar } from '../components/SearchBar';
import { Templates } from '../components/Templates';
import { withTerm } from '../components/terms';
import { useColumns } from '../components/useColumns';
import './logs.css';

const KeyboardMap = late(() => import('../components/KeyboardMap'));
const sections = ['lines', 'templates', 'exports'] as const;

// The end of "the last 24 hours": it moves when something else is asked or on refresh, so that pages fit together.
function useAsOf(asked: string) {
  const [state, setState] = useState(() => ({ asked, at: Date.now() }));
  if (state.asked !== asked) setState({ asked, at: Date.now() });
  const refresh = useCallback(() => setState({ asked, at: Date.now() }), [asked]);
  return { asOf: state.at, refresh };
}

export function LogsPage() {
  const appid = useAppId();
  return <Logs key={appid} appid={appid} />;
}

function Logs({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const { section: named } = useParams();
  const section = sections.find((one) => one === named) ?? 'lines';
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => viewOf(search), [search]);
  const asked = askedOf(view);
  const { asOf, refresh } = useAsOf(asked);
  const question = useMemo(() => questionOf(view, asOf), [asked, asOf]); // eslint-disable-line react-hooks/exhaustive-deps
  // What cannot be read is not asked: the box says where it is wrong.
  const parsed = useParsed(appid, view.query, true);
  const wrong = view.query.trim() !== '' && parsed.data?.ok === false;
  const readable = view.query.trim() === '' || parsed.data?.ok === true || parsed.isError;
  const columns = useColumns(view);
  const box = useRef<HTMLTextAreaElement>(null);
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const [keyboard, setKeyboard] = useState(false);

  // Something else is asked: what was unfolded is not there any more, and the way back leads to what was asked before.
  const newest = useRef(view);
  newest.current = view;
  const change = useCallback(
    (part: Partial<View>) => {
      const next = { ...newest.current, ...part };
      const other = askedOf(next) !== askedOf(newest.current);
      setSearch(searchOf(other ? { ...next, open: [], context: '' } : next), { replace: !other });
    },
    [setSearch],
  );
  const narrow = useCallback((term: string) => change({ query: withTerm(newest.current.query, term) }), [change]);
  const base = `/m/${appid}/logs`;
  const addressOf = (one: (typeof sections)[number], next: View = view) => `${one === 'lines' ? base : `${base}/${one}`}?${searchOf(next)}`.replace(/\?$/, '');

  useKeys({
    '/': () => box.current?.focus(),
    s: () => setSaved(true),
    '?': () => setKeyboard(true),
  });
  return (
    <Page
      wide
      title={t('logs.title')}
      purpose={t('logs.purpose')}
      actions={
        <>
          <Button icon={<Bookmark size={15} aria-hidden />} onClick={() => setSaved(true)}>
            {t('logs.saved.title')}
          </Button>
          <Button className="log-keys-button" icon={<Keyboard size={15} aria-hidden />} aria-label={t('logs.keys.title')} title={t('logs.keys.title')} onClick={() => setKeyboard(true)} />
        </>
      }
    >
      <Subnav label={t('logs.title')} current={section} items={sections.map((key) => ({ key, text: t(`logs.sections.${key}`), to: addressOf(key) }))} />
      {section !== 'exports' && <SearchBar appid={appid} view={view} asOf={asOf} busy={busy} box={box} change={change} refresh={refresh} />}
      {wrong && section !== 'exports' && (
        <Panel>
          <Empty title={t('logs.query.unreadable')} text={t('logs.query.unreadable_hint')} />
        </Panel>
      )}
      {section === 'lines' && !wrong && <Lines appid={appid} view={view} question={question} readable={readable} asOf={asOf} columns={columns} change={change} narrow={narrow} refresh={refresh} busy={setBusy} exported={() => void navigate(addressOf('exports'))} />}
      {section === 'templates' && !wrong && <Templates appid={appid} question={question} readable={readable} since={view.since} choose={(since) => change({ since })} narrow={(term) => void navigate(addressOf('lines', { ...view, query: withTerm(view.query, term) }))} />}
      {section === 'exports' && <Exports appid={appid} />}
      <SavedQueries appid={appid} shown={saved} view={view} columns={columns.shown} close={() => setSaved(false)} open={(part) => (section === 'lines' ? change(part) : void navigate(addressOf('lines', { ...view, ...part, open: [], context: '' })))} />
      {keyboard && (
        <Suspense fallback={null}>
          <KeyboardMap close={() => setKeyboard(false)} />
        </Suspense>
      )}
    </Page>
  );
}
