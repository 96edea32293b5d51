// How the report writes numbers. Ratios come first: a time says something of one machine only.

/** What stands below everything: no cart, no contender, but what the work costs at least. */
export const FLOORS = ['a bare Map', 'raw IndexedDB']
export const OURS = 'session-cart'

const digits = value => {
  if (value >= 100) return Math.round(value).toString()
  if (value >= 10) return value.toFixed(1)
  return value >= 1 ? value.toFixed(2) : value.toPrecision(2)
}

/** Milliseconds with the unit that suits them. */
export function time(ms) {
  if (ms === 0) return '0'
  if (ms >= 1000) return `${digits(ms / 1000)} s`
  return ms >= 1 ? `${digits(ms)} ms` : `${digits(ms * 1000)} µs`
}

/** A median with its quartiles. */
export const spread = ({ q1, median, q3 }) => `${time(median)} (${time(q1)} – ${time(q3)})`

/** How many times something is another thing. */
export const times = ratio => `${digits(ratio)} ×`

/** Bytes in kB, as browsers and size-limit count them. */
export const kilobytes = bytes => (bytes / 1000).toFixed(1)

const isNumber = cell => /^(\*\*)?-?\d|^[≤≥>–]|^$/.test(String(cell))

/** A table in Markdown; columns of numbers stand to the right. */
export function table(headers, rows) {
  const line = cells => `| ${cells.join(' | ')} |`
  const sides = headers.map((_, index) => (rows.every(cells => isNumber(cells[index])) ? '--:' : '---'))
  return [line(headers), line(sides), ...rows.map(line)].join('\n')
}

/** A ratio to ours, bold where a peer is ahead; a floor is no peer. */
function ratioOf(name, value, ours, text = times(value / ours)) {
  return value < ours && !FLOORS.includes(name) ? `**${text}**` : text
}

/** How many times ours a peer's figure is. */
export const ratio = (name, value, ours) => (name === OURS ? '1' : ratioOf(name, value, ours))

/** The cell of a contender: our median, or how many times it another one takes, with its median. */
export function against(name, contenders) {
  const taken = contenders[name]?.median
  if (taken === undefined) return '–'
  const ours = contenders[OURS].median
  return name === OURS ? time(ours) : ratioOf(name, taken, ours, `${times(taken / ours)}, ${time(taken)}`)
}

/** The sentence that says who is ahead of us. */
export function winners(name, contenders) {
  const ours = contenders[OURS]
  const ahead = Object.entries(contenders)
    .filter(([peer, { median }]) => !FLOORS.includes(peer) && median < ours.median)
    .map(([peer, { median }]) => `${peer} (${times(median / ours.median)})`)
  return ahead.length > 0
    ? `${name}: ahead of us ${ahead.length > 1 ? 'are' : 'is'} ${ahead.join(', ')}.`
    : `${name}: nobody is ahead of us.`
}

/** The slope of a curve in logarithms: 0 is flat, 1 grows like the number itself. */
export function slope(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)])
  const mean = index => logs.reduce((sum, point) => sum + point[index], 0) / logs.length
  const [x, y] = [mean(0), mean(1)]
  const above = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return above / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}

/** A list of what was not measured, and why. */
export function reasons(entries) {
  const lines = Object.entries(entries).map(([name, reason]) => `- ${name}: ${reason.split('\n')[0]}`)
  return lines.length > 0 ? `Not measured:\n\n${lines.join('\n')}` : ''
}
