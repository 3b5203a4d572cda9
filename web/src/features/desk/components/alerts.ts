// Sound and desktop notifications, each of which a person can switch off on this device.
import { useSyncExternalStore } from 'react';

interface AlertSettings {
  sound: boolean;
  desktop: boolean;
}

const storageKey = 'miniops.alerts';
const listeners = new Set<() => void>();
let settings: AlertSettings = { sound: true, desktop: false, ...JSON.parse(localStorage.getItem(storageKey) ?? '{}') };

export function useAlertSettings(): AlertSettings {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => settings,
  );
}

// True when it is so afterwards: the browser may refuse notifications.
export async function setAlerts(change: Partial<AlertSettings>): Promise<boolean> {
  if (change.desktop && (typeof Notification === 'undefined' || (await Notification.requestPermission()) !== 'granted')) return false;
  settings = { ...settings, ...change };
  localStorage.setItem(storageKey, JSON.stringify(settings));
  listeners.forEach((listener) => listener());
  if (change.sound) beep();
  return true;
}

// Two short soft tones; needs no file.
let audio: AudioContext | undefined;
function beep() {
  if (navigator.userActivation?.hasBeenActive === false) return; // the browser lets no page sound that nobody touched
  try {
    audio ??= new AudioContext();
    if (audio.state === 'suspended') void audio.resume();
    for (const [delay, hertz] of [[0, 660], [0.13, 880]] as const) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const start = audio.currentTime + delay;
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.08, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.18);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.2);
    }
  } catch {
    // No sound device.
  }
}

let looksAt = '';
export function lookingAt(conversationId: string) {
  looksAt = conversationId;
}

let lastBeep = 0;
export function alertAgent(news: { conversationId: string; title: string; text: string; open(): void }) {
  const away = document.hidden || !document.hasFocus();
  if (!away && looksAt === news.conversationId) return;
  if (settings.sound && Date.now() - lastBeep > 1500) {
    lastBeep = Date.now();
    beep();
  }
  if (settings.desktop && away && typeof Notification !== 'undefined' && Notification.permission === 'granted') {
    const shown = new Notification(news.title, { body: news.text.slice(0, 120), tag: news.conversationId, icon: '/icon.svg' });
    shown.onclick = () => {
      window.focus();
      news.open();
      shown.close();
    };
  }
}
