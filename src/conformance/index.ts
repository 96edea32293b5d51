export { conformanceRules, runConformance } from './run.ts'

export type { ConformanceOptions, Report, Result, Rule } from './run.ts'
