// Light, dark, or as the system says. The colours stand in app/base.css; antd gets the same ones in app/antd.ts.
import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';
const storageKey = 'miniops.theme';
const system = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null;
const listeners = new Set<() => void>();

export function themeChoice(): ThemeChoice {
  const stored = localStorage.getItem(storageKey);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

const resolved = (): 'light' | 'dark' => {
  const choice = themeChoice();
  return choice === 'system' ? (system?.matches ? 'dark' : 'light') : choice;
};

function apply() {
  document.documentElement.dataset.theme = resolved();
  document.documentElement.style.colorScheme = resolved();
  listeners.forEach((listener) => listener());
}

export function startTheme() {
  apply();
  system?.addEventListener('change', apply);
}

export function chooseTheme(choice: ThemeChoice) {
  if (choice === 'system') localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, choice);
  apply();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export function useTheme() {
  return useSyncExternalStore(subscribe, resolved);
}
