// Cloth, the pantry and the care of things.
import { BEECH, BRASS, CLAY } from './colours.mjs'
import { darker, lighter, point } from './paint.mjs'

const LINEN = '#efe8d8'

const folds = (canvas, colour) =>
  canvas.linear([
    [0, darker(colour, 0.16)],
    [0.16, lighter(colour, 0.25)],
    [0.34, darker(colour, 0.1)],
    [0.52, lighter(colour, 0.3)],
    [0.72, darker(colour, 0.14)],
    [0.86, lighter(colour, 0.15)],
    [1, darker(colour, 0.22)],
  ])

export function teaTowel(canvas, { colour }) {
  const outline =
    'M196 66C180 92 132 96 118 124L110 344C136 356 160 340 184 350S236 342 258 352S282 344 290 346L282 124C268 96 220 92 204 66Z'
  canvas.path(outline, '#131a33', { opacity: 0.2, transform: 'translate(14 12)' })
  canvas.path(outline, folds(canvas, LINEN))
  canvas.group({ 'clip-path': canvas.clip(outline), opacity: 0.9 }, () => {
    const cloth = folds(canvas, colour)
    for (const [y, height] of [
      [276, 22],
      [304, 6],
      [316, 3],
    ])
      canvas.path(`M100 ${y}H300V${y + height}H100Z`, cloth)
    canvas.path('M134 90H140V360H134ZM258 90H264V360H258Z', colour, { opacity: 0.55 })
  })
  canvas.line(
    'M168 112C160 180 164 260 158 334M232 112C240 190 234 260 242 336M200 90C198 160 204 230 200 300',
    '#131a33',
    3,
    { opacity: 0.1 },
  )
  canvas.line('M194 74C188 50 212 50 206 74', darker(colour, 0.1), 5)
  canvas.ellipse(200, 56, 11, 11, canvas.roundLight(BRASS))
}

export function apron(canvas, { colour, trim }) {
  canvas.group({ transform: 'translate(0 6)' }, () => {
    const outline = 'M142 92H258C258 138 276 170 310 182L318 352Q200 366 82 352L90 182C124 170 142 138 142 92Z'
    canvas.path(outline, '#131a33', { opacity: 0.2, transform: 'translate(12 10)' })
    canvas.line('M150 96C136 8 264 8 250 96', trim, 9)
    canvas.line('M90 186C62 196 52 222 58 262M310 186C338 196 348 222 342 262', trim, 8)
    canvas.path(outline, folds(canvas, colour))
    canvas.line('M148 102H252M92 344Q200 356 308 344', lighter(colour, 0.5), 2, {
      'stroke-dasharray': '6 5',
      opacity: 0.7,
    })
    canvas.path(
      'M128 218H272V286Q272 300 258 300H142Q128 300 128 286Z',
      canvas.fade(lighter(colour, 0.2), darker(colour, 0.14), [0, 0, 1, 1]),
    )
    canvas.line('M134 226H266M200 226V294', lighter(colour, 0.5), 2, { 'stroke-dasharray': '6 5', opacity: 0.7 })
    for (const [x, y] of [
      [150, 104],
      [250, 104],
      [134, 224],
      [266, 224],
    ])
      canvas.ellipse(x, y, 5, 5, BRASS)
  })
}

export function napkins(canvas, { colour, trim }) {
  const square = (angle, shift, shade) =>
    canvas.group({ transform: `translate(${shift} ${shift}) rotate(${angle} 200 200)` }, () => {
      canvas.path('M92 98H320V326H92Z', '#131a33', { opacity: 0.14 })
      canvas.path(
        'M86 86H314V314H86Z',
        canvas.linear(
          [
            [0, lighter(colour, 0.35 - shade)],
            [0.5, darker(colour, shade * 0.4)],
            [1, darker(colour, 0.08 + shade)],
          ],
          [0, 0, 1, 1],
        ),
      )
    })
  square(14, 6, 0.16)
  square(7, 3, 0.1)
  square(-8, 0, 0.06)
  canvas.group({ transform: 'rotate(-3 200 200)' }, () => {
    canvas.path('M92 98H320V326H92Z', '#131a33', { opacity: 0.16 })
    canvas.path(
      'M86 86H314V314H86Z',
      canvas.linear(
        [
          [0, lighter(colour, 0.4)],
          [0.5, colour],
          [1, darker(colour, 0.1)],
        ],
        [0, 0, 1, 1],
      ),
    )
    canvas.line('M98 98H302V302H98Z', trim, 2, { 'stroke-dasharray': '7 6', opacity: 0.6 })
    canvas.path('M86 314L314 86V314Z', '#131a33', { opacity: 0.07 })
    canvas.line('M86 314L314 86', darker(colour, 0.3), 2, { opacity: 0.5 })
  })
}

