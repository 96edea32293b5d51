export { bindCart, type BindOptions } from './bind.ts'
export type { Words } from './words.ts'
