/** An exact decimal number: `units` × 10^−`scale`, with `scale` ≥ 0. */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

/** Nought. */
export const ZERO: Decimal = { units: 0n, scale: 0 }

/**
 * Takes a double at its shortest decimal text, which is what a person wrote and what JSON carries: 19.99 is 19.99 here,
 * not the binary fraction nearest to it.
 *
 * @param value A finite number.
 */
export function decimal(value: number): Decimal {
  // Nearly every price. Up to 15 digits no two decimals have the same nearest double, so this is the shortest text, too.
  const hundredths = Math.round(value * 100)
  if (hundredths / 100 === value && Math.abs(hundredths) < 1e15) return { units: BigInt(hundredths), scale: 2 }
  const [mantissa, exponent] = String(value).split('e') as [string, string?]
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?]
  const units = BigInt(whole + fraction)
  const scale = fraction.length - Number(exponent ?? 0)
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale }
}

function unitsAt(value: Decimal, scale: number): bigint {
  return value.scale === scale ? value.units : value.units * 10n ** BigInt(scale - value.scale)
}

/** `a` + `b` × `times`, exactly; `times` is a whole number, negative to subtract. */
export function add(a: Decimal, b: Decimal, times = 1): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { units: unitsAt(a, scale) + unitsAt(b, scale) * BigInt(times), scale }
}

/**
 * The double nearest to the decimal. The decimal text goes through `Number`, which rounds once and correctly; dividing by
 * a power of ten would round twice.
 */
export function toNumber(value: Decimal): number {
  if (!value.units) return 0
  // A sum just below nought may round to −0, which is no amount.
  return Number(`${value.units}e-${value.scale}`) + 0
}
