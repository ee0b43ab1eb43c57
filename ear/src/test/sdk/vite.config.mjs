import { defineConfig } from 'vite';

export default defineConfig({
  root: 'web',
  build: { outDir: '../dist', emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 4096 },
  optimizeDeps: { exclude: ['@powersync/web'] },
  worker: { format: 'es' }
});
