#!/usr/bin/env node
import { main } from './cli.ts'

// The sources are compiled without the types of Node. This is all of it that the command needs.
declare const process: {
  readonly argv: readonly string[]
  readonly stdout: { write(text: string): unknown }
  exitCode: number
}

process.exitCode = await main(process.argv.slice(2), text => void process.stdout.write(`${text}\n`))
