export { trackCart, type CartEvent } from './track.ts'
