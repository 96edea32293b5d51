// What cooking needs.
import { BRASS, STEEL } from './colours.mjs'
import { darker, lighter } from './paint.mjs'

const enamelRim = ({ colour, trim }) => (colour === '#f1ede2' ? trim : '#f4f0e6')

const woodLight = (canvas, colour, direction = [0, 0, 0, 1]) =>
  canvas.linear(
    [
      [0, lighter(colour, 0.25)],
      [0.4, colour],
      [1, darker(colour, 0.34)],
    ],
    direction,
  )

export function saucepan(canvas, colours) {
  const { colour } = colours
  canvas.shadow(190, 308, 150)
  const handle = canvas.fade(lighter(colour, 0.3), darker(colour, 0.3), [0, 0, 0, 1])
  canvas.path('M252 196L362 160Q382 156 384 170Q384 180 372 185L258 222Z', handle)
  canvas.ellipse(366, 172, 8, 5, darker(colour, 0.55))
  canvas.turned(164, '106,186! 106,270 96,304!', canvas.roundLight(colour))
  canvas.mouth(164, 186, 106, { ratio: 0.22, lip: 7, lipColour: enamelRim(colours), inside: '#f1ede2' })
  canvas.ellipse(164, 197, 84, 11, '#fffdf6', { opacity: 0.25 })
  canvas.gleam('M80 220C78 244 80 264 84 280')
}

export function casserole(canvas, colours) {
  const { colour } = colours
  canvas.shadow(208, 316, 172)
  const lug = canvas.fade(lighter(colour, 0.2), darker(colour, 0.35), [0, 0, 0, 1])
  canvas.path('M76 222H44Q30 222 30 236T44 250H78Z', lug)
  canvas.path('M324 222H356Q370 222 370 236T356 250H322Z', lug)
  canvas.turned(200, '131,198! 131,268 120,312!', canvas.roundLight(colour), { footRatio: 0.16 })
  canvas.path(
    'M62 204C84 156 136 134 200 134S316 156 338 204A138 22 0 0 1 62 204Z',
    canvas.roundLight(lighter(colour, 0.06)),
  )
  canvas.line('M62 205A138 22 0 0 0 338 205', darker(colour, 0.35), 4)
  canvas.line('M96 178C120 156 158 147 200 147', lighter(colour, 0.55), 6, { opacity: 0.5 })
  canvas.turned(200, '10,122 10,138!', canvas.roundLight(STEEL))
  canvas.ellipse(200, 116, 26, 13, canvas.roundLight(BRASS))
  canvas.gleam('M88 240C88 262 92 280 96 292')
}

export function fryingPan(canvas, { colour }) {
  canvas.ellipse(
    166,
    176,
    122,
    122,
    canvas.radial([
      [0.8, '#131a33', 0.42],
      [1, '#131a33', 0],
    ]),
  )
  const handle = canvas.fade(lighter(colour, 0.25), darker(colour, 0.45), [0, 0, 1, 0])
  canvas.group({ transform: 'translate(-10 -14) rotate(-45 160 172)' }, () => {
    canvas.path('M147 272L149 428Q150 442 160 442T171 428L173 272Z', handle)
    canvas.ellipse(160, 424, 4, 8, darker(colour, 0.7))
    canvas.ellipse(160, 282, 4, 4, STEEL)
    canvas.ellipse(154, 298, 3.5, 3.5, STEEL)
    canvas.ellipse(166, 298, 3.5, 3.5, STEEL)
  })
  const wall = canvas.linear(
    [
      [0, lighter(colour, 0.42)],
      [0.5, colour],
      [1, darker(colour, 0.45)],
    ],
    [0, 0, 1, 1],
  )
  const floor = canvas.fade(darker(colour, 0.5), darker(colour, 0.22), [0, 0, 1, 1])
  canvas.ellipse(150, 158, 112, 112, wall)
  canvas.ellipse(150, 158, 106, 106, darker(colour, 0.35))
  canvas.ellipse(150, 158, 88, 88, floor)
  canvas.rim(150, 158, 70, 70, lighter(colour, 0.2), 1.5)
  canvas.gleam('M76 130C86 102 106 84 134 76', 0.3, 9)
}

export function spoon(canvas, { colour, trim }) {
  canvas.group({ transform: 'rotate(40 200 200)' }, () => {
    canvas.ellipse(
      214,
      96,
      56,
      76,
      canvas.radial([
        [0.6, '#131a33', 0.34],
        [1, '#131a33', 0],
      ]),
    )
    canvas.line('M212 150L214 374', '#131a33', 20, { opacity: 0.16 })
    canvas.path('M192 150L187 366Q188 380 200 380T213 366L208 150Z', woodLight(canvas, colour, [0, 0, 1, 0]))
    canvas.path(
      'M200 20C236 20 250 62 248 96C246 134 222 162 208 168H192C178 162 154 134 152 96C150 62 164 20 200 20Z',
      woodLight(canvas, colour, [0, 0, 1, 1]),
    )
    canvas.path(
      'M200 36C226 36 236 68 234 96C232 124 214 142 200 142S168 124 166 96C164 68 174 36 200 36Z',
      canvas.fade(darker(colour, 0.32), lighter(colour, 0.22), [0, 0, 1, 1]),
    )
    canvas.line('M184 60C180 86 184 112 192 128M214 56C220 84 216 110 208 130', trim, 1.5, { opacity: 0.5 })
    canvas.line('M197 176L195 352M204 190L204 340', trim, 1.5, { opacity: 0.55 })
  })
}

