// A pointer over buckets: where it is, what is being chosen by dragging, and a press without a drag.
import { useState, type PointerEvent } from 'react';

interface Actions {
  press(index: number, event: PointerEvent<SVGSVGElement>): void;
  choose?: (first: number, last: number) => void;
}
const dragPx = 4;

// `left` and `width`: the buckets' part of the drawing.
export function useBrush(n: number, left: number, width: number, { press, choose }: Actions) {
  const [at, setAt] = useState<number | null>(null);
  const [grip, setGrip] = useState<{ index: number; x: number } | null>(null);
  const indexOf = (event: PointerEvent<SVGSVGElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    return Math.max(0, Math.min(n - 1, Math.floor((x / width) * n)));
  };
  const release = (event: PointerEvent<SVGSVGElement>) => {
    if (!grip) return;
    const index = indexOf(event);
    setGrip(null);
    if (choose && Math.abs(event.clientX - grip.x) > dragPx) choose(Math.min(grip.index, index), Math.max(grip.index, index));
    else press(index, event);
  };
  const chosen: [number, number] | null = choose && grip && at !== null && at !== grip.index ? [Math.min(grip.index, at), Math.max(grip.index, at)] : null;
  return {
    at: at !== null && at < n ? at : null,
    chosen,
    handlers: {
      onPointerMove: (event: PointerEvent<SVGSVGElement>) => setAt(indexOf(event)),
      onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture?.(event.pointerId);
        setAt(indexOf(event));
        setGrip({ index: indexOf(event), x: event.clientX });
      },
      onPointerUp: release,
      onPointerCancel: () => setGrip(null),
      onPointerLeave: () => {
        if (!grip) setAt(null);
      },
    },
  };
}
