import config from './vitest.config.ts'

/** What is run against each mutant: quick and always the same, so that a mutant which is found once is found each time. */
export default {
  root: config.root,
  test: {
    include: ['test/unit/session/**/*.test.ts'],
    // A hundred thousand carts, or a list of thousands of lines, for each of a thousand mutants would take a day.
    exclude: ['money', 'long-lists'].map(name => `test/unit/session/${name}.test.ts`),
    testTimeout: 60_000,
    setupFiles: ['test/support/few-runs.ts'],
    update: 'none',
  },
}
