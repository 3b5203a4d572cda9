import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// In development the console runs beside the binary: MINIOPS_URL=http://127.0.0.1:8080 npm run dev
const server = process.env.MINIOPS_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: { manifest: true, sourcemap: false, chunkSizeWarningLimit: 1200 },
  server: { proxy: { '/api': { target: server, ws: true, changeOrigin: true }, '/rate': { target: server, changeOrigin: true } } },
});
