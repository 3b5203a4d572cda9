// Logs, used as WeChat's RealtimeLogManager is.
import { show } from './core/text.js';
import { withoutQueries } from './url_pattern.js';

const textMax = 8192;

export function createLogs({ record, crumbs }) {
  let filters = [];

  const write = (level) =>
    function () {
      const text = withoutQueries(Array.prototype.map.call(arguments, show).join(' ')).slice(0, textMax);
      if (level === 'warn' || level === 'error') crumbs.add('log', text, { level });
      const fields = { level, text };
      if (filters.length) fields.props = { filter: filters.join(' ') };
      record('log', fields);
    };

  return {
    debug: write('debug'),
    info: write('info'),
    log: write('info'),
    warn: write('warn'),
    error: write('error'),
    setFilterMsg(text) {
      filters = text ? [String(text)] : [];
    },
    addFilterMsg(text) {
      if (text && !filters.includes(String(text))) filters.push(String(text));
    },
  };
}