export function potHolder(canvas, { colour, trim }) {
  canvas.group({ transform: 'rotate(7 200 210)' }, () => {
    const outline = 'M112 104H288Q306 104 306 122V298Q306 316 288 316H112Q94 316 94 298V122Q94 104 112 104Z'
    canvas.line('M280 122C312 40 370 84 300 128', trim, 11)
    canvas.path(outline, '#131a33', { opacity: 0.22, transform: 'translate(11 12)' })
    canvas.path(outline, canvas.fade(lighter(colour, 0.35), darker(colour, 0.14), [0, 0, 1, 1]))
    canvas.group({ 'clip-path': canvas.clip(outline) }, () => {
      let down = ''
      let up = ''
      for (let at = -4; at <= 8; at += 1) {
        down += `M${94 + at * 36} 100l220 220`
        up += `M${94 + at * 36} 320l220 -220`
      }
      canvas.line(down + up, darker(colour, 0.3), 3, { opacity: 0.35 })
      canvas.line(down + up, lighter(colour, 0.7), 1.5, {
        'stroke-dasharray': '5 6',
        transform: 'translate(-2 -2)',
        opacity: 0.8,
      })
    })
    canvas.path(outline, 'none', { stroke: trim, 'stroke-width': 12 })
  })
}

export function jar(canvas) {
  const glass = '#cfe0dc'
  canvas.shadow(212, 326, 128)
  canvas.turned(200, '84,152 90,172 90,300 82,322!', canvas.glassLight(glass), { topRatio: 0.18 })
  const lentils = '84,214! 85,298 78,316!'
  canvas.turned(200, lentils, canvas.roundLight('#c96b3a', 0.3))
  canvas.ellipse(200, 214, 84, 15, '#d98350')
  let seeds = ''
  for (let at = 0; at < 46; at += 1) {
    const [x, y] = [128 + ((at * 53) % 146), 222 + ((at * 37) % 88)]
    seeds += `M${x} ${y}h.1`
  }
  canvas.line(seeds, '#8f3f1b', 7, { opacity: 0.35 })
  canvas.turned(200, '84,214! 90,300 82,322!', canvas.glassLight(glass), { opacity: 0.5 })
  canvas.turned(200, '78,128! 80,152!', canvas.roundLight('#b6c6c4'))
  canvas.turned(200, '86,100! 86,132!', canvas.roundLight(BEECH))
  canvas.ellipse(200, 100, 86, 17, canvas.fade(lighter(BEECH, 0.4), BEECH))
  canvas.rim(200, 100, 58, 11, '#a97b43', 1.5)
  canvas.rim(200, 100, 30, 5, '#a97b43', 1.5)
  canvas.gleam('M126 184L126 290', 0.7)
}

