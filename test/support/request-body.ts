// The session handler is made for servers and reads `Request.body`, which Firefox does not have:
// https://bugzilla.mozilla.org/show_bug.cgi?id=1387483
if (!('body' in Request.prototype)) {
  Object.defineProperty(Request.prototype, 'body', {
    get(this: Request) {
      const bytes = this.arrayBuffer()
      return new ReadableStream({
        async start(controller) {
          controller.enqueue(new Uint8Array(await bytes))
          controller.close()
        },
      })
    },
  })
}
