// What the shop sells. Prices are set by hand for each currency, in its own digits: euro 2, yen 0, dinar 3.
// The page shows them; a server that prices the cart itself can import this same file.

export const currencies = ['EUR', 'JPY', 'KWD']

export const categories = [
  ['table', 'Table'],
  ['cook', 'Cook'],
  ['pour', 'Pour'],
  ['cloth', 'Cloth'],
  ['pantry', 'Pantry'],
  ['care', 'Care'],
]

export const colourNames = {
  milk: 'Milk',
  cobalt: 'Cobalt',
  moss: 'Moss',
  rust: 'Rust',
  butter: 'Butter',
  ink: 'Ink',
  beech: 'Beech',
  walnut: 'Walnut',
  clear: 'Clear',
  smoke: 'Smoke',
  bottle: 'Bottle green',
}

const price = (EUR, JPY, KWD) => ({ EUR, JPY, KWD })

/**
 * A product has one `price`, or `sizes` with a price each; `colours` when there is a choice.
 * `picture` names the drawing; `tone` is its colouring when there is nothing to choose.
 */
export const products = [
  {
    sku: 'MUG',
    name: 'Morning mug',
    category: 'table',
    note: 'Stoneware, glazed twice. A lost handle can be pinned back on.',
    picture: 'mug',
    colours: ['milk', 'cobalt', 'moss', 'rust'],
    sizes: { '250 ml': price(18.5, 2900, 6.125), '400 ml': price(22, 3400, 7.25) },
  },
  {
    sku: 'KETTLE',
    name: 'Stove kettle',
    category: 'pour',
    note: 'Enamelled steel. The whistle unscrews, so it can be descaled.',
    picture: 'kettle',
    colours: ['cobalt', 'milk', 'butter'],
    price: price(74, 11800, 24.75),
  },
  {
    sku: 'CASSEROLE',
    name: 'Sunday casserole',
    category: 'cook',
    note: 'Cast iron with a heavy lid. Outlives the stove it stands on.',
    picture: 'casserole',
    colours: ['rust', 'moss', 'ink'],
    sizes: { '3 l': price(129, 20500, 42.9), '5 l': price(159, 25200, 52.875) },
  },
  {
    sku: 'MENDKIT',
    name: 'Mending kit',
    category: 'care',
    note: 'Brass staples, resin and a fine drill bit. Start here.',
    picture: 'mendingKit',
    tone: 'brass',
    price: price(34, 5400, 11.35),
  },
  {
    sku: 'TUMBLER',
    name: 'Tumbler',
    category: 'table',
    note: 'Pressed glass, thick in the foot. A nicked rim grinds smooth.',
    picture: 'tumbler',
    colours: ['bottle', 'clear', 'smoke'],
    price: price(9.9, 1580, 3.295),
  },
  {
    sku: 'KNIFE',
    name: 'Cook’s knife',
    category: 'cook',
    note: 'Carbon steel, three brass rivets. Sharpen it for thirty years.',
    picture: 'knife',
    colours: ['walnut', 'beech'],
    sizes: { '16 cm': price(68, 10800, 22.65), '21 cm': price(84, 13400, 28.1) },
  },
  {
    sku: 'PLATE',
    name: 'Dinner plate',
    category: 'table',
    note: 'Stacks without a wobble. Takes a staple well.',
    picture: 'plate',
    colours: ['milk', 'cobalt', 'butter'],
    sizes: { '21 cm': price(16, 2550, 5.325), '27 cm': price(21.5, 3400, 7.15) },
  },
  {
    sku: 'APRON',
    name: 'Work apron',
    category: 'cloth',
    note: 'Canvas with double seams. Patches are an improvement.',
    picture: 'apron',
    colours: ['moss', 'ink', 'rust'],
    sizes: { 'S to M': price(48, 7600, 15.95), 'L to XL': price(52, 8200, 17.3) },
  },
  {
    sku: 'TEAPOT',
    name: 'Teapot',
    category: 'pour',
    note: 'Lids are all one size, so a broken one is no tragedy.',
    picture: 'teapot',
    colours: ['milk', 'moss', 'ink'],
    price: price(58, 9200, 19.25),
  },
  {
    sku: 'BOARD',
    name: 'Chopping board',
    category: 'cook',
    note: 'One thick plank. Plane it flat when it dips in the middle.',
    picture: 'board',
    colours: ['beech', 'walnut'],
    sizes: { Small: price(36, 5700, 11.985), Large: price(54, 8600, 17.95) },
  },
  {
    sku: 'JAR',
    name: 'Storage jar',
    category: 'pantry',
    note: 'Wide neck, beech lid, a seal you can replace by itself.',
    picture: 'jar',
    tone: 'flax',
    sizes: {
      '0.5 l': price(12, 1900, 3.99),
      '1 l': price(15.5, 2450, 5.15),
      '2 l': price(19.9, 3150, 6.625),
    },
  },
  {
    sku: 'TOWEL',
    name: 'Tea towel',
    category: 'cloth',
    note: 'Linen. Softer after every wash, good for twenty years of them.',
    picture: 'teaTowel',
    colours: ['rust', 'cobalt', 'moss'],
    price: price(14.5, 2300, 4.825),
  },
  {
    sku: 'JUG',
    name: 'Table jug',
    category: 'table',
    note: 'Ends its pour without a drip.',
    picture: 'jug',
    colours: ['butter', 'milk', 'rust'],
    sizes: { '0.5 l': price(32, 5100, 10.65), '1 l': price(39, 6200, 12.985) },
  },
  {
    sku: 'SAUCEPAN',
    name: 'Enamel saucepan',
    category: 'cook',
    note: 'Chips are touched up here, not thrown out.',
    picture: 'saucepan',
    colours: ['milk', 'cobalt', 'ink'],
    sizes: { '16 cm': price(44, 7000, 14.65), '20 cm': price(56, 8900, 18.625) },
  },
  {
    sku: 'CANDLES',
    name: 'Dinner candles, a pair',
    category: 'pantry',
    note: 'Beeswax on one wick, dipped by the pair. They mend an evening.',
    picture: 'candles',
    colours: ['butter', 'milk', 'rust'],
    price: price(13, 2050, 4.325),
  },
  {
    sku: 'BOWL',
    name: 'Soup bowl',
    category: 'table',
    note: 'Deep enough for seconds, footed so the table stays cool.',
    picture: 'bowl',
    colours: ['moss', 'milk', 'rust'],
    sizes: { '0.6 l': price(19.5, 3100, 6.485), '1.2 l': price(27, 4300, 8.975) },
  },
  {
    sku: 'FRYPAN',
    name: 'Steel frying pan',
    category: 'cook',
    note: 'No coating to wear off. Season it again, and again.',
    picture: 'fryingPan',
    tone: 'steel',
    sizes: { '24 cm': price(49, 7800, 16.3), '28 cm': price(59, 9400, 19.625) },
  },
  {
    sku: 'CARAFE',
    name: 'Carafe',
    category: 'pour',
    note: 'Stopped with a ball of cork, which any cork replaces.',
    picture: 'carafe',
    colours: ['clear', 'bottle', 'smoke'],
    price: price(42, 6700, 13.985),
  },
  {
    sku: 'MILL',
    name: 'Pepper mill',
    category: 'cook',
    note: 'Steel burrs that come out for cleaning and go back in.',
    picture: 'mill',
    colours: ['walnut', 'beech', 'ink'],
    price: price(46, 7300, 15.325),
  },
  {
    sku: 'NAPKINS',
    name: 'Napkins, set of four',
    category: 'cloth',
    note: 'Half linen, hemmed by machine, darned by hand.',
    picture: 'napkins',
    colours: ['butter', 'milk', 'cobalt', 'rust'],
    price: price(38, 6000, 12.65),
  },
  {
    sku: 'BRUSH',
    name: 'Dish brush',
    category: 'care',
    note: 'The head wears out and comes off. The handle stays.',
    picture: 'brush',
    colours: ['beech', 'walnut'],
    price: price(11.5, 1850, 3.825),
  },
  {
    sku: 'DRIPPER',
    name: 'Coffee dripper',
    category: 'pour',
    note: 'Stoneware with deep ridges. Fits any mug in the shop.',
    picture: 'dripper',
    colours: ['rust', 'milk', 'cobalt'],
    price: price(29, 4600, 9.65),
  },
  {
    sku: 'EGGCUP',
    name: 'Egg cup',
    category: 'table',
    note: 'Footed, so it stays put. The egg is yours.',
    picture: 'eggCup',
    colours: ['cobalt', 'milk', 'butter'],
    price: price(8.5, 1350, 2.825),
  },
  {
    sku: 'SPOON',
    name: 'Stirring spoon',
    category: 'cook',
    note: 'One piece of wood, no glue to give way. Oil it in spring.',
    picture: 'spoon',
    colours: ['beech', 'walnut'],
    price: price(7.9, 1250, 2.625),
  },
  {
    sku: 'POTHOLDER',
    name: 'Pot holder',
    category: 'cloth',
    note: 'Quilted cotton. Darn it where it thins.',
    picture: 'potHolder',
    colours: ['cobalt', 'butter', 'rust'],
    price: price(12.5, 1980, 4.165),
  },
  {
    sku: 'CADDY',
    name: 'Tea caddy',
    category: 'pantry',
    note: 'Tinplate with two lids: one for the air, one for the eye.',
    picture: 'caddy',
    colours: ['ink', 'moss', 'butter'],
    price: price(24, 3800, 7.985),
  },
  {
    sku: 'BUTTER',
    name: 'Butter dish',
    category: 'table',
    note: 'The lid lifts with one buttery finger.',
    picture: 'butterDish',
    colours: ['milk', 'butter', 'cobalt'],
    price: price(36.5, 5800, 12.15),
  },
  {
    sku: 'PIN',
    name: 'Rolling pin',
    category: 'cook',
    note: 'No handles, so nothing can come loose.',
    picture: 'rollingPin',
    colours: ['beech', 'walnut'],
    price: price(22.5, 3580, 7.495),
  },
  {
    sku: 'CRUET',
    name: 'Oil cruet',
    category: 'pour',
    note: 'A fine spout and a plain cork. Both come apart for washing.',
    picture: 'cruet',
    colours: ['bottle', 'clear'],
    price: price(27.5, 4380, 9.165),
  },
  {
    sku: 'SALTPIG',
    name: 'Salt pig',
    category: 'pantry',
    note: 'Holds a kilo and a whole hand. Nothing on it can break off.',
    picture: 'saltPig',
    colours: ['rust', 'milk', 'moss'],
    price: price(26, 4150, 8.655),
  },
  {
    sku: 'SOAP',
    name: 'Block soap',
    category: 'care',
    note: 'Olive oil soap for hands, dishes and floors.',
    picture: 'soap',
    colours: ['moss', 'milk'],
    price: price(6.8, 1080, 2.265),
  },
  {
    sku: 'TWINE',
    name: 'Kitchen twine',
    category: 'pantry',
    note: 'Unbleached flax, for roasts and for repairs.',
    picture: 'twine',
    tone: 'flax',
    price: price(5.5, 870, 1.835),
  },
]

const bySku = new Map(products.map(product => [product.sku, product]))

export const findProduct = sku => bySku.get(sku)

/** What one costs, or undefined when the shop does not sell such a thing. */
export function priceOf(sku, attributes, currency) {
  const product = bySku.get(sku)
  if (!product || !currencies.includes(currency)) return undefined
  const { size } = attributes ?? {}
  if (!product.sizes) return size === undefined ? product.price[currency] : undefined
  return Object.hasOwn(product.sizes, size) ? product.sizes[size][currency] : undefined
}

/** Where the picture of a product lies; an unknown colour shows the first one. */
export function pictureOf(product, colour) {
  const tone = product.colours?.includes(colour) ? colour : (product.colours?.[0] ?? product.tone)
  return `/images/p-${product.picture.toLowerCase()}-${tone}.svg`
}
