/** ln(n!) of the numbers below 64. */
const SMALL = [0];
for (let n = 1; n < 64; n += 1) SMALL.push((SMALL[n - 1] ?? 0) + Math.log(n));

/** ln(n!), by Stirling's series (https://dlmf.nist.gov/5.11#E1) for large numbers. @param n a whole number of 0 or more */
export function logFactorial(n: number): number {
  const small = SMALL[n];
  if (small !== undefined) return small;
  const inverse = 1 / n;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260)));
  return (n + 0.5) * Math.log(n) - n + 0.9189385332046727 + series;
}
