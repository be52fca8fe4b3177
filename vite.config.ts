import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'

const server = process.env.CODOSSIER_SERVER ?? 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './src/project.inlang',
      outdir: './src/paraglide',
      strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
      cookieName: 'language',
      emitTsDeclarations: true,
    }),
    tailwindcss(),
    sveltekit(),
  ],
  optimizeDeps: { include: ['bits-ui'] },
  server: {
    // the server accepts cookies from its own address only, so the proxied requests carry that
    proxy: Object.fromEntries(
      ['/api', '/socket.io', '/notes'].map((path) => [path, { target: server, ws: true, headers: { origin: server } }]),
    ),
  },
})
