// Columns of the list, and what a line has to show in them. A column is called as in the query language.
import type { LogLine } from '../api/logs';
import type { FieldName } from './terms';
import { propertyPrefix } from './terms';

export const lineFields = ['tag', 'page', 'release', 'build', 'person', 'device', 'network', 'region', 'scene', 'client', 'session', 'page_view', 'trace', 'template', 'issue', 'value'] as const;
export const defaultColumns: string[] = ['tag', 'page'];

export const deviceText = ({ device }: Pick<LogLine, 'device'>) => [device.brand, device.model].filter(Boolean).join(' ');

// What a query would have to say to find it; "" for nothing.
export function fieldOf(line: LogLine, name: FieldName): string | number {
  if (name === 'device') return deviceText(line);
  if (name === 'scene') return line.scene || '';
  return line[name] ?? '';
}

// Nested properties by their path, as the query language names them.
export function propertiesOf(properties: Record<string, unknown>, prefix = ''): [string, string | number | boolean][] {
  return Object.entries(properties).flatMap(([name, value]) => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return propertiesOf(value as Record<string, unknown>, `${prefix}${name}.`);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[prefix + name, value]];
    return [[prefix + name, JSON.stringify(value)]];
  });
}

export function cellOf(line: LogLine, column: string): string {
  if (column.startsWith(propertyPrefix)) {
    const name = column.slice(propertyPrefix.length);
    return String(propertiesOf(line.properties).find(([path]) => path === name)?.[1] ?? '');
  }
  return String(fieldOf(line, column as FieldName));
}

// A line as one would paste it into a chat.
export const lineText = (line: LogLine, time: string) => [time, (line.level || '-').toUpperCase(), line.tag && `[${line.tag}]`, line.text].filter(Boolean).join(' ');