export function knife(canvas, { colour, trim }) {
  canvas.group({ transform: 'rotate(-38 200 200)' }, () => {
    canvas.path('M28 212H380V244Q200 262 28 226Z', '#131a33', { opacity: 0.16 })
    const blade = canvas.linear(
      [
        [0, '#eef1f4'],
        [0.5, '#cdd4dc'],
        [1, '#98a2b0'],
      ],
      [0, 0, 0, 1],
    )
    canvas.path('M232 182L62 182C42 184 22 194 12 208C60 234 150 240 232 238Z', blade)
    canvas.path('M232 224C150 226 74 220 12 208C60 234 150 240 232 238Z', '#fffdf6', { opacity: 0.55 })
    canvas.path('M232 182H244V240H232Z', '#8d97a5')
    const handle = canvas.linear(
      [
        [0, lighter(colour, 0.25)],
        [0.5, colour],
        [1, darker(colour, 0.4)],
      ],
      [0, 0, 0, 1],
    )
    canvas.path('M244 184H350Q390 184 392 206Q392 232 368 228C340 222 300 222 268 230L244 234Z', handle)
    canvas.line('M254 196H372M258 212C300 206 340 208 376 214', trim, 1.5, { opacity: 0.5 })
    for (const x of [264, 308, 352]) {
      canvas.ellipse(x, 205, 7, 7, darker(BRASS, 0.35))
      canvas.ellipse(x - 0.7, 204, 6, 6, BRASS)
      canvas.ellipse(x - 2.5, 202, 2, 2, '#fffdf6', { opacity: 0.8 })
    }
  })
}

export function board(canvas, { colour, trim }) {
  canvas.group({ transform: 'rotate(-9 200 200)' }, () => {
    canvas.path('M104 74H316Q330 74 330 88V350Q330 364 316 364H104Q90 364 90 350V88Q90 74 104 74Z', '#131a33', {
      opacity: 0.2,
    })
    canvas.path('M92 58H308Q322 58 322 72V340Q322 354 308 354H92Q78 354 78 340V72Q78 58 92 58Z', darker(colour, 0.4))
    canvas.path(
      'M92 50H308Q322 50 322 64V328Q322 342 308 342H92Q78 342 78 328V64Q78 50 92 50Z',
      woodLight(canvas, colour, [0, 0, 1, 1]),
    )
    for (const [at, x] of [120, 160, 198, 244, 286].entries()) {
      canvas.line(`M${x} 51C${x - 6 + at} 140 ${x + 8 - at} 240 ${x} 341`, trim, at % 2 ? 2 : 1.2, { opacity: 0.5 })
    }
    canvas.line(
      'M140 130C134 190 146 250 140 300M222 100C216 160 228 190 220 230M266 210C260 250 270 280 264 316',
      trim,
      1,
      { opacity: 0.45 },
    )
    canvas.ellipse(200, 84, 17, 17, darker(colour, 0.62))
    canvas.ellipse(202, 87, 14, 14, darker(colour, 0.78))
  })
}

export function rollingPin(canvas, { colour, trim }) {
  canvas.group({ transform: 'rotate(-34 200 200)' }, () => {
    canvas.path(
      'M26 214C80 200 320 200 374 214C386 226 386 240 374 248C320 264 80 264 26 248C14 240 14 226 26 214Z',
      '#131a33',
      { opacity: 0.2 },
    )
    canvas.path(
      'M22 184C80 166 320 166 378 184Q392 200 378 216C320 234 80 234 22 216Q8 200 22 184Z',
      woodLight(canvas, colour),
    )
    canvas.line(
      'M40 190C120 180 250 182 350 190M64 204C150 200 260 206 366 202M90 218C160 222 240 220 300 216',
      trim,
      1.5,
      { opacity: 0.45 },
    )
    canvas.ellipse(376, 200, 8, 16, darker(colour, 0.35))
    canvas.ellipse(376, 200, 4, 9, trim, { opacity: 0.6 })
    canvas.gleam('M60 184C130 175 240 175 320 180', 0.4, 6)
  })
}

export function mill(canvas, { colour }) {
  canvas.shadow(210, 332, 88)
  canvas.turned(200, '40,176! 26,214 30,244 46,292 50,328!', canvas.roundLight(colour))
  canvas.turned(200, '40,170! 41,178!', canvas.roundLight(STEEL))
  canvas.turned(200, '14,92! 26,104 44,132 40,170!', canvas.roundLight(colour))
  canvas.ellipse(200, 80, 17, 16, canvas.roundLight(BRASS))
  canvas.rim(200, 312, 49, 10, darker(colour, 0.4), 3, 'front')
  canvas.gleam('M172 128C168 138 168 150 170 160', 0.45, 6)
  canvas.gleam('M178 214C176 240 166 276 164 304', 0.4, 6)
}
