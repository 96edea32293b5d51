// What pours.
import { BEECH } from './colours.mjs'
import { darker, lighter } from './paint.mjs'

const CORK = '#c79a63'

export function teapot(canvas, { colour, trim }) {
  const edge = colour === '#f1ede2' ? trim : darker(colour, 0.35)
  canvas.shadow(212, 316, 156)
  const handle = canvas.fade(darker(colour, 0.3), darker(colour, 0.12))
  canvas.line('M284 176C372 150 376 268 286 272', handle, 17)
  canvas.line('M296 168C350 160 354 214 334 240', lighter(colour, 0.4), 4, { opacity: 0.55 })
  const spout = canvas.fade(lighter(colour, 0.3), darker(colour, 0.2), [0, 0, 1, 1])
  canvas.path('M112 268C74 256 70 196 34 168L58 158C92 172 104 196 120 206Z', spout)
  canvas.ellipse(46, 163, 13, 5, edge, { transform: 'rotate(-22 46 163)' })
  canvas.turned(196, '56,150! 92,176 112,226 96,284 66,314!', canvas.roundLight(colour))
  canvas.path(
    'M136 152C146 124 170 116 196 116S246 124 256 152A60 12 0 0 1 136 152Z',
    canvas.roundLight(lighter(colour, 0.05)),
  )
  canvas.line('M136 153A60 12 0 0 0 256 153', edge, 4)
  canvas.ellipse(196, 104, 17, 15, canvas.roundLight(BEECH))
  canvas.gleam('M112 196C98 218 98 246 108 266', 0.5, 8)
}

export function dripper(canvas, colours) {
  const { colour } = colours
  const edge = colour === '#f1ede2' ? colours.trim : lighter(colour, 0.35)
  canvas.shadow(212, 318, 126)
  const handle = canvas.fade(darker(colour, 0.3), darker(colour, 0.12))
  canvas.line('M272 156C346 148 336 236 258 236', handle, 17)
  canvas.line('M282 152C330 150 330 194 312 214', lighter(colour, 0.4), 4, { opacity: 0.55 })
  canvas.turned(192, '44,284! 44,312!', canvas.roundLight(darker(colour, 0.1)))
  canvas.turned(192, '92,268! 90,282!', canvas.roundLight(colour))
  canvas.ellipse(192, 268, 92, 18, canvas.roundLight(lighter(colour, 0.12)))
  canvas.ellipse(192, 271, 58, 10, darker(colour, 0.4), { opacity: 0.35 })
  canvas.turned(192, '104,138! 94,170 46,264!', canvas.roundLight(colour))
  canvas.mouth(192, 138, 104, { ratio: 0.24, lip: 7, lipColour: edge, inside: lighter(colour, 0.12) })
  for (const x of [-62, -34, 0, 34, 62]) {
    canvas.line(
      `M${192 + x} ${124 + Math.abs(x) * 0.1}L${192 + x * 0.62} ${150 - Math.abs(x) * 0.08}`,
      darker(colour, 0.45),
      3,
      { opacity: 0.6 },
    )
  }
  canvas.gleam('M106 170C112 194 124 218 136 240')
}

export function kettle(canvas, colours) {
  const { colour } = colours
  const edge = colour === '#2f52bd' ? '#f4f0e6' : colours.trim
  canvas.shadow(210, 318, 166)
  canvas.line('M104 196C100 60 300 60 296 196', '#3c4354', 9)
  canvas.line('M148 104C172 86 228 86 252 104', canvas.fade(lighter(BEECH, 0.2), darker(BEECH, 0.3), [0, 0, 0, 1]), 20)
  const spout = canvas.fade(lighter(colour, 0.3), darker(colour, 0.25), [0, 0, 1, 1])
  canvas.path('M104 264C70 244 66 214 34 192L62 172C86 182 100 200 118 208Z', spout)
  canvas.ellipse(48, 182, 18, 7, edge, { transform: 'rotate(-36 48 182)' })
  canvas.turned(200, '60,172! 104,206 126,262 118,304 112,314!', canvas.roundLight(colour), { footRatio: 0.14 })
  canvas.path(
    'M138 174C146 156 170 148 200 148S254 156 262 174A62 12 0 0 1 138 174Z',
    canvas.roundLight(lighter(colour, 0.05)),
  )
  canvas.line('M138 175A62 12 0 0 0 262 175', edge, 4)
  canvas.line('M88 308A112 15 0 0 0 312 308', edge, 5)
  canvas.ellipse(200, 140, 14, 11, canvas.roundLight('#3c4354'))
  canvas.gleam('M112 226C98 248 94 268 98 286', 0.5, 8)
}

export function carafe(canvas, { colour, trim }) {
  canvas.shadow(212, 324, 126)
  const outline = '36,110! 34,158 60,206 92,268 86,306 72,320!'
  canvas.turned(200, outline, canvas.glassLight(colour))
  canvas.turned(200, '66,216! 90,268 84,304 72,316!', lighter(colour, 0.25), { opacity: 0.4 })
  canvas.ellipse(200, 216, 66, 11, lighter(colour, 0.6), { opacity: 0.6 })
  canvas.ellipse(200, 88, 32, 31, canvas.roundLight(CORK))
  canvas.add(
    '<g fill="#8a6236" opacity=".5"><circle cx="190" cy="80" r="2"/><circle cx="206" cy="92" r="2.4"/><circle cx="196" cy="100" r="1.6"/><circle cx="214" cy="80" r="1.6"/></g>',
  )
  canvas.rim(200, 110, 36, 7, trim, 3, 'front')
  canvas.gleam('M174 132C172 170 150 206 132 250', 0.75)
  canvas.gleam('M270 236C280 256 280 274 276 290', 0.35, 4)
}

export function cruet(canvas, { colour, trim }) {
  canvas.shadow(208, 326, 92)
  const outline = '17,128! 18,168 52,208 58,240 56,322!'
  canvas.line('M198 124C196 92 204 76 232 62', '#aab2bd', 9)
  canvas.line('M196 122C194 92 202 76 228 63', '#fffdf6', 2.5, { opacity: 0.7 })
  canvas.turned(200, outline, canvas.glassLight(colour))
  canvas.turned(
    200,
    '53,232! 53,316!',
    canvas.linear([
      [0, '#a98a1d', 0.9],
      [0.3, '#e4c545', 0.85],
      [1, '#8d7012', 0.9],
    ]),
  )
  canvas.ellipse(200, 232, 53, 10, '#efd565', { opacity: 0.9 })
  canvas.turned(200, '20,116! 17,140!', canvas.roundLight(CORK))
  canvas.rim(200, 140, 18, 4, trim, 3, 'front')
  canvas.gleam('M158 228L158 300', 0.7)
}
