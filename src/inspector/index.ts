export { SessionCartInspector, defineInspector, openInspector } from './element.ts'
export type { InspectorWords } from './words.ts'
