// Descent as lrcore does it, in the page: the same recurrence, the same order of mini-batches, the same way to stop.
// A problem is what lrcore.widgets.problem makes of X and Y. Weights are rows of numbers, the bias first where there is
// one: theta[p][j] belongs to column p of A = [1 | X] and to output j.

// The factor c of the gradient c A^T R, as in lrcore.loss.CONVENTIONS.
export const FACTORS = {
  half_mean: (N) => 1 / N,
  sum: () => 2,
  mean: (N) => 2 / N,
  mean_all: (N, D) => 2 / (N * D),
};

export const CONVENTIONS = [
  ["half_mean", "1/(2N) Σ r²"],
  ["sum", "Σ r²"],
  ["mean", "1/N Σ r²"],
  ["mean_all", "1/(ND) Σ r²"],
];

export const factor = (problem, convention) => FACTORS[convention](problem.N, problem.D);

// Full-batch descent is stable below `largest`; no constant rate without momentum is faster than `best`.
export function rates(problem, convention, momentum = 0) {
  const [top, low] = problem.curvature.map((value) => factor(problem, convention) * value);
  return { largest: (2 * (1 + momentum)) / top, best: 2 / (top + low), condition: top / low };
}

export const design = (problem) => problem.X.map((row) => (problem.intercept ? [1, ...row] : row));

export function residual(A, Y, theta) {
  return A.map((row, i) => Y[i].map((y, j) => row.reduce((sum, a, p) => sum + a * theta[p][j], 0) - y));
}

// A^T R
export function pulled(A, R) {
  return A[0].map((_, p) => R[0].map((_, j) => A.reduce((sum, row, i) => sum + row[p] * R[i][j], 0)));
}

const times = (G, V) => G.map((row) => V[0].map((_, j) => row.reduce((sum, g, q) => sum + g * V[q][j], 0)));
const squares = (V) => V.flat().reduce((sum, v) => sum + v * v, 0);
const minus = (V, U) => V.map((row, p) => row.map((v, j) => v - U[p][j]));

// How far above its minimum the sum of squares of output j lies: (theta - best)^T G (theta - best).
export function above(problem, theta, j) {
  const e = theta.map((row, p) => row[j] - problem.best[p][j]);
  return e.reduce((sum, a, p) => sum + a * problem.G[p].reduce((part, g, q) => part + g * e[q], 0), 0);
}

// The loss at theta and its gradient without the factor c. A crowd is described by G = A^T A and its minimum alone.
function measure(problem, A, theta) {
  if (!problem.whole) {
    const above_all = problem.floor.reduce((sum, floor, j) => sum + floor + above(problem, theta, j), 0);
    return [above_all, times(problem.G, minus(theta, problem.best))];
  }
  const R = residual(A, problem.Y, theta);
  return [squares(R), pulled(A, R)];
}

// lrcore.descent.descend: {thetas, losses, norms, diverged}. Iterate t is thetas[t].
/** @param {any} problem @param {Record<string, any>} setting */
export function descend(problem, { rate, convention, start, steps, batch = null, momentum = 0 }) {
  const c = factor(problem, convention);
  const A = problem.whole ? design(problem) : null;
  const batches = problem.whole && batch && batch < problem.N ? ordered(problem, batch) : null;
  const path = { thetas: [], losses: [], norms: [], diverged: false };
  let theta = start;
  let velocity = theta.map((row) => row.map(() => 0));
  for (let t = 0; t <= steps; t++) {
    const [sum, whole] = measure(problem, A, theta);
    const loss = (c / 2) * sum;
    const norm = c * Math.sqrt(squares(whole));
    const finite = Number.isFinite(loss) && Number.isFinite(norm);
    if (finite) {
      path.thetas.push(theta);
      path.losses.push(loss);
      path.norms.push(norm);
    }
    path.diverged = !finite || loss > 1e12 * Math.max(path.losses[0], 2.2250738585072014e-308);
    if (path.diverged || norm === 0) break;
    const [share, G] = batches ? sampled(problem, A, theta, batches.next().value) : [1, whole];
    velocity = velocity.map((row, p) => row.map((v, j) => momentum * v - rate * (c * share * G[p][j])));
    theta = theta.map((row, p) => row.map((v, j) => v + velocity[p][j]));
  }
  return path;
}

function sampled(problem, A, theta, rows) {
  const some = rows.map((i) => A[i]);
  const R = residual(some, rows.map((i) => problem.Y[i]), theta);
  return [problem.N / rows.length, pulled(some, R)];
}

// The batches of lrcore.descent, without end: every sample comes once in an epoch.
function* ordered(problem, size) {
  const next = generator(problem.random);
  for (;;) {
    const order = permutation(problem.N, next);
    for (let k = 0; k < order.length; k += size) yield order.slice(k, k + size);
  }
}

// numpy's PCG64 from its state, 32 bits a call: the low half of each draw, then the high one.
export function generator({ state, inc }) {
  const [multiplier, low64] = [0x2360ed051fc65da44385df649fccf645n, (1n << 64n) - 1n];
  let [current, step, half] = [BigInt(state), BigInt(inc), null];
  return () => {
    if (half !== null) {
      const kept = half;
      half = null;
      return kept;
    }
    current = BigInt.asUintN(128, current * multiplier + step);
    const mixed = (current >> 64n) ^ (current & low64);
    const turn = current >> 122n;
    const drawn = BigInt.asUintN(64, (mixed >> turn) | (mixed << ((64n - turn) & 63n)));
    half = Number(drawn >> 32n);
    return Number(drawn & 0xffffffffn);
  };
}

// numpy's Generator.permutation(n): Fisher and Yates, each place drawn under a mask until it fits.
export function permutation(n, next) {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const mask = 2 ** Math.ceil(Math.log2(i + 1)) - 1;
    let j;
    do j = (next() & mask) >>> 0;
    while (j > i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// Eigenvalues (largest first) and the unit eigenvector of the largest, for a symmetric 2 x 2 matrix.
/** @param {number[][]} matrix @returns {{ values: number[], vector: [number, number] }} */
export function eigen([[a, b], [, d]]) {
  const [middle, reach] = [(a + d) / 2, Math.hypot((a - d) / 2, b)];
  const angle = Math.atan2(2 * b, a - d) / 2;
  const top = middle + reach;
  return { values: [top, top ? (a * d - b * b) / top : 0], vector: [Math.cos(angle), Math.sin(angle)] };
}
