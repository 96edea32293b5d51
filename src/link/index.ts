export { addFromLink, cartLink, readCartLink, type Linked, type LinkedLine } from './link.ts'
