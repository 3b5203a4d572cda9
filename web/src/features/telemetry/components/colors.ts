// One colour for each kind and level, wherever it is drawn (telemetry.css has them for light and dark).
import type { Kind } from './filters';

export const kindColor = (kind: Kind) => `var(--kind-${kind})`;
export const levelColor = (level: string) => `var(--level-${['debug', 'info', 'warn', 'error', 'fatal'].includes(level) ? level : 'debug'})`;
