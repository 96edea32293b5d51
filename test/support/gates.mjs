/**
 * @typedef {object} Gate
 * @property {string} name
 * @property {() => string | void} check Throws when the gate stays shut; may say in words what it found.
 */

/**
 * Goes through gates in order, up to the first that stays shut.
 *
 * @param {readonly Gate[]} gates
 * @param {(line: string) => void} print
 * @returns {boolean} whether all of them opened
 */
export function passGates(gates, print) {
  const results = gates.map(({ name }) => `  ${name}: not tried`)
  let isOpen = true
  for (const [index, { name, check }] of gates.entries()) {
    print(`\n▶ ${name}`)
    const start = performance.now()
    let found
    try {
      found = check() ?? 'passed'
    } catch (error) {
      found = error instanceof Error ? error.message : String(error)
      isOpen = false
    }
    results[index] = `${isOpen ? '✔' : '✖'} ${name}: ${found}, ${((performance.now() - start) / 1000).toFixed(1)} s`
    print(results[index])
    if (!isOpen) break
  }
  print(`\n${results.join('\n')}`)
  return isOpen
}

/**
 * When a version was released, as the changelog has it.
 *
 * @param {string} changelog
 * @param {string} version
 * @returns {string} `2026-12-01` or `unreleased`
 */
export function releaseDate(changelog, version) {
  const [, newest, date, text] =
    /^## (\S+) \((unreleased|\d{4}-\d{2}-\d{2})\)\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog) ?? []
  if (newest !== version) throw new Error(`the newest entry of CHANGELOG.md is ${newest ?? 'none'}, not ${version}`)
  if (!/^- /m.test(text ?? '')) throw new Error(`CHANGELOG.md does not say what is new in ${version}`)
  return date
}
