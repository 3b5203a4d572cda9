// Actions in the order in which they are done: added, moved, removed, each with what is missing in it.
import { Button, Dropdown } from 'antd';
import { ArrowDown, ArrowUp, ChevronDown, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tiersOf, useGroups } from '../teams/teams';
import { useFocusAfterMove } from '../ui/useFocusAfterMove';
import type { Scope } from './quickReplies';
import { StepFields } from './StepFields';
import { addable, added, fresh, moved, stepsMax, type AnyStep, type Kind, type Row, type StepProblem } from './stepRows';
import './steps.css';

interface Props<Step extends AnyStep> {
  appid: string;
  scope: Scope; // of what they are the actions of
  kinds: readonly Step['kind'][]; // that are offered
  rows: Row<Step>[];
  problemOf(step: Step): StepProblem | undefined;
  put(rows: Row<Step>[]): void;
}

// Menus belong to the sheet, which goes over all else.
const inSheet = (trigger: HTMLElement) => trigger.closest<HTMLElement>('.ant-drawer-body') ?? document.body;

export function StepList<Step extends AnyStep>({ appid, scope, kinds, rows, problemOf, put }: Props<Step>) {
  const { t } = useTranslation();
  const [said, setSaid] = useState('');
  const [newest, setNewest] = useState(-1);
  const keepFocus = useFocusAfterMove('step', rows.map(({ key }) => ({ id: String(key) })));
  const move = (row: Row<Step>, by: -1 | 1) => {
    const next = moved(rows, row.key, by);
    if (!next) return;
    keepFocus(String(row.key), by);
    put(next);
    setSaid(t('quick_replies.macros.moved', { name: t(`quick_replies.kinds.${row.step.kind}`), n: next.indexOf(row) + 1 }));
  };
  const add = (kind: Kind) => {
    const next = added(rows, fresh(kind) as Step);
    setNewest(Math.max(...next.map((one) => one.key)));
    put(next);
  };
  const tiered = tiersOf(useGroups(appid).data ?? []).length > 0;
  const offered: Kind[] = addable(rows, kinds).filter((kind) => kind !== 'transfer_tier' || tiered);
  return (
    <>
      {rows.length === 0 && <p className="muted panel-note">{t('quick_replies.macros.no_steps')}</p>}
      <ol className="qr-editor">
        {rows.map((row, index) => {
          const name = t(`quick_replies.kinds.${row.step.kind}`);
          const problem = problemOf(row.step);
          return (
            <li key={row.key} aria-label={`${t('quick_replies.macros.position', { n: index + 1 })} ${name}`}>
              <div className="qr-editor-head">
                <strong>
                  <span className="num muted">{index + 1}</span> {name}
                </strong>
                <span className="qr-actions">
                  {([-1, 1] as const).map((by) => (
                    <Button key={by} id={`step-${row.key}-${by}`} size="small" type="text" aria-label={by < 0 ? t('quick_replies.macros.up', { name }) : t('quick_replies.macros.down', { name })} icon={by < 0 ? <ArrowUp size={15} aria-hidden /> : <ArrowDown size={15} aria-hidden />} disabled={!moved(rows, row.key, by)} onClick={() => move(row, by)} />
                  ))}
                  <Button size="small" type="text" aria-label={t('quick_replies.macros.remove_step', { name })} icon={<X size={15} aria-hidden />} onClick={() => put(rows.filter((one) => one.key !== row.key))} />
                </span>
              </div>
              <StepFields appid={appid} id={`step-${row.key}`} scope={scope} step={row.step} autoFocus={row.key === newest} change={(step) => put(rows.with(index, { ...row, step }))} />
              {problem && <p className="qr-wrong">{t(`quick_replies.step_problems.${problem}`)}</p>}
            </li>
          );
        })}
      </ol>
      <div className="qr-line panel-note">
        <Dropdown trigger={['click']} autoFocus disabled={offered.length === 0} getPopupContainer={inSheet} menu={{ items: offered.map((key) => ({ key, label: t(`quick_replies.kinds.${key}`) })), onClick: ({ key }) => add(key as Kind) }}>
          <Button>
            {t('quick_replies.macros.add_step')} <ChevronDown size={14} aria-hidden />
          </Button>
        </Dropdown>
        <span className="muted">{rows.length >= stepsMax ? t('quick_replies.macros.full', { n: stepsMax }) : t('quick_replies.macros.ends')}</span>
      </div>
      <p className="sr-only" role="status">
        {said}
      </p>
    </>
  );
}
