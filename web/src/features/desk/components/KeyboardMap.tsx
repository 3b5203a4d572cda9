import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

const map = [
  ['J / K', 'move'],
  ['Enter', 'open'],
  ['Alt+J / Alt+K', 'next'],
  ['1 2 3 4', 'views'],
  ['R', 'reply'],
  ['/', 'quick'],
  ['T', 'take'],
  ['E', 'close'],
  ['Z', 'park'],
  ['M', 'macros'],
  ['Shift+Enter', 'new_line'],
  ['Esc', 'leave'],
  ['Ctrl+K', 'palette'],
  ['?', 'this'],
] as const;

export default function KeyboardMap({ close }: { close(): void }) {
  const { t } = useTranslation();
  return (
    <Modal open footer={null} title={t('desk.keys.title')} onCancel={close}>
      <dl className="keys">
        {map.map(([keys, name]) => (
          <div key={name}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(`desk.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
