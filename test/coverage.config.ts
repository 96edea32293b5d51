import config, { inChromium, inNode } from './vitest.config.ts'

// What decides over money and over what is sent has every way through it tested.
const EVERY = { statements: 100, branches: 100, functions: 100, lines: 100 }
const MOST = { statements: 95, branches: 95, functions: 95, lines: 95 }

/** v8 coverage refuses a configuration that has Firefox or WebKit in it, run or not. */
export default {
  ...config,
  test: {
    ...config.test,
    projects: [...inNode, inChromium],
    coverage: {
      ...config.test?.coverage,
      reporter: ['text', 'json-summary'],
      thresholds: { 'src/session/**': EVERY, 'src/sync/**': EVERY, '{src/*.ts,src/!(session|sync)/**}': MOST },
    },
  },
}
