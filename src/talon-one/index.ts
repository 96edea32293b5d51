export { isTalonOneError, TalonOneError } from './error.ts'
export { talonOne } from './talon-one.ts'

export type { TalonOneErrorCode, TalonOneErrorDetail, TalonOneErrorOptions } from './error.ts'
export type { Extension } from './extension.ts'
export type { TalonOneOptions } from './options.ts'
export type { TalonOneUpstream } from './talon-one.ts'
