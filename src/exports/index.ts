export { toGa4Event, toGa4Items, type Ga4Event, type Ga4Item } from './ga4.ts'
export { toStripeCoupon, toStripeLineItems, type StripeCoupon, type StripeLineItem } from './stripe.ts'
export { toUcp, type UcpCart, type UcpLineItem, type UcpOptions, type UcpTotal } from './ucp.ts'
