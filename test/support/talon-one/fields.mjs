// What a request may hold. The titles and details of enums, unknown attributes and wrong attribute types are documented
// (https://docs.talon.one/docs/dev/getting-started/errors); the others follow their pattern.
import { invalid } from './responses.mjs'

/** @typedef {(value: unknown, pointer: string, flaws: import('./responses.mjs').Flaw[]) => void} Shape */

const STATES = ['open', 'closed', 'cancelled']
// What the server computes. Nothing is documented of a client that sends it: it is refused.
const READ_ONLY = [
  'returnedQuantity',
  'remainingQuantity',
  'position',
  'catalogItemID',
  'selectedPriceType',
  'adjustmentReferenceId',
  'adjustmentEffectiveFrom',
  'adjustmentEffectiveUntil',
  'prices',
]
const NAME = /^[A-Za-z]\w*$/
const CARD = /^[A-Za-z0-9._%+@-]+$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value)
const lengthOf = (/** @type {string} */ text) => Array.from(text).length
const nameOf = (/** @type {string} */ pointer) => pointer.split('/').at(-1)

export const isTime = (/** @type {unknown} */ value) =>
  typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))

/** @param {(value: any) => boolean} isFine @param {string} title @param {string} rule @returns {Shape} */
const rule = (isFine, title, rule) => (value, pointer, flaws) => {
  if (!isFine(value)) flaws.push({ title, details: `${nameOf(pointer)} ${rule}`, source: { pointer } })
}

/** @param {string} type @param {(value: any) => boolean} isType @param {Shape[]} rules @returns {Shape} */
const typed =
  (type, isType, ...rules) =>
  (value, pointer, flaws) => {
    if (isType(value)) for (const one of rules) one(value, pointer, flaws)
    else flaws.push({ title: 'type', details: `${nameOf(pointer)} must be ${type}`, source: { pointer } })
  }

const number = typed('a number', value => typeof value === 'number')
const string = (least = 0, most = Infinity, /** @type {RegExp} */ pattern = /(?:)/) =>
  typed(
    'a string',
    value => typeof value === 'string',
    rule(text => lengthOf(text) >= least, 'minLength', `must have at least ${least} characters`),
    rule(text => lengthOf(text) <= most, 'maxLength', `must have at most ${most} characters`),
    rule(text => pattern.test(text), 'pattern', `must match ${pattern.source}`),
  )
const integer = (least = -Infinity) =>
  typed(
    'an integer',
    Number.isSafeInteger,
    rule(value => value >= least, 'minimum', `must be at least ${least}`),
  )

/** @param {Shape} shape @returns {Shape} */
const list = (shape, most = Infinity) =>
  typed(
    'an array',
    Array.isArray,
    rule(values => values.length <= most, 'maxItems', `must have at most ${most} items`),
    (values, pointer, flaws) => {
      for (const [index, value] of /** @type {unknown[]} */ (values).entries())
        shape(value, `${pointer}/${index}`, flaws)
    },
  )

/**
 * @param {Record<string, Shape>} fields
 * @param {{ required?: string[], unknown?: 'refused' | 'passed over' }} [options]
 * @returns {Shape}
 */
const object = (fields, { required = [], unknown = 'refused' } = {}) =>
  typed('an object', isObject, (value, pointer, flaws) => {
    const given = /** @type {Record<string, unknown>} */ (value)
    for (const name of required) {
      if (!Object.hasOwn(given, name))
        flaws.push({ title: 'required', details: `${name} is required`, source: { pointer: `${pointer}/${name}` } })
    }
    for (const [name, one] of Object.entries(given)) {
      if (Object.hasOwn(fields, name)) fields[name](one, `${pointer}/${name}`, flaws)
      else if (unknown === 'refused')
        flaws.push({
          title: 'Unknown',
          details: `The field "${name}" is not known.`,
          source: { pointer: `${pointer}/${name}` },
        })
    }
  })

const isOf = {
  string: (/** @type {unknown} */ value) => typeof value === 'string',
  number: (/** @type {unknown} */ value) => typeof value === 'number',
  boolean: (/** @type {unknown} */ value) => typeof value === 'boolean',
  time: isTime,
  location: isObject,
}

/** @param {string} type @param {unknown} value */
function isValueOf(type, value) {
  const [, element] = /^\(list (\w+)\)$/.exec(type) ?? []
  if (element) return Array.isArray(value) && value.every(one => isValueOf(element, one))
  return isOf[/** @type {keyof typeof isOf} */ (type)](value)
}

/** @param {string} entity @param {Record<string, string>} types @returns {Shape} */
const attributes = (entity, types) =>
  typed('an object', isObject, (value, pointer, flaws) => {
    for (const [name, one] of Object.entries(/** @type {object} */ (value))) {
      const source = { pointer: `${pointer}/${name}` }
      if (!NAME.test(name) || !Object.hasOwn(types, name))
        flaws.push({
          title: 'Unknown',
          details: `The attribute "${name}" is not defined on ${entity} entities.`,
          source,
        })
      // A null says nothing about an attribute.
      else if (one !== null && !isValueOf(types[name], one)) {
        const details = `Value of "${name}" attribute (${JSON.stringify(one)}) is not a ${types[name]}`
        flaws.push({ title: 'Invalid type', details, source })
      }
    }
  })

