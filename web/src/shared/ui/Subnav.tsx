// The parts of one page, as links: each part has its own address. On a phone the current one is scrolled into sight.
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import './subnav.css';

export function Subnav({ label, items, current }: { label: string; items: { key: string; text: string; to: string }[]; current: string }) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const row = nav.current;
    const link = row?.querySelector<HTMLElement>('[aria-current]');
    if (row && link) row.scrollLeft = link.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
  }, [current]);
  return (
    <nav ref={nav} className="subnav" aria-label={label}>
      {items.map((one) => (
        <Link key={one.key} to={one.to} aria-current={one.key === current ? 'page' : undefined}>
          {one.text}
        </Link>
      ))}
    </nav>
  );
}
