// The sandbox's control calls and its live feed.
export async function call(method, path, body) {
  const binary = body instanceof Blob;
  const response = await fetch(`/sandbox${path}`, {
    method,
    headers: body && !binary ? { 'Content-Type': 'application/json' } : {},
    body: body && !binary ? JSON.stringify(body) : body,
  });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  if (!response.ok) {
    const wrong = (answer?.errors ?? []).map((one) => `${one.pointer} ${one.message}`).join(', ');
    throw new Error(wrong || answer?.detail || `${response.status}`);
  }
  return answer;
}

export const appPath = (appid, rest = '') => `/apps/${encodeURIComponent(appid)}${rest}`;
export const userPath = (appid, openid) => appPath(appid, `/users/${encodeURIComponent(openid)}/messages`);
export const mediaUrl = (appid, id) => `/sandbox${appPath(appid, `/media/${encodeURIComponent(id)}`)}`;

// Calls `onLine` for each thing that happens; `onState(true|false)` when the connection comes and goes.
export function listen(onLine, onState) {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/sandbox/live`);
  socket.onopen = () => onState(true);
  socket.onmessage = (event) => onLine(JSON.parse(event.data));
  socket.onclose = () => {
    onState(false);
    setTimeout(() => listen(onLine, onState), 1500);
  };
}
