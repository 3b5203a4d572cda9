// A problem as a sentence: our own words for the codes we know, else the server's.
import i18next from 'i18next';
import { ApiProblem } from './client';

export function problemCode(error: unknown): string {
  return error instanceof ApiProblem ? error.code : 'console.unexpected';
}

// undefined: a code for which there are no words of ours.
export function codeText(code: string): string | undefined {
  const key = `errors.${code.replace('.', '_')}`;
  return i18next.exists(key) ? i18next.t(key as 'errors.network_unreachable') : undefined;
}

export function problemText(error: unknown): string {
  const known = codeText(problemCode(error));
  if (known) return known;
  if (error instanceof ApiProblem) {
    const field = error.fields[0];
    if (field) return `${field.pointer.replace(/^\//, '')}: ${field.message}`;
    return error.message || i18next.t('errors.unknown');
  }
  return i18next.t('errors.unknown');
}

// The line a person quotes when they ask for help.
export function problemQuote(error: unknown): string {
  return error instanceof ApiProblem && error.requestId ? `${error.code} · ${error.requestId}` : problemCode(error);
}
