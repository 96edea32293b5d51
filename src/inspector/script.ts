// The file for pages without a build. Whoever loads it wants to see something: it opens on the page's cart by itself.
import { cartOfPage, defineInspector, openInspector } from './element.ts'

export * from './index.ts'

defineInspector()
if (cartOfPage() && !document.querySelector('session-cart-inspector')) openInspector()
