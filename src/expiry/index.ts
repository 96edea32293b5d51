export { expireAbandoned, type ExpiryOptions } from './expiry.ts'
