// Draws every picture of the shop: `node examples/script-tag/images/draw/draw.mjs`.
// The pictures are kept in the repository, so this only has to run after a change here or of a colour in the catalogue.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { products } from '../../catalog.js'
import { COLOURS } from './colours.mjs'
import * as cook from './cook.mjs'
import * as keep from './keep.mjs'
import { backdrop, createCanvas } from './paint.mjs'
import * as pour from './pour.mjs'
import { drawStillLife } from './still-life.mjs'
import * as table from './table.mjs'

const things = { ...table, ...cook, ...pour, ...keep }
const folder = new URL('../', import.meta.url)

for (const file of readdirSync(folder)) if (file.startsWith('p-')) rmSync(new URL(file, folder))

let bytes = 0
let count = 0

function save(name, svg) {
  writeFileSync(new URL(name, folder), svg)
  bytes += svg.length
  count += 1
}

for (const product of products) {
  for (const tone of product.colours ?? [product.tone]) {
    const canvas = createCanvas()
    backdrop(canvas, COLOURS[tone].paper)
    things[product.picture](canvas, COLOURS[tone])
    save(`p-${product.picture.toLowerCase()}-${tone}.svg`, canvas.svg())
  }
}
save('still-life.svg', drawStillLife(things))

console.log(`${count} pictures, ${Math.round(bytes / 1024)} kB`)
