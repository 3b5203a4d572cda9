import { useEffect } from 'react';

// Where a phone's keyboard lies over the page instead of making it smaller, the page makes room for it.
export function useKeyboardRoom() {
  useEffect(() => {
    const seen = window.visualViewport;
    const root = document.documentElement;
    const fit = () => {
      const covered = seen!.scale === 1 && window.innerHeight - seen!.height > 80;
      root.style.height = covered ? `${seen!.height}px` : '';
      if (covered) window.scrollTo(0, 0);
    };
    seen?.addEventListener('resize', fit);
    return () => {
      seen?.removeEventListener('resize', fit);
      root.style.height = '';
    };
  }, []);
}
