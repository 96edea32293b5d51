// The brushes: colours, shaded bodies, glass, shadows. Everything is drawn on a field of 400 by 400,
// lit from the upper left, with the eye a little above the table.

const rgb = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16))

export const mix = (from, to, share) =>
  '#' +
  rgb(from)
    .map((part, at) => Math.round(part + (rgb(to)[at] - part) * share))
    .map(part => part.toString(16).padStart(2, '0'))
    .join('')

export const lighter = (colour, share) => mix(colour, '#fffdf6', share)
export const darker = (colour, share) => mix(colour, '#131a33', share)

export const point = (...numbers) => numbers.map(number => +number.toFixed(1)).join(' ')

/** `86,128! 87,200` as points `[86, 128, true], [87, 200]`. */
const readProfile = text =>
  text.split(' ').map(entry => [...entry.replace('!', '').split(',').map(Number), entry.endsWith('!')])

/** A smooth line through points (Catmull-Rom as cubic curves); a point `[x, y, true]` is a corner. */
function smooth(points) {
  let line = ''
  for (let at = 0; at < points.length - 1; at += 1) {
    const [from, to] = [points[at], points[at + 1]]
    const before = from[2] || at === 0 ? from : points[at - 1]
    const after = to[2] || at + 2 >= points.length ? to : points[at + 2]
    const out = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6]
    const into = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6]
    line += `C${point(...out)} ${point(...into)} ${point(to[0], to[1])}`
  }
  return line
}

export function createCanvas(prefix = 'g') {
  const defs = []
  const shapes = []

  const define = make => {
    const id = prefix + defs.length
    defs.push(make(id))
    return `url(#${id})`
  }

  const stops = list =>
    list
      .map(
        ([offset, colour, opacity]) =>
          `<stop offset="${offset}" stop-color="${colour}"${opacity === undefined ? '' : ` stop-opacity="${opacity}"`}/>`,
      )
      .join('')

  const attributes = more =>
    Object.entries(more)
      .map(([name, value]) => ` ${name}="${value}"`)
      .join('')

  const canvas = {
    add: markup => void shapes.push(markup),

    linear: (list, [x1, y1, x2, y2] = [0, 0, 1, 0]) =>
      define(
        id => `<linearGradient id="${id}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}">${stops(list)}</linearGradient>`,
      ),

    fade: (from, to, direction) =>
      canvas.linear(
        [
          [0, from],
          [1, to],
        ],
        direction,
      ),

    radial: (list, more = {}) =>
      define(id => `<radialGradient id="${id}"${attributes(more)}>${stops(list)}</radialGradient>`),

    clip: d => define(id => `<clipPath id="${id}"><path d="${d}"/></clipPath>`),

    path: (d, fill, more = {}) => canvas.add(`<path d="${d}" fill="${fill}"${attributes(more)}/>`),

    line: (d, stroke, width, more = {}) =>
      canvas.add(
        `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round"${attributes(more)}/>`,
      ),

    ellipse: (cx, cy, rx, ry, fill, more = {}) =>
      canvas.add(
        `<ellipse cx="${cx}" cy="${cy}" rx="${+rx.toFixed(1)}" ry="${+ry.toFixed(1)}" fill="${fill}"${attributes(more)}/>`,
      ),

    group: (more, draw) => {
      canvas.add(`<g${attributes(more)}>`)
      draw()
      canvas.add('</g>')
    },

    /** The light on something round and standing: a soft edge left, the lit side, the shaded side. */
    roundLight: (colour, depth = 0.42) =>
      canvas.linear([
        [0, darker(colour, 0.1)],
        [0.24, lighter(colour, 0.3)],
        [0.55, colour],
        [1, darker(colour, depth)],
      ]),

    glassLight: colour =>
      canvas.linear([
        [0, darker(colour, 0.25), 0.75],
        [0.12, lighter(colour, 0.5), 0.4],
        [0.5, colour, 0.28],
        [0.88, colour, 0.45],
        [1, darker(colour, 0.35), 0.8],
      ]),

    shadow: (cx, cy, rx, ry = rx * 0.2) => {
      const fill = canvas.radial([
        [0, '#131a33', 0.5],
        [0.55, '#131a33', 0.26],
        [1, '#131a33', 0],
      ])
      canvas.ellipse(cx, cy, rx, ry, fill)
    },

    /** Half an ellipse as a line: `front` is the half nearer to the eye. */
    rim: (cx, cy, rx, ry, stroke, width, half = 'both') => {
      if (half === 'both') return canvas.ellipse(cx, cy, rx, ry, 'none', { stroke, 'stroke-width': width })
      const sweep = half === 'front' ? 0 : 1
      canvas.line(`M${point(cx - rx, cy)}A${point(rx, ry)} 0 0 ${sweep} ${point(cx + rx, cy)}`, stroke, width)
    },

    /** The outline of something turned on a wheel or a lathe; `profile` lists radius and y from the top down, `!` is a corner. */
    turnedOutline: (cx, profile, topRatio = 0.2, footRatio = 0.2) => {
      const points = readProfile(profile)
      const left = points.map(([radius, y, corner]) => [cx - radius, y, corner])
      const right = points.map(([radius, y, corner]) => [cx + radius, y, corner]).reverse()
      const [top, foot] = [points[0], points[points.length - 1]]
      return (
        `M${point(left[0][0], left[0][1])}${smooth(left)}` +
        `A${point(foot[0], foot[0] * footRatio)} 0 0 0 ${point(right[0][0], right[0][1])}${smooth(right)}` +
        `A${point(top[0], top[0] * topRatio)} 0 0 1 ${point(left[0][0], left[0][1])}Z`
      )
    },

    turned: (cx, profile, fill, { topRatio = 0.2, footRatio = 0.2, ...more } = {}) =>
      canvas.path(canvas.turnedOutline(cx, profile, topRatio, footRatio), fill, more),

    /** The mouth of a vessel: its lip and the dark inside. */
    mouth: (cx, cy, rx, { ratio = 0.2, lip = 5, lipColour, inside }) => {
      canvas.ellipse(cx, cy, rx, rx * ratio, lipColour)
      const fill = canvas.linear([
        [0, darker(inside, 0.5)],
        [1, darker(inside, 0.12)],
      ])
      canvas.ellipse(cx, cy + 1, rx - lip, rx * ratio - lip * 0.55, fill)
    },

    gleam: (d, opacity = 0.5, width = 7) => canvas.line(d, '#fffdf6', width, { opacity }),

    svg: (viewBox = '0 0 400 400') =>
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}">` +
      `${defs.length > 0 ? `<defs>${defs.join('')}</defs>` : ''}${shapes.join('')}</svg>\n`,
  }

  return canvas
}

/** The seamless paper behind every picture: a pool of light, a darker lower edge. */
export function backdrop(canvas, colour, width = 400, height = 400) {
  const fill = canvas.radial(
    [
      [0, lighter(colour, 0.42)],
      [0.6, colour],
      [1, darker(colour, 0.13)],
    ],
    { cx: 0.36, cy: 0.3, r: 0.95 },
  )
  canvas.add(`<path d="M0 0H${width}V${height}H0Z" fill="${fill}"/>`)
}
