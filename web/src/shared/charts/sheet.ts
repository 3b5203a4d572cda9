// A chart's numbers as a table: shown to whoever wants to read them, and saved as CSV.
export interface Cell {
  text: string;
  raw: string | number | null;
  pick?: () => void;
}
// The first cell of a row names it.
export interface Sheet {
  head: string[];
  rows: Cell[][];
}

export const cell = (text: string, raw: Cell['raw'] = text, pick?: () => void): Cell => ({ text, raw, pick });

// A word that begins like a formula is text to a spreadsheet, too.
const word = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

export function csvOf({ head, rows }: Sheet): string {
  const lines = rows.map((row) => row.map(({ raw }) => (raw === null ? '' : typeof raw === 'number' ? String(raw) : word(raw))).join(','));
  return [head.map(word).join(','), ...lines, ''].join('\r\n');
}
