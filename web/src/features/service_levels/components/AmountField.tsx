// A length of time that is written: a number, empty for none, and its unit.
import { InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { fitsLength, units, type Amount, type Unit } from './amounts';

interface Props {
  label: string;
  unitLabel: string;
  amount: Amount;
  change(amount: Amount): void;
}

// A plain select for the unit: there may be hundreds of them.
export function AmountField({ label, unitLabel, amount, change }: Props) {
  const { t } = useTranslation();
  return (
    <span className="sl-amount">
      <InputNumber aria-label={label} min={0} style={{ width: 96 }} controls={false} placeholder={t('service_levels.none')} status={fitsLength(amount) ? undefined : 'error'} value={amount.n} onChange={(n) => change({ ...amount, n })} />
      <select className="sl-select" aria-label={unitLabel} value={amount.unit} onChange={(event) => change({ ...amount, unit: event.target.value as Unit })}>
        {units.map((unit) => (
          <option key={unit} value={unit}>
            {t(`service_levels.units.${unit}`)}
          </option>
        ))}
      </select>
    </span>
  );
}
