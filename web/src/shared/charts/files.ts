// What a chart is saved as.
import { csvOf, type Sheet } from './sheet';

export function saveFile(name: string, content: Blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  // What no file system takes.
  link.download = name.replace(/[\\/:*?"<>|]+/g, '-');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

// With a byte order mark: without it Excel takes Chinese for something else.
export const saveSheet = (title: string, sheet: Sheet) => saveFile(`${title}.csv`, new Blob(['\ufeff', csvOf(sheet)], { type: 'text/csv' }));
