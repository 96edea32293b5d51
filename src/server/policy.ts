import type { Mutation, MutationArgs, MutationName } from '../session/mutations.ts'
import type { CustomerSession } from '../session/session.ts'

/** Which mutations a browser may send. `start` and `burn` carry the protocol and are always taken. */
export type Policy = { readonly [Name in Exclude<MutationName, 'start' | 'burn'>]?: boolean }

const DEFAULT_POLICY: { readonly [Name in MutationName]: boolean } = {
  start: true,
  addItem: true,
  changeQuantity: true,
  setQuantity: true,
  updateItem: true,
  removeItem: true,
  clearItems: true,
  restoreItem: true,
  applyCoupon: true,
  removeCoupon: true,
  applyReferral: true,
  removeReferral: true,
  setAttributes: true,
  setIdentifiers: false,
  setProfile: true,
  closeSession: false,
  cancelSession: false,
  reopenSession: false,
  returnItems: false,
  adopt: true,
  burn: true,
}

/** Whether this release knows a mutation of that name. */
export function isMutationName(name: string): name is MutationName {
  return Object.hasOwn(DEFAULT_POLICY, name)
}

/** Who sends the mutations of a batch. */
export type Access =
  /** The backend's own code. */
  | { readonly trusted: true }
  /** A browser; `profileId` is what `authorize` said of it. */
  | {
      readonly trusted: false
      readonly profileId?: string | undefined
      /** Ids of the other sessions whose lines it may take over. */
      readonly sources?: ReadonlySet<string> | undefined
    }

const GUEST = /^(guest-|$)/

function isOwnProfile(wanted: string, profileId: string | undefined): boolean {
  return profileId === undefined ? GUEST.test(wanted) : wanted === profileId || wanted === ''
}

function profileWanted({ name, args }: Mutation, { created }: CustomerSession): string | undefined {
  // On a session that has begun, `start` sets nothing, so it asks for nothing.
  if (name !== 'setProfile' && (name !== 'start' || created)) return
  return (args as MutationArgs['setProfile']).profileId
}

/** Why the server does not carry out a mutation it understands, or `undefined` when it does. */
export function forbids(
  mutation: Mutation & { readonly name: MutationName },
  session: CustomerSession,
  access: Access,
  policy: Policy,
): string | undefined {
  const { name } = mutation
  if (access.trusted || name === 'burn') return
  if (name !== 'start' && !(policy[name] ?? DEFAULT_POLICY[name]))
    return `${name} is for the shop to do, not for the browser.`
  const wanted = profileWanted(mutation, session)
  if (wanted !== undefined && !isOwnProfile(wanted, access.profileId)) {
    return 'That profile is not the one this request is authorized for.'
  }
  if (name === 'adopt' && !access.sources?.has((mutation.args as MutationArgs['adopt']).from.integrationId)) {
    return 'The other session is not open to whoever sent the request.'
  }
  return
}
