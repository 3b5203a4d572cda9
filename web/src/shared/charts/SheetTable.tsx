// A chart's numbers: for screen readers, for the keyboard, and for whoever wants to read them.
import { Button } from 'antd';
import type { Cell, Sheet } from './sheet';

const Shown = ({ cell: { text, pick } }: { cell: Cell }) =>
  pick ? (
    <Button type="link" size="small" className="num" onClick={pick}>
      {text}
    </Button>
  ) : (
    text
  );

export function SheetTable({ title, sheet: { head, rows } }: { title: string; sheet: Sheet }) {
  return (
    <div className="chart-table" role="region" aria-label={title} tabIndex={0}>
      <table className="grid">
        <thead>
          <tr>
            {head.map((name, column) => (
              <th key={column} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...rest], row) => (
            <tr key={row}>
              <th scope="row">{first && <Shown cell={first} />}</th>
              {rest.map((one, column) => (
                <td key={column} className="num">
                  <Shown cell={one} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
