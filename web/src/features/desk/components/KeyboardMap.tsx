import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

const map = [
  ['J / K', 'move'],
  ['Enter', 'open'],
  ['Alt+J / Alt+K', 'next'],
  ['1 2 3 4', 'views'],
  ['R', 'reply'],
  ['N', 'note'],
  ['/', 'quick'],
  ['A / T', 'take'],
  ['E', 'close'],
  ['Z', 'park'],
  ['M', 'macros'],
  ['X', 'choose'],
  ['Shift+J / Shift+K', 'choose_on'],
  ['Shift+Enter', 'new_line'],
  ['Esc', 'leave'],
  ['Ctrl+K', 'palette'],
  ['?', 'this'],
] as const;

export default function KeyboardMap({ close }: { close(): void }) {
  const { t } = useTranslation();
  return (
    <Modal open footer={null} title={t('desk.keys.title')} onCancel={close}>
      <p className="muted">{t('workbench.keys.hint')}</p>
      <dl className="keys">
        {map.map(([keys, name]) => (
          <div key={name}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(`workbench.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
