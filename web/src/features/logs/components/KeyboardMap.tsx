import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

const map = [
  ['/', 'query'],
  ['J / K', 'move'],
  ['Enter', 'unfold'],
  ['C', 'context'],
  ['L', 'live'],
  ['W', 'wrap'],
  ['F', 'fields'],
  ['S', 'saved'],
  ['Esc', 'leave'],
  ['?', 'this'],
] as const;

export default function KeyboardMap({ close }: { close(): void }) {
  const { t } = useTranslation();
  return (
    <Modal open footer={null} title={t('logs.keys.title')} onCancel={close}>
      <dl className="log-keys">
        {map.map(([keys, name]) => (
          <div key={name}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(`logs.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
