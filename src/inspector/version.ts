/** The release this inspector is of; a test holds it to the one of the package. */
export const VERSION = '0.1.0'
