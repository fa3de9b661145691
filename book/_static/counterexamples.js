// Claims that a reader refutes with numbers. Each says of the numbers what a counterexample has to show, and whether they
// show it: the first thing that they do not is told. tests/book/test_typed_counterexamples.py decides the same with numpy.

const near = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
const times = (A, B) => A.map((row) => B[0].map((_, k) => row.reduce((sum, one, m) => sum + one * B[m][k], 0)));
const same = (A, B) => A.every((row, i) => row.every((one, k) => near(one, B[i][k])));
const dot = (a, b) => a.reduce((sum, one, k) => sum + one * b[k], 0);
const trace = (A) => A.reduce((sum, row, k) => sum + row[k], 0);
const det = ([[a, b], [c, d]]) => a * d - b * c;
const inverse = ([[a, b], [c, d]]) => [[d, -b], [-c, a]].map((row) => row.map((one) => one / det([[a, b], [c, d]])));
const isZero = (A) => A.flat().every((one) => near(one, 0));
const softmax = (z) => {
  const powers = z.map((one) => Math.exp(one - Math.max(...z)));
  return powers.map((one) => one / powers.reduce((a, b) => a + b));
};
const told = (number) => String(Number(number.toPrecision(4)));

// Four samples whose line of least squares is y = x, with the residuals 0.1, -0.1, -0.1, 0.1.
const SAMPLES = [[0, 0.1], [1, 0.9], [2, 1.9], [3, 3.1]];

export const CLAIMS = {
  "square-is-zero": ({ A }) => [
    ["A times itself is not zero.", isZero(times(A, A))],
    ["That is the zero matrix, for which the claim is true.", !isZero(A)],
  ],
  "inverse-of-a-sum": ({ a, b }) => [
    ["One of the two numbers, or their sum, has no inverse.", !near(a[0][0] * b[0][0] * (a[0][0] + b[0][0]), 0)],
    ["For these numbers it is true.", !near(1 / (a[0][0] + b[0][0]), 1 / a[0][0] + 1 / b[0][0])],
  ],
  "inverse-of-a-product": ({ A, B }) => [
    ["A has no inverse.", !near(det(A), 0)],
    ["B has no inverse.", !near(det(B), 0)],
    ["For these two the order does not matter.", !same(inverse(times(A, B)), times(inverse(A), inverse(B)))],
  ],
  "shapes-fit": ({ x, w, y }) => {
    const [right, other] = [2 * x[0][0] * (x[0][0] * w[0][0] - y[0][0]), 2 * x[0][0] * y[0][0]];
    return [[`Here both are ${told(right)}.`, !near(right, other)]];
  },
  "no-gradient": ({ x, w, b, y }) => {
    const error = dot(x[0], w[0]) + b[0][0] - y[0][0];
    return [
      [`The gradient with respect to the weights is (${x[0].map((one) => told(2 * error * one)).join(", ")}).`, x[0].every((one) => near(2 * error * one, 0))],
      ["The prediction is right.", !near(error, 0)],
    ];
  },
  "another-zero": ({ w, b }) => [
    [`The loss is ${told((w[0][0] + w[0][1] + b[0][0] - 3) ** 2)}, not zero.`, near(w[0][0] + w[0][1] + b[0][0], 3)],
    ["That is the one which descent finds.", !(near(w[0][0], 1) && near(w[0][1], 1) && near(b[0][0], 1))],
  ],
  "same-loss": ({ x, y, v, w }) => {
    const loss = (u) => x[0].reduce((sum, one, k) => sum + (one * u[0][0] - y[0][k]) ** 2, 0) / 2;
    return [
      [`The losses are ${told(loss(v))} and ${told(loss(w))}.`, near(loss(v), loss(w))],
      ["Both give the same predictions.", !x[0].every((one) => near(one * v[0][0], one * w[0][0]))],
    ];
  },
  "order-in-a-trace": ({ A, B, C }) => {
    const [first, second] = [trace(times(times(A, B), C)), trace(times(times(B, A), C))];
    return [[`Both orders give ${told(first)}.`, !near(first, second)]];
  },
  "not-symmetric": ({ G, w }) => {
    const column = w[0].map((one) => [one]);
    const gradient = G.map((row, i) => [row.reduce((sum, one, k) => sum + (one + G[k][i]) * w[0][k], 0)]);
    return [["For these the gradient is 2 G w.", !same(gradient, times(G, column).map(([one]) => [2 * one]))]];
  },
  "rate-that-shrinks": ({ q }) => {
    let [w, falls] = [1, true];
    for (let k = 1; k <= 1000; k++) {
      const next = w * (1 - q[0][0] ** k);
      falls &&= next ** 2 < w ** 2 || q[0][0] ** k < 1e-12; // at the end the steps are smaller than what rounding leaves
      w = next;
    }
    return [
      ["The rate has to be positive.", q[0][0] > 0],
      ["The loss does not fall at every step.", falls],
      [`After 1000 steps the loss is ${told(w * w)}: from these numbers nobody can say that it does not go to zero. Let the rate shrink faster.`, w * w > 0.01],
    ];
  },
  "small-determinant": ({ a, b }) => {
    const [large, small] = [Math.max(a[0][0] ** 2, b[0][0] ** 2), Math.min(a[0][0] ** 2, b[0][0] ** 2)];
    return [
      ["The matrix has no inverse: its condition number is infinite.", small > 0],
      [`The determinant is ${told(large * small)}, which is not below one millionth.`, large * small < 1e-6],
      [`The condition number is ${told(large / small)}, which is not below 10.`, large / small < 10],
    ];
  },
  "far-and-harmless": ({ x, y }) => {
    const [at, value] = [x[0][0], y[0][0]];
    const all = [...SAMPLES, [at, value]];
    const mean = all.reduce((sum, [one]) => sum + one, 0) / 5;
    const leverage = 1 / 5 + (at - mean) ** 2 / all.reduce((sum, [one]) => sum + (one - mean) ** 2, 0);
    return [
      [`Its leverage is ${told(leverage)}, which is not above 0.8.`, leverage > 0.8],
      [`Without it the line predicts ${told(at)} there. This sample is elsewhere, so it pulls.`, Math.abs(value - at) < 0.01],
    ];
  },
  "zero-first-layer": ({ u, v }) => {
    const [hidden, out] = [Math.tanh(u[0][0]), v[0][0]];
    const error = out * hidden - 0.5;
    return [
      [`The derivative with respect to the first weight is ${told(2 * error * out * (1 - hidden ** 2))}.`, near(error * out * (1 - hidden ** 2), 0)],
      ["The loss is zero: that is a minimum.", !near(error, 0)],
    ];
  },
  "stuck-start": ({ u, v }) => {
    const [hidden, out] = [Math.tanh(u[0][0]), v[0][0]];
    const error = out * hidden - 0.5;
    return [
      ["The loss is zero: from there nothing has to move.", !near(error, 0)],
      ["Descent moves the first weight.", near(error * out * (1 - hidden ** 2), 0)],
      ["Descent moves the second weight.", near(error * hidden, 0)],
    ];
  },
  "same-probabilities": ({ z, s }) => [
    [`The first probabilities are ${told(softmax(z[0])[0])} and ${told(softmax(s[0])[0])}, or others differ.`, same([softmax(z[0])], [softmax(s[0])])],
    ["The scores are the same.", !same(z, s)],
  ],
  "easy-validation": ({ x, y }) => [
    [`The validation loss is ${told((y[0][0] - x[0][0]) ** 2)}.`, (y[0][0] - x[0][0]) ** 2 < 0.01 - 1e-12],
  ],
};
