export { currencyDigits, formatMoney, fromMinorUnits, minorUnits } from './money.ts'