/** @param {Record<string, string>} defined @param {'session' | 'item'} scope @returns {Shape} */
const additionalCosts = (defined, scope) =>
  typed('an object', isObject, (value, pointer, flaws) => {
    const cost = object({ price: number }, { required: ['price'] })
    for (const [name, one] of Object.entries(/** @type {object} */ (value))) {
      const at = `${pointer}/${name}`
      if (NAME.test(name) && Object.hasOwn(defined, name) && ['both', scope].includes(defined[name]))
        cost(one, at, flaws)
      else {
        const details = `The additional cost "${name}" is not defined for the scope ${scope}.`
        flaws.push({ title: 'Unknown', details, source: { pointer: at } })
      }
    }
  })

/** @type {Shape} */
const readOnly = (_, pointer, flaws) =>
  flaws.push({ title: 'readOnly', details: `${nameOf(pointer)} cannot be set`, source: { pointer } })

/**
 * @param {Required<Pick<import('./types.ts').TalonOneOptions, 'attributes' | 'additionalCosts'>>} defined
 * @returns {Shape}
 */
const sessionShape = defined => {
  const item = object(
    {
      sku: string(1),
      quantity: integer(1),
      name: string(),
      price: number,
      category: string(),
      product: object({ name: string() }, { required: ['name'], unknown: 'passed over' }),
      ...Object.fromEntries(['weight', 'height', 'width', 'length'].map(name => [name, number])),
      attributes: attributes('CartItem', defined.attributes.CartItem ?? {}),
      additionalCosts: additionalCosts(defined.additionalCosts, 'item'),
      ...Object.fromEntries(READ_ONLY.map(name => [name, readOnly])),
    },
    // Official cartridges send fields of their own along.
    { required: ['sku', 'quantity'], unknown: 'passed over' },
  )
  const fewUnits = rule(
    items =>
      items.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + (one?.quantity || 0), 0) <= 10_000,
    'maximum',
    'must have at most 10000 units',
  )
  return object({
    profileId: string(),
    storeIntegrationId: string(1, 1000),
    evaluableCampaignIds: list(integer()),
    couponCodes: list(string(0, 100), 100),
    referralCode: string(0, 100),
    loyaltyCards: list(string(4, 108, CARD), 1),
    state: rule(
      state => STATES.includes(state),
      'enum',
      `must be one of the following: ${STATES.map(state => `"${state}"`).join(', ')}`,
    ),
    cartItems: (value, pointer, flaws) => {
      list(item, 1000)(value, pointer, flaws)
      if (Array.isArray(value)) fewUnits(value, pointer, flaws)
    },
    experimentVariantAllocations: list(
      object({ experimentID: integer(), variantID: integer() }, { required: ['experimentID', 'variantID'] }),
    ),
    additionalCosts: additionalCosts(defined.additionalCosts, 'session'),
    identifiers: list(string(), 5),
    attributes: attributes('CustomerSession', defined.attributes.CustomerSession ?? {}),
  })
}

const CONTENT_OF_RETURNS = [
  'customerSession',
  'customerProfile',
  'coupons',
  'triggeredCampaigns',
  'referral',
  'loyalty',
  'event',
  'previousReturns',
]

/**
 * Checks the bodies of requests; a flaw makes them throw.
 *
 * @param {Required<Pick<import('./types.ts').TalonOneOptions, 'attributes' | 'additionalCosts' | 'pointerPrefix'>>} options
 */
export function createChecks(options) {
  const session = sessionShape(options)
  // Names come with nearly every release: one that is not known brings nothing.
  const content = list(string())
  const returnContent = list(
    rule(name => CONTENT_OF_RETURNS.includes(name), 'enum', `must be one of: ${CONTENT_OF_RETURNS.join(', ')}`),
  )
  const returns = object(
    {
      returnedCartItems: list(object({ position: integer(0), quantity: integer(1), sku: string(1) })),
    },
    { required: ['returnedCartItems'] },
  )

  /** @param {Record<string, Shape>} fields @param {string} main @param {string} prefix */
  const check = (fields, main, prefix) => (/** @type {unknown} */ body) => {
    /** @type {import('./responses.mjs').Flaw[]} */
    const flaws = []
    object(fields, { required: [main], unknown: 'passed over' })(body, '', flaws)
    if (flaws.length === 0) return
    const start = `/${main}/`
    for (const { source } of flaws) {
      if ('pointer' in source && source.pointer.startsWith(start))
        source.pointer = `${prefix}/${source.pointer.slice(start.length)}`
    }
    throw invalid(flaws)
  }
  return {
    update: check({ customerSession: session, responseContent: content }, 'customerSession', options.pointerPrefix),
    returns: check({ return: returns, responseContent: returnContent }, 'return', '/return'),
  }
}
