// What stands on the table. Each function draws one thing onto the canvas in the given colours.
import { BEECH, CLAY } from './colours.mjs'
import { darker, lighter } from './paint.mjs'

const glazed = (canvas, { colour, trim }) =>
  colour === '#f1ede2' || colour === '#eec863' ? trim : lighter(colour, 0.35)

export function mug(canvas, colours) {
  const { colour } = colours
  canvas.shadow(216, 320, 150)
  const handle = canvas.fade(darker(colour, 0.3), darker(colour, 0.12))
  canvas.line('M266 168C352 158 350 272 262 268', handle, 22)
  canvas.line('M274 164C338 160 338 222 318 244', lighter(colour, 0.45), 5, { opacity: 0.6 })
  const outline = '86,128! 87,200 80,270 66,316!'
  canvas.turned(190, outline, canvas.roundLight(CLAY))
  canvas.turned(190, '86,128! 87,200 79,276!', canvas.roundLight(colour), { footRatio: 0.26 })
  canvas.mouth(190, 128, 86, { lip: 6, lipColour: glazed(canvas, colours), inside: lighter(colour, 0.2) })
  canvas.gleam('M128 164C126 196 128 226 133 252')
}

export function plate(canvas, colours) {
  const { colour } = colours
  canvas.ellipse(
    212,
    218,
    152,
    152,
    canvas.radial([
      [0.8, '#131a33', 0.42],
      [1, '#131a33', 0],
    ]),
  )
  const face = canvas.fade(lighter(colour, 0.4), darker(colour, 0.16), [0, 0, 1, 1])
  const well = canvas.fade(darker(colour, 0.1), lighter(colour, 0.4), [0, 0, 1, 1])
  canvas.ellipse(200, 200, 144, 144, face)
  canvas.rim(200, 200, 140, 140, glazed(canvas, colours), 7)
  canvas.ellipse(200, 200, 100, 100, well)
  canvas.ellipse(200, 200, 93, 93, face)
  canvas.gleam('M82 168C94 122 126 92 164 80', 0.6)
}

export function bowl(canvas, colours) {
  const { colour } = colours
  canvas.shadow(216, 318, 156)
  const outline = '134,180! 127,226 96,282 60,306! 56,318!'
  canvas.turned(200, outline, canvas.roundLight(CLAY), { topRatio: 0.27 })
  canvas.turned(200, '134,180! 127,226 99,279!', canvas.roundLight(colour), { topRatio: 0.27, footRatio: 0.3 })
  canvas.mouth(200, 180, 134, {
    ratio: 0.27,
    lip: 7,
    lipColour: glazed(canvas, colours),
    inside: lighter(colour, 0.15),
  })
  canvas.gleam('M88 216C92 238 102 254 114 266')
}

export function tumbler(canvas, { colour, trim }) {
  canvas.shadow(212, 318, 108)
  const outline = '70,116! 67,200 58,314!'
  canvas.ellipse(200, 116, 70, 14, colour, { opacity: 0.35 })
  canvas.turned(200, outline, canvas.glassLight(colour))
  canvas.turned(200, '66,206! 58,296!', lighter(colour, 0.3), { opacity: 0.35 })
  canvas.ellipse(200, 206, 66, 13, lighter(colour, 0.6), { opacity: 0.55 })
  canvas.turned(200, '59,292! 58,314!', darker(colour, 0.2), { opacity: 0.45 })
  for (const x of [-40, -14, 14, 40]) canvas.line(`M${200 + x * 1.05} 232L${200 + x} 312`, trim, 2, { opacity: 0.45 })
  canvas.rim(200, 116, 70, 14, trim, 3)
  canvas.gleam('M146 140L154 282', 0.75)
  canvas.gleam('M254 142L250 200', 0.35, 4)
}

export function eggCup(canvas, colours) {
  const { colour } = colours
  canvas.shadow(212, 318, 96)
  canvas.rim(200, 196, 62, 13, glazed(canvas, colours), 5, 'back')
  canvas.path('M148 200C148 130 174 84 200 84S252 130 252 200Z', canvas.roundLight('#e6c3a0', 0.26))
  canvas.gleam('M174 128C166 144 162 158 161 174', 0.55, 9)
  const outline = '62,196! 58,232 26,262 20,276 34,302 56,314!'
  canvas.turned(200, outline, canvas.roundLight(colour), { topRatio: -0.21 })
  canvas.rim(200, 196, 62, 13, glazed(canvas, colours), 5, 'front')
  canvas.gleam('M152 216C156 232 164 243 174 250')
}

export function jug(canvas, colours) {
  const { colour } = colours
  canvas.shadow(212, 320, 138)
  const handle = canvas.fade(darker(colour, 0.28), darker(colour, 0.1))
  canvas.line('M246 116C334 96 332 226 272 244', handle, 18)
  canvas.line('M258 108C312 104 318 168 302 204', lighter(colour, 0.4), 4, { opacity: 0.6 })
  const outline = '62,108! 52,146 66,198 92,252 86,300 68,318!'
  canvas.turned(194, outline, canvas.roundLight(colour))
  canvas.path('M138 120C118 108 104 96 96 84C120 82 146 86 170 98Z', canvas.fade(lighter(colour, 0.35), colour))
  canvas.path('M96 84C140 78 256 86 256 108C256 124 226 126 194 122C156 118 112 106 96 84Z', glazed(canvas, colours))
  canvas.path('M112 90C150 86 248 92 249 107C248 118 222 119 194 116C160 112 128 104 112 90Z', darker(colour, 0.4))
  canvas.gleam('M150 158C136 196 118 226 116 258')
}

export function butterDish(canvas, colours) {
  const { colour } = colours
  canvas.shadow(212, 312, 166)
  const tray = canvas.linear([
    [0, lighter(colour, 0.25)],
    [0.5, colour],
    [1, darker(colour, 0.4)],
  ])
  canvas.path('M52 286H348C350 306 330 318 304 318H96C70 318 50 306 52 286Z', tray)
  canvas.path('M46 280H354Q358 290 346 290H54Q42 290 46 280Z', glazed(canvas, colours))
  const lid = canvas.linear([
    [0, lighter(colour, 0.2)],
    [0.22, lighter(colour, 0.42)],
    [0.6, colour],
    [1, darker(colour, 0.38)],
  ])
  canvas.path('M86 282C88 240 94 208 106 194Q114 184 134 184H266Q286 184 294 194C306 208 312 240 314 282Z', lid)
  canvas.path('M92 274H308L310 282H90Z', glazed(canvas, colours), { opacity: 0.9 })
  canvas.turned(200, '14,168 11,178 18,190', canvas.roundLight(colour))
  canvas.ellipse(200, 158, 24, 17, canvas.roundLight(glazed(canvas, colours)))
  canvas.gleam('M112 254C113 234 116 218 122 208')
}

export function candles(canvas, { colour }) {
  canvas.shadow(170, 336, 56, 12)
  canvas.shadow(258, 336, 56, 12)
  canvas.line('M200 62C178 62 160 76 158 104M200 62C222 62 244 76 246 104', '#efe6d2', 4)
  canvas.ellipse(200, 60, 13, 13, canvas.roundLight(BEECH))
  for (const cx of [158, 246]) {
    canvas.turned(cx, '9,102 15,118 20,200 23,334!', canvas.roundLight(colour), { footRatio: 0.3 })
    canvas.gleam(`M${cx - 8} 136L${cx - 11} 300`, 0.45, 5)
  }
}
