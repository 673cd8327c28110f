/** Lamports in SOL, with no more decimals than needed. */
export function amount(lamports: bigint): string {
  const digits = lamports.toString().padStart(10, '0');
  const part = digits.slice(-9).replace(/0+$/, '');
  return `${digits.slice(0, -9)}${part === '' ? '' : `.${part}`} SOL`;
}
