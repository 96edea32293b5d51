// Charts as SVG, with their numbers beside the bars: they are read without a legend.
import { FLOORS, OURS } from './words.mjs'

const WIDTH = 760
const FONT = 'font-family="system-ui, sans-serif" font-size="12"'
const COLOURS = [
  '#0f6fde',
  '#8a8f98',
  '#c2410c',
  '#15803d',
  '#7e22ce',
  '#b45309',
  '#0e7490',
  '#be185d',
  '#4d7c0f',
  '#475569',
]
const OUR_COLOUR = COLOURS[0]

const escape = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const at = value => value.toFixed(1)

const text = (x, y, content, extra = '') => `<text x="${at(x)}" y="${at(y)}" ${extra}>${escape(content)}</text>`

function frame(title, height, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}" ${FONT} fill="#1f2328">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${text(12, 22, title, 'font-size="15" font-weight="600"')}
${body.join('\n')}
</svg>
`
}

function colourOf(name) {
  if (name === OURS) return OUR_COLOUR
  return FLOORS.includes(name) ? '#c9ced6' : '#8a8f98'
}

/**
 * Bars on a logarithmic scale, shortest first; ours stands out.
 *
 * @param bars `{ name, value, label }` each
 */
export function barChart(title, bars) {
  const left = 300
  const room = WIDTH - left - 110
  const sorted = bars.toSorted((one, other) => one.value - other.value)
  const low = Math.log(sorted[0].value) - 0.7
  const high = Math.log(sorted.at(-1).value)
  const body = sorted.flatMap(({ name, value, label }, index) => {
    const y = 40 + index * 22
    const width = (room * (Math.log(value) - low)) / (high - low)
    const weight = name.startsWith(OURS) ? 'font-weight="600"' : ''
    return [
      text(left - 8, y + 12, name, `text-anchor="end" ${weight}`),
      `<rect x="${left}" y="${y}" width="${at(width)}" height="16" fill="${name.startsWith(OURS) ? OUR_COLOUR : colourOf(name)}"/>`,
      text(left + width + 6, y + 12, label, weight),
    ]
  })
  return frame(`${title}; logarithmic scale`, 52 + sorted.length * 22, body)
}

const powersOf10 = (low, high) => {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  return Array.from({ length: Math.floor(Math.log10(high) + 1e-9) - first + 1 }, (_, index) => 10 ** (first + index))
}

/** Labels that would lie on one another, moved apart downwards. */
function apart(labels) {
  let last = -Infinity
  return labels
    .toSorted((one, other) => one.y - other.y)
    .map(label => {
      last = Math.max(label.y, last + 14)
      return { ...label, y: last }
    })
}

/**
 * Curves on two logarithmic scales, each named at its end.
 *
 * @param series `{ name, points: [[x, y], …] }` each
 */
export function lineChart(title, xName, series, formatY) {
  const height = 420
  const [left, right, top, bottom] = [70, WIDTH - 230, 44, height - 46]
  const xs = series.flatMap(({ points }) => points.map(([x]) => x))
  const ys = series.flatMap(({ points }) => points.map(([, y]) => y))
  const scale = (values, from, to) => {
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return value => from + ((to - from) * Math.log(value / low)) / Math.log(high / low)
  }
  const toX = scale(xs, left, right)
  const toY = scale(ys, bottom, top)
  const grid = [
    ...powersOf10(Math.min(...ys), Math.max(...ys)).flatMap(value => [
      `<line x1="${left}" x2="${right}" y1="${at(toY(value))}" y2="${at(toY(value))}" stroke="#e5e7eb"/>`,
      text(left - 8, toY(value) + 4, formatY(value), 'text-anchor="end"'),
    ]),
    ...powersOf10(Math.min(...xs), Math.max(...xs)).map(value =>
      text(toX(value), bottom + 18, value.toLocaleString('en'), 'text-anchor="middle"'),
    ),
    text((left + right) / 2, bottom + 38, xName, 'text-anchor="middle"'),
  ]
  const colour = index => (series[index].name === OURS ? OUR_COLOUR : COLOURS[1 + (index % (COLOURS.length - 1))])
  const curves = series.map(({ name, points }, index) => {
    const path = points.map(([x, y]) => `${at(toX(x))},${at(toY(y))}`).join(' ')
    return `<polyline points="${path}" fill="none" stroke="${colour(index)}" stroke-width="${name === OURS ? 3.5 : 1.5}"/>`
  })
  const labels = apart(series.map(({ name, points }, index) => ({ name, index, y: toY(points.at(-1)[1]) + 4 })))
  const names = labels.map(({ name, index, y }) =>
    text(right + 8, y, name, `fill="${colour(index)}" ${name === OURS ? 'font-weight="600"' : ''}`),
  )
  return frame(title, height, [...grid, ...curves, ...names])
}
