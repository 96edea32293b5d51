/** `EXAMPLES=all` tries of the examples what takes too long for every run. */
export const isWhole = process.env.EXAMPLES === 'all'
