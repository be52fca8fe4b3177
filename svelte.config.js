import adapter from '@sveltejs/adapter-static'
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ pages: 'build', fallback: 'index.html', precompress: true }),
    csp: { mode: 'hash', directives: { 'script-src': ['self'] } },
    // both trees say '#shared/…', so one import style serves browser, server and tests
    alias: { '#shared': 'src/shared', $paraglide: 'src/paraglide' },
    typescript: { config: (config) => ({ ...config, include: [] }) },
  },
}
