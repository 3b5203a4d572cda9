// How wide an element is, for drawings in real pixels.
import { useLayoutEffect, useRef, useState } from 'react';

export function useWidth<T extends HTMLElement>(otherwise = 640) {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(otherwise);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setWidth(Math.max(160, Math.floor(element.clientWidth)) || otherwise);
    if (element.clientWidth > 0) measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [otherwise]);
  return { ref, width };
}
