/** What each file imports: its path below `src/` → paths below `src/`, package names, `node:` modules. */
export type ImportGraph = Readonly<Record<string, readonly string[]>>

interface Place {
  /** Places below `src/` besides itself; `errors` is open to all. */
  readonly places: readonly string[]
  readonly packages: readonly string[]
}

const PARTS = ['store', 'storage', 'sync', 'tabs']

const PLACES: Readonly<Record<string, Place>> = {
  errors: { places: [], packages: [] },
  session: { places: [], packages: ['valibot'] },
  store: { places: ['session'], packages: ['nanostores'] },
  storage: { places: ['session'], packages: ['idb-keyval', 'valibot'] },
  sync: { places: ['session'], packages: ['valibot'] },
  tabs: { places: ['session'], packages: [] },
  cart: { places: ['session', ...PARTS], packages: [] },
  index: { places: ['session', ...PARTS, 'cart'], packages: [] },
  dom: { places: ['cart', 'index'], packages: [] },
  inspector: { places: ['session', 'storage', 'sync', 'tabs', 'cart'], packages: [] },
  money: { places: ['index', 'session'], packages: [] },
  analytics: { places: ['index', 'session'], packages: [] },
  announcer: { places: ['index', 'session', 'sync', 'dom'], packages: ['nanostores'] },
  link: { places: ['index', 'session'], packages: [] },
  expiry: { places: ['index'], packages: [] },
  exports: { places: ['index', 'session', 'money', 'analytics'], packages: [] },
  undo: { places: ['index', 'session', 'store'], packages: ['nanostores'] },
  server: { places: ['session'], packages: ['valibot', 'node:'] },
  conformance: { places: ['session'], packages: [] },
  'talon-one': { places: ['session'], packages: ['valibot'] },
}

const isSource = (target: string): boolean => target.endsWith('.ts')

/** `store/view.ts` is in the place `store`, `cart.ts` in the place `cart`. */
const placeOf = (file: string): string => file.replace(/(\.ts$|\/.*)/, '')

const packageOf = (target: string): string =>
  target.startsWith('node:') ? 'node:' : target.split('/', target.startsWith('@') ? 2 : 1).join('/')

/** Every import that does not follow the direction `session ← store, storage, sync, tabs ← cart ← index`. */
export function violations(graph: ImportGraph): string[] {
  return Object.entries(graph).flatMap(([file, targets]) => {
    const from = placeOf(file)
    const place = PLACES[from]
    if (!place) return [`${file}: no rule for this place, add one to test/support/import-rules.ts`]
    const isAllowed = (target: string): boolean =>
      isSource(target)
        ? [from, 'errors', ...place.places].includes(placeOf(target))
        : place.packages.includes(packageOf(target))
    return targets.filter(target => !isAllowed(target)).map(target => `${file} may not import ${target}`)
  })
}
