// What service levels tell supervisors: at once when it is quiet, else gathered, so that they are interrupted at most
// once in ten seconds. Pure but for its timer.
import { kinds, type Kind, type Level } from '@/shared/service_levels/marks';

export interface Notice {
  appid: string;
  conversation_id: string;
  kind: Kind | 'window'; // window: the reply window closes with the customer unanswered
  level: Level;
  due_at: number | null;
  group: string;
  agent_id: string | null;
}

const words = [...kinds, 'window'] as const;
const levels = ['half', 'most', 'breached'] as const;

// undefined: of a kind that this console does not know.
export function noticeOf(appid: string, data: Record<string, unknown>): Notice | undefined {
  const kind = words.find((one) => one === data.kind);
  const level = levels.find((one) => one === data.level);
  if (!kind || !level || typeof data.conversation_id !== 'string') return undefined;
  return { ...(data as unknown as Notice), appid, kind, level };
}

// The gravest first, then what is due first.
export const byGravity = (a: Notice, b: Notice) => levels.indexOf(b.level as 'half') - levels.indexOf(a.level as 'half') || (a.due_at ?? Infinity) - (b.due_at ?? Infinity);

export const quietMs = 10_000;

export class Gathered {
  private readonly notices = new Map<string, Notice>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  // `show`: never more often than every ten seconds, and with what came since.
  constructor(private readonly show: (notices: Notice[]) => void) {}

  // The newest of a countdown replaces the one before.
  add(notice: Notice) {
    this.notices.set(`${notice.conversation_id} ${notice.kind}`, notice);
    if (!this.timer) this.tell();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.notices.clear();
  }

  private tell() {
    this.timer = undefined;
    if (this.notices.size === 0) return;
    const told = [...this.notices.values()].sort(byGravity);
    this.notices.clear();
    this.timer = setTimeout(() => this.tell(), quietMs);
    this.show(told);
  }
}
