// The line between two panes: dragged, or moved with the arrow keys.
import type { KeyboardEvent, PointerEvent } from 'react';

interface Props {
  label: string;
  width: number;
  min: number;
  max: number;
  grows: 1 | -1; // to the right, or to the left
  onWidth(width: number): void;
}

export function Splitter({ label, width, min, max, grows, onWidth }: Props) {
  const clamp = (value: number) => Math.round(Math.min(max, Math.max(min, value)));
  const onPointerDown = (down: PointerEvent<HTMLDivElement>) => {
    const line = down.currentTarget;
    line.setPointerCapture(down.pointerId);
    const move = (event: globalThis.PointerEvent) => onWidth(clamp(width + (event.clientX - down.clientX) * grows));
    const up = () => {
      line.removeEventListener('pointermove', move);
      line.removeEventListener('pointerup', up);
    };
    line.addEventListener('pointermove', move);
    line.addEventListener('pointerup', up);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') onWidth(clamp(width - 16 * grows));
    if (event.key === 'ArrowRight') onWidth(clamp(width + 16 * grows));
  };
  return (
    <div className="wb-splitter" role="separator" aria-orientation="vertical" aria-label={label} aria-valuenow={width} aria-valuemin={min} aria-valuemax={max} tabIndex={0} onPointerDown={onPointerDown} onKeyDown={onKeyDown} />
  );
}
