import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { end, startDisplay } from './display.mjs'
import { findProgram } from './find-programs.mjs'

/** A running WebKitWebDriver with a display of its own. */
export interface WebKitDriver {
  readonly port: number
  readonly pid: number
  end(): Promise<void>
}

/** What WebKitWebDriver is asked for: an automated MiniBrowser has an empty profile that ends with it. */
export const miniBrowser = (): object => ({
  browserName: 'MiniBrowser',
  'webkitgtk:browserOptions': { binary: findProgram('miniBrowser'), args: ['--automation'] },
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts Xvfb and WebKitWebDriver. */
export async function startWebKitDriver(): Promise<WebKitDriver> {
  const { server: display, name } = await startDisplay()
  const port = await freePort()
  const driver = spawn(findProgram('webkitDriver')!, [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: name, LIBGL_ALWAYS_SOFTWARE: '1' },
  })
  const kill = (): void => void [driver, display].map(child => child.kill())
  process.once('exit', kill)
  const stop = async (): Promise<void> => {
    process.off('exit', kill)
    await end(driver)
    await end(display)
  }
  while (driver.exitCode === null) {
    const answered = await fetch(`http://127.0.0.1:${port}/status`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answered) return { port, pid: driver.pid!, end: stop }
    await wait(20)
  }
  await stop()
  throw new Error('WebKitWebDriver did not start')
}
