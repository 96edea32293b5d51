import config, { inNode } from './vitest.config.ts'

/** v8 coverage refuses a configuration that has Firefox or WebKit in it, run or not. */
export default { ...config, test: { ...config.test, projects: inNode } }