export function saltPig(canvas, { colour, trim }) {
  const edge = colour === '#f1ede2' ? trim : lighter(colour, 0.35)
  canvas.shadow(210, 320, 134)
  canvas.turned(200, '26,112 74,138 98,196 98,262 84,306 76,318!', canvas.roundLight(CLAY), { topRatio: 0.3 })
  canvas.turned(200, '26,112 74,138 98,196 97,262 88,296!', canvas.roundLight(colour), {
    topRatio: 0.3,
    footRatio: 0.24,
  })
  canvas.group({ transform: 'rotate(-14 182 204)' }, () => {
    canvas.ellipse(182, 204, 66, 58, edge)
    canvas.ellipse(183, 206, 59, 51, canvas.fade(darker(colour, 0.62), darker(colour, 0.3), [0, 0, 0, 1]))
    canvas.path('M130 230C146 214 222 212 236 228C226 250 206 258 184 257C162 256 142 248 130 230Z', '#f7f5ee')
  })
  canvas.line('M156 236h.1M172 244h.1M190 238h.1M206 232h.1M182 228h.1M164 230h.1', '#b9c2d6', 5)
  canvas.ellipse(200, 106, 22, 17, canvas.roundLight(colour))
  canvas.gleam('M284 180C290 206 290 232 288 252', 0.25, 7)
}

export function caddy(canvas, { colour, trim }) {
  canvas.shadow(212, 326, 118)
  canvas.turned(200, '80,140! 80,320!', canvas.roundLight(colour))
  canvas.turned(200, '83,108! 83,156!', canvas.roundLight(lighter(colour, 0.08)))
  canvas.ellipse(200, 108, 83, 17, canvas.fade(lighter(colour, 0.45), colour))
  canvas.ellipse(200, 104, 28, 6, darker(colour, 0.3))
  canvas.ellipse(200, 96, 17, 9, canvas.roundLight(BRASS))
  canvas.rim(200, 156, 83, 17, darker(colour, 0.4), 2.5, 'front')
  canvas.path('M148 204A80 16 0 0 0 252 204V284A80 16 0 0 1 148 284Z', canvas.fade('#f6f1e4', '#d9d2c2'))
  canvas.rim(200, 251, 25, 25, trim, 3)
  canvas.line('M192 228L204 244L196 258L206 274', trim, 2.5)
  canvas.line('M190 241L206 238M192 262L208 264', BRASS, 5)
  canvas.gleam('M132 176L132 306', 0.45)
}

export function twine(canvas, { colour, trim }) {
  canvas.shadow(208, 322, 128)
  canvas.line('M262 300C310 330 340 300 372 322', colour, 6)
  const ball = 'M78 210a122 112 0 1 0 244 0a122 112 0 1 0 -244 0Z'
  canvas.path(
    ball,
    canvas.radial(
      [
        [0, lighter(colour, 0.45)],
        [0.6, colour],
        [1, darker(colour, 0.42)],
      ],
      { cx: 0.35, cy: 0.3, r: 0.8 },
    ),
  )
  canvas.group({ 'clip-path': canvas.clip(ball) }, () => {
    let across = ''
    let down = ''
    for (let at = 0; at < 9; at += 1) {
      across += `M${point(60, 130 + at * 24)}Q${point(190, 70 + at * 30)} ${point(345, 150 + at * 24)}`
      down += `M${point(96 + at * 26, 90)}Q${point(150 + at * 20, 210)} ${point(70 + at * 26, 330)}`
    }
    canvas.line(across, trim, 3, { opacity: 0.75 })
    canvas.line(across, lighter(colour, 0.5), 2, { transform: 'translate(0 -4)', opacity: 0.6 })
    canvas.group({ 'clip-path': canvas.clip('M120 92Q220 150 196 330L330 330L340 92Z') }, () => {
      canvas.path('M60 60H360V360H60Z', colour, { opacity: 0.72 })
      canvas.line(down, trim, 3, { opacity: 0.75 })
      canvas.line(down, lighter(colour, 0.5), 2, { transform: 'translate(-4 0)', opacity: 0.6 })
    })
  })
  canvas.path(
    ball,
    canvas.linear(
      [
        [0.45, '#131a33', 0],
        [1, '#131a33', 0.32],
      ],
      [0, 0, 1, 1],
    ),
  )
}

