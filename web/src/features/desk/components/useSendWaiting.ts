// Sends what could not be sent, as soon as the server is there again.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLive } from '@/shared/live/live';
import { sendWaiting } from '../api/outgoing';

const againMs = 10_000;

export function useSendWaiting() {
  const client = useQueryClient();
  const { status } = useLive();
  useEffect(() => {
    if (status.state !== 'live') return;
    void sendWaiting(client);
    const timer = setInterval(() => void sendWaiting(client), againMs);
    return () => clearInterval(timer);
  }, [client, status]);
}
