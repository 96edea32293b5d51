import type { Check } from '../check.ts'
import { answers } from './answers.ts'
import { crowds } from './crowd.ts'
import { effects } from './effects.ts'
import { epochs } from './epochs.ts'
import { hostile } from './hostile.ts'
import { limits } from './limits.ts'
import { lines } from './lines.ts'
import { numbers } from './numbers.ts'
import { problems } from './problems.ts'
import { states } from './states.ts'
import { sums } from './sums.ts'

/** Every check, in the order they are made. */
export const CHECKS: readonly Check[] = [
  ...answers,
  ...lines,
  ...numbers,
  ...crowds,
  ...epochs,
  ...effects,
  ...sums,
  ...limits,
  ...states,
  ...problems,
  ...hostile,
]