export function brush(canvas, { colour, trim }) {
  canvas.group({ transform: 'rotate(-42 200 200)' }, () => {
    canvas.path('M20 238H128L384 222V206L128 196L20 186Z', '#131a33', { opacity: 0.15 })
    const bristles = canvas.fade('#efe3c4', '#c9b382')
    canvas.path('M40 196L20 262Q72 276 124 262L112 196Z', bristles)
    let hairs = ''
    for (let at = 0; at < 12; at += 1) hairs += `M${44 + at * 6} 198L${27 + at * 8.6} 264`
    canvas.line(hairs, '#a98d57', 1.5, { opacity: 0.7 })
    const wood = canvas.linear(
      [
        [0, lighter(colour, 0.3)],
        [0.5, colour],
        [1, darker(colour, 0.38)],
      ],
      [0, 0, 0, 1],
    )
    canvas.path('M40 158Q76 148 112 158Q122 162 120 180L116 200H36L32 180Q30 162 40 158Z', wood)
    canvas.path('M116 168C150 172 200 176 340 168Q378 166 380 184T340 200C200 196 150 192 116 190Z', wood)
    canvas.path('M110 164H130V196H110Z', BRASS)
    canvas.line('M144 180C220 184 290 182 350 178', trim, 1.5, { opacity: 0.6 })
    canvas.ellipse(360, 184, 5, 5, darker(colour, 0.7))
    canvas.gleam('M52 162Q76 156 100 162', 0.4, 4)
  })
}

export function soap(canvas, { colour, trim }) {
  canvas.shadow(208, 306, 160)
  canvas.path('M56 198L228 236V312L66 276Q56 272 56 262Z', canvas.fade(lighter(colour, 0.1), darker(colour, 0.12)))
  canvas.path('M228 236L344 190V256Q344 266 334 270L228 312Z', darker(colour, 0.3))
  canvas.path('M56 198L170 158Q178 155 188 157L344 190L228 236Z', lighter(colour, 0.38))
  canvas.line('M60 199L228 236L341 191M228 238V310', lighter(colour, 0.6), 3, { opacity: 0.8 })
  canvas.path('M118 212L228 176L270 185L162 222Z', LINEN)
  canvas.path('M118 212L162 222V297L118 287Z', darker(LINEN, 0.1))
  canvas.group({ transform: 'translate(140 252) skewY(12)' }, () => {
    canvas.rim(0, 0, 13, 13, trim, 2)
    canvas.line('M-7 -3L8 -5M-6 4L6 5', BRASS, 3)
  })
}

export function mendingKit(canvas) {
  const tin = '#2f52bd'
  canvas.shadow(210, 306, 176)
  canvas.path('M40 196L238 232V312L52 276Q40 273 40 262Z', canvas.fade(lighter(tin, 0.16), darker(tin, 0.1)))
  canvas.path('M238 232L358 184V252Q358 263 348 268L238 312Z', darker(tin, 0.38))
  canvas.path('M40 196L158 154Q168 150 180 152L358 184L238 232Z', lighter(tin, 0.16))
  canvas.line('M44 214L238 250L356 203', darker(tin, 0.5), 3, { opacity: 0.7 })
  canvas.line('M42 197L238 232L356 185', lighter(tin, 0.55), 3, { opacity: 0.8 })
  canvas.group({ transform: 'matrix(1 .17 -1 .42 204 190)' }, () => {
    canvas.ellipse(0, 0, 52, 52, '#f4f0e6')
    canvas.rim(0, 0, 44, 44, tin, 4)
    canvas.line('M-26 -40L-2 -6L-14 8L8 42', tin, 4)
    canvas.line('M-22 -12L16 -18M-22 22L16 16', BRASS, 9)
  })
  canvas.group({ transform: 'translate(96 324) rotate(-8)' }, () => {
    canvas.line('M0 14V0H52V14', darker(BRASS, 0.35), 7, { transform: 'translate(3 4)', opacity: 0.4 })
    canvas.line('M0 14V0H52V14', BRASS, 7, { 'stroke-linejoin': 'round' })
  })
  canvas.group({ transform: 'translate(196 342) rotate(14)' }, () => {
    canvas.line('M0 14V0H52V14', darker(BRASS, 0.35), 7, { transform: 'translate(3 4)', opacity: 0.4 })
    canvas.line('M0 14V0H52V14', BRASS, 7, { 'stroke-linejoin': 'round' })
  })
}
