// The picture at the top of the page: a shelf of the shop's own things, drawn by the same hands.
import { COLOURS } from './colours.mjs'
import { createCanvas, darker, lighter } from './paint.mjs'

const WALL = '#c9d6f2'
const SHELF = '#f4f0e6'

// [thing, tone, x, y, scale]: x and y place the thing's own 400 by 400 field; they stand at its y = 318.
const ARRANGEMENT = [
  ['carafe', 'bottle', 20, 226, 1.2],
  ['teapot', 'milk', 760, 236, 1.12],
  ['kettle', 'cobalt', 290, 150, 1.46],
  ['jug', 'butter', 640, 262, 1.14],
  ['mug', 'rust', 168, 408, 0.86],
  ['eggCup', 'milk', 520, 462, 0.74],
  ['bowl', 'moss', 880, 436, 0.8],
]

export function drawStillLife(things) {
  const canvas = createCanvas('s')
  const wall = canvas.radial(
    [
      [0, lighter(WALL, 0.6)],
      [0.6, WALL],
      [1, darker(WALL, 0.14)],
    ],
    { cx: 0.3, cy: 0.2, r: 0.9 },
  )
  canvas.path('M0 0H1200V900H0Z', wall)
  canvas.path('M0 580H1200V900H0Z', canvas.fade(lighter(SHELF, 0.4), darker(SHELF, 0.14), [0, 0, 0, 1]))
  canvas.path('M0 822H1200V838H0Z', '#2f52bd')
  canvas.path('M0 838H1200V900H0Z', darker(SHELF, 0.08))
  for (const [thing, tone, x, y, scale] of ARRANGEMENT) {
    canvas.group({ transform: `translate(${x} ${y}) scale(${scale})` }, () => things[thing](canvas, COLOURS[tone]))
  }
  return canvas.svg('0 120 1200 780')
}
