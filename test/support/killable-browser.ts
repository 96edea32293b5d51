import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { CHROMIUM_ARGS, findProgram } from './find-programs.mjs'

/** A browser that can be started without automation. */
export interface KillableEngine {
  readonly name: string
  readonly path: string | undefined
  /** The program of the display it needs. */
  readonly display?: string | undefined
  /** What comes before the address. */
  args(profile: string): string[]
}

// WebKitGTK has no headless mode.
const xvfb = findProgram('xvfb')

export const ENGINES: readonly KillableEngine[] = [
  {
    name: 'Chromium',
    path: findProgram('chromium'),
    args: profile => ['--headless', ...CHROMIUM_ARGS, '--disable-breakpad', `--user-data-dir=${profile}`],
  },
  {
    name: 'Firefox',
    path: findProgram('firefox'),
    args: profile => ['--headless', '--no-remote', '--profile', profile],
  },
  {
    name: 'WebKitGTK',
    path: xvfb && findProgram('miniBrowser'),
    display: xvfb,
    // With --automation it would keep nothing. Its profile is where XDG_DATA_HOME says.
    args: () => [],
  },
]

// After a crash no question is asked and no session restored; the rest keeps Firefox from talking to the net by itself.
const FIREFOX_PREFERENCES = {
  'toolkit.startup.max_resumed_crashes': -1,
  'browser.sessionstore.resume_from_crash': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.auto': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
}

/** A browser on a profile of its own that outlives it. */
export interface KillableBrowser {
  /** Starts it, as a process group of its own. */
  start(url: string): void
  /**
   * Ends it as a crash does, and resolves when the last of its processes is gone.
   *
   * @param isWhole Kills all processes at once; otherwise the main one, whose children then find themselves alone.
   */
  kill(isWhole: boolean): Promise<void>
  /** Ends what is running and removes the profile. */
  close(): Promise<void>
}

/** Starts a display on a number that is free, and tells it. */
async function startDisplay(path: string): Promise<[display: ChildProcess, number: string]> {
  const display = spawn(path, ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [number] = await once(display.stdio[3] as Readable, 'data', { signal: AbortSignal.timeout(10_000) })
  return [display, String(number).trim()]
}

/** A new profile for an engine. */
export async function openKillableBrowser({ path, display, args }: KillableEngine): Promise<KillableBrowser> {
  const [screen, number] = display ? await startDisplay(display) : []
  const profile = mkdtempSync(join(tmpdir(), 'session-cart-profile-'))
  // What a killed browser leaves in the temporary folder goes with the profile.
  const temporary = join(profile, 'tmp')
  mkdirSync(temporary)
  const preferences = Object.entries(FIREFOX_PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  )
  writeFileSync(join(profile, 'user.js'), preferences.join(''))
  const env = {
    ...process.env,
    TMPDIR: temporary,
    XDG_DATA_HOME: profile,
    XDG_CACHE_HOME: join(profile, 'cache'),
    ...(number && { DISPLAY: `:${number}`, LIBGL_ALWAYS_SOFTWARE: '1' }),
  }
  let running: ChildProcess | undefined

  async function kill(isWhole: boolean): Promise<void> {
    if (!running) return
    // Every process of it holds the pipe of the standard error: the pipe closes with the last one.
    const closed = once(running, 'close')
    process.kill(isWhole ? -running.pid! : running.pid!, 'SIGKILL')
    running = undefined
    await closed
  }

  return {
    start(url) {
      // A killed Chromium leaves its lock behind.
      for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) {
        rmSync(join(profile, name), { force: true })
      }
      running = spawn(path!, [...args(profile), url], { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env })
      running.stderr!.resume()
    },
    kill,
    async close() {
      await kill(true)
      if (screen) {
        const ended = once(screen, 'exit')
        screen.kill()
        await ended
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}
