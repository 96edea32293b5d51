import {
  array,
  maxLength,
  minLength,
  number,
  optional,
  finite,
  pipe,
  record,
  safeInteger,
  safeParse,
  strictObject,
  string,
} from 'valibot'
import { SessionCartError } from '../errors.ts'

/** What is sent beyond what a cart knows. */
export interface Extension {
  /** Costs of the whole session, in major units, by the name they have in the Campaign Manager. */
  readonly additionalCosts?: { readonly [name: string]: { readonly price: number } } | undefined
  /** The loyalty card in use; at most one. */
  readonly loyaltyCards?: readonly string[] | undefined
  /** The store the session belongs to; 1 to 1000 characters. */
  readonly storeIntegrationId?: string | undefined
  /** Variants of experiments that the session takes part in. */
  readonly experimentVariantAllocations?:
    readonly { readonly experimentID: number; readonly variantID: number }[] | undefined
}

const id = pipe(number(), safeInteger())

// Source: https://docs.talon.one/integration-api#tag/Customer-sessions/operation/updateCustomerSessionV2
const extension = strictObject({
  additionalCosts: optional(record(string(), strictObject({ price: pipe(number(), finite()) }))),
  loyaltyCards: optional(pipe(array(string()), maxLength(1))),
  storeIntegrationId: optional(pipe(string(), minLength(1), maxLength(1000))),
  experimentVariantAllocations: optional(array(strictObject({ experimentID: id, variantID: id }))),
})

/**
 * What `extend` gave, checked. Costs and cards that are not there are sent as none: left out, the ones before would stay.
 *
 * @throws SessionCartError with code `invalid-option`.
 */
export function checkExtension(given: unknown): Extension {
  const result = safeParse(extension, given)
  if (!result.success) {
    throw new SessionCartError('invalid-option', `extend returned what cannot be sent: ${result.issues[0].message}`)
  }
  return { additionalCosts: {}, loyaltyCards: [], ...result.output }
}
