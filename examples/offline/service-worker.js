// Keeps the page for when there is no network. The cart needs none of this: it keeps itself.
//
// What is kept is one release. Give every release another VERSION: the browser then fetches all of its files beside those of
// the one in use, and they take over between two visits to the page, never in the middle of one.
const VERSION = '1'
const CACHE = `fettle-${VERSION}`
const FILES = [
  '/',
  '/offline.js',
  '/order.js',
  '/styles.css',
  '/session-cart.iife.js',
  '/manifest.webmanifest',
  '/images/mark.svg',
  ...['tumbler-bottle', 'teatowel-cobalt', 'candles-butter', 'brush-beech', 'eggcup-milk', 'spoon-walnut'].map(
    picture => `/images/p-${picture}.svg`,
  ),
]

/** All files or none; past the browser's own cache, which may still have those of another release. */
async function keep() {
  const cache = await caches.open(CACHE)
  await cache.addAll(FILES.map(path => new Request(path, { cache: 'reload' })))
}

async function dropOthers() {
  const names = await caches.keys()
  await Promise.all(names.filter(name => name.startsWith('fettle-') && name !== CACHE).map(name => caches.delete(name)))
}

async function find(request) {
  const cache = await caches.open(CACHE)
  // The same page, whatever a campaign has put behind its address.
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request)
}

addEventListener('install', event => event.waitUntil(keep()))
addEventListener('activate', event => event.waitUntil(dropOthers()))
addEventListener('message', event => {
  if (event.data === 'take over') void self.skipWaiting()
})
addEventListener('fetch', event => {
  const { method, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method === 'GET' && origin === location.origin && !pathname.startsWith('/api/')) {
    event.respondWith(find(event.request))
  }
})
