// The parts of one page, as links: each part has its own address.
import { Link } from 'react-router';
import './subnav.css';

export function Subnav({ label, items, current }: { label: string; items: { key: string; text: string; to: string }[]; current: string }) {
  return (
    <nav className="subnav" aria-label={label}>
      {items.map((one) => (
        <Link key={one.key} to={one.to} aria-current={one.key === current ? 'page' : undefined}>
          {one.text}
        </Link>
      ))}
    </nav>
  );
}
