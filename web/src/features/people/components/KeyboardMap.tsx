import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

const keys = [['/', 'search'], ['J / K', 'move'], ['Enter', 'open'], ['?', 'this']] as const;

export function KeyboardMap({ close }: { close(): void }) {
  const { t } = useTranslation();
  return (
    <Modal open footer={null} title={t('people.keys.title')} onCancel={close}>
      <dl className="people-keys">
        {keys.map(([key, name]) => (
          <div key={name}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`people.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
