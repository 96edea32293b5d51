import { SessionProblem } from './problem.ts'

function tooLarge(limit: number): SessionProblem {
  return new SessionProblem('too-large', `The body is longer than ${limit} bytes.`)
}

function unsupported(message: string): SessionProblem {
  return new SessionProblem(undefined, message, { status: 415 })
}

async function readBytes(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new SessionProblem(undefined, 'The body ended before its end.', { status: 400 })
    })
    if (done) break
    size += value.byteLength
    if (size > limit) {
      // Whoever still sends need not be listened to; that it fails changes nothing.
      reader.cancel().catch(() => undefined)
      throw tooLarge(limit)
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

/**
 * Reads a JSON body, counting the bytes as they come.
 *
 * @param limit Bytes.
 * @throws SessionProblem `too-large`, `malformed`, or one without a kind for another media type.
 */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const { headers, body } = request
  if (!/^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? '')) {
    throw unsupported('The content type has to be application/json.')
  }
  if (!/^(identity)?$/i.test(headers.get('content-encoding') ?? '')) throw unsupported('The body must not be encoded.')
  if (Number(headers.get('content-length') ?? 0) > limit) throw tooLarge(limit)
  const bytes = body ? await readBytes(body, limit) : new Uint8Array()
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new SessionProblem('malformed', 'The body is not JSON in UTF-8.')
  }
}
