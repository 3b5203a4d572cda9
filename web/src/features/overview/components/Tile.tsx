// A number that is a link to where it comes from.
import type { ReactNode } from 'react';
import { Link } from 'react-router';

export function Tile({ to, label, value, hint }: { to: string; label: string; value: ReactNode; hint?: ReactNode }) {
  return (
    <Link className="tile" to={to}>
      <div className="tile-label">{label}</div>
      <div className="tile-value">{value ?? '—'}</div>
      {hint && <div className="tile-hint">{hint}</div>}
    </Link>
  );
}
