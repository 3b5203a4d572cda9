// Rules in the order in which they count: dragged, or moved by buttons. Its strings are those of the teams.
import { Button } from 'antd';
import { ArrowDown, ArrowUp, GripVertical } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { beforeOfDrop, beforeOfStep, moved } from './order';
import './ordered.css';
import { useFocusAfterMove } from './useFocusAfterMove';

interface Named {
  id: string;
  name: string;
}
interface Props<Item extends Named> {
  prefix: string; // of its buttons' ids
  items: Item[];
  mayMove: boolean;
  // `before`: null is behind all others. `done` says where it is now.
  move(id: string, before: string | null, done: () => void): void;
  text(item: Item): ReactNode;
  before(item: Item): ReactNode; // the buttons that move it
  behind(item: Item): ReactNode;
}

export function OrderedList<Item extends Named>({ prefix, items, mayMove, move, text, before, behind }: Props<Item>) {
  const { t } = useTranslation();
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const keepFocus = useFocusAfterMove(prefix, items);
  const put = (item: Item, to: string | null | undefined) => {
    if (to === undefined) return;
    const at = moved(items, item.id, to).findIndex((one) => one.id === item.id);
    move(item.id, to, () => setSaid(t('teams.rules.moved', { name: item.name, n: at + 1 })));
  };
  const drop = (target: string) => {
    const item = items.find((one) => one.id === dragged);
    if (item) put(item, beforeOfDrop(items, item.id, target));
    setDragged(null);
    setOver(null);
  };
  return (
    <>
      <ol className="ordered">
        {items.map((item, index) => (
          <li
            key={item.id}
            className={['rule-row', dragged && over === item.id && dragged !== item.id ? 'rule-over' : ''].join(' ')}
            draggable={mayMove}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', item.name); // Firefox drags nothing without
              setDragged(item.id);
            }}
            onDragOver={(event) => {
              if (!dragged) return;
              event.preventDefault();
              setOver(item.id);
            }}
            onDrop={(event) => {
              event.preventDefault();
              drop(item.id);
            }}
            onDragEnd={() => (setDragged(null), setOver(null))}
          >
            {mayMove && (
              <span className="rule-handle" title={t('teams.rules.drag')}>
                <GripVertical size={15} aria-hidden />
              </span>
            )}
            <span className="num muted rule-number" aria-label={t('teams.rules.position', { n: index + 1 })} role="img">
              {index + 1}
            </span>
            <div className="ordered-text">{text(item)}</div>
            <span className="ordered-line">
              {before(item)}
              {mayMove &&
                ([-1, 1] as const).map((by) => (
                  <Button
                    key={by}
                    id={`${prefix}-${item.id}-${by}`}
                    size="small"
                    type="text"
                    aria-label={by < 0 ? t('teams.rules.up', { name: item.name }) : t('teams.rules.down', { name: item.name })}
                    icon={by < 0 ? <ArrowUp size={15} aria-hidden /> : <ArrowDown size={15} aria-hidden />}
                    disabled={beforeOfStep(items, item.id, by) === undefined}
                    onClick={() => (keepFocus(item.id, by), put(item, beforeOfStep(items, item.id, by)))}
                  />
                ))}
              {behind(item)}
            </span>
          </li>
        ))}
      </ol>
      <p className="sr-only" role="status">
        {said}
      </p>
    </>
  );
}
