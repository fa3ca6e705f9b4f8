/** Solves A·x = b for a symmetric positive definite A (Cholesky). Throws a RangeError where it is not. */
export function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length;
  const l = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    const row = l[i] as Float64Array;
    for (let j = 0; j <= i; j++) {
      const other = l[j] as Float64Array;
      let sum = a[i]?.[j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * (other[k] as number);
      if (i !== j) row[j] = sum / (other[j] as number);
      else if (sum > 0) row[i] = Math.sqrt(sum);
      else throw new RangeError('the system has no single solution');
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - (l[i]?.[k] ?? 0) * (x[k] as number);
    x[i] = (x[i] as number) / (l[i]?.[i] ?? 1);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = (x[i] as number) - (l[k]?.[i] ?? 0) * (x[k] as number);
    x[i] = (x[i] as number) / (l[i]?.[i] ?? 1);
  }
  return Array.from(x);
}

/**
 * The normal equations of weighted least squares with a ridge penalty on all but the first column, which is 1:
 * (XᵀWX + λI)·w = XᵀWz.
 */
export function ridgeSystem(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  weights: readonly number[] | undefined,
  penalty: number,
): { a: number[][]; b: number[] } {
  const width = rows[0]?.length ?? 0;
  const a = Array.from({ length: width }, () => new Array<number>(width).fill(0));
  const b = new Array<number>(width).fill(0);
  rows.forEach((row, r) => {
    const weight = weights?.[r] ?? 1;
    for (let i = 0; i < width; i++) {
      const value = weight * (row[i] ?? 0);
      if (value === 0) continue;
      b[i] = (b[i] ?? 0) + value * (targets[r] ?? 0);
      const out = a[i] as number[];
      for (let j = 0; j <= i; j++) out[j] = (out[j] ?? 0) + value * (row[j] ?? 0);
    }
  });
  for (let i = 0; i < width; i++) {
    const row = a[i] as number[];
    row[i] = (row[i] ?? 0) + (i === 0 ? 1e-9 : penalty);
    for (let j = 0; j < i; j++) (a[j] as number[])[i] = row[j] ?? 0;
  }
  return { a, b };
}
