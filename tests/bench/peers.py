# SPDX-License-Identifier: Apache-2.0
"""peers.py: the gradient-descent step of the single-head model as others would write it.

    f(X; v, p) = v' X' S(X p), mean logistic loss                              (arXiv 2410.07746)

Main result: each peer computes v - step * dL/dv and p - step * dL/dp of one Problem, as the
kernel's at_single_head_step does, without its projection; disagreement() compares two results
against a derived bound, so that no peer is fast because it computes something else.
"""
import dataclasses

import numpy


@dataclasses.dataclass
class Problem:
    """tokens: (samples, token_count, dim), normal; labels +1 or -1; v, p of norm about 1."""

    samples: int
    token_count: int
    dim: int
    tokens: numpy.ndarray
    labels: numpy.ndarray
    v: numpy.ndarray
    p: numpy.ndarray
    step: float = 0.1

    @property
    def rows(self):
        return self.tokens.reshape(self.samples * self.token_count, self.dim)


def problem(samples, token_count, dim):
    draw = numpy.random.default_rng(1)
    return Problem(
        samples,
        token_count,
        dim,
        draw.standard_normal((samples, token_count, dim)),
        numpy.where(draw.random(samples) < 0.5, -1.0, 1.0),
        draw.standard_normal(dim) / dim**0.5,
        draw.standard_normal(dim) / dim**0.5,
    )


class NumpyStep:
    """The step in NumPy, every array of size dim or rows made beforehand.

    gemv: four products of a matrix and a vector; gemm: two of matrices, v and p as the rows of one
    array, as such code keeps them.
    """

    def __init__(self, data):
        self.data, self.both = data, numpy.stack((data.v, data.p))
        rows = len(data.rows)
        self.scale = data.step / data.samples
        self.pair = numpy.empty((2, rows))
        self.next = numpy.empty((2, data.dim))
        self.coefficients = numpy.empty((2, rows))

    def pool(self):
        """Both coefficients of every row, times the scale, from values and scores in `pair`."""
        data = self.data
        shape = (data.samples, data.token_count)
        values, weights = self.pair[0].reshape(shape), self.pair[1].reshape(shape)
        by_value, by_score = (row.reshape(shape) for row in self.coefficients)
        weights -= weights.max(axis=1, keepdims=True)
        numpy.exp(weights, out=weights)
        weights /= weights.sum(axis=1, keepdims=True)
        outputs = numpy.einsum("it,it->i", weights, values)
        slopes = -self.scale * data.labels / (1.0 + numpy.exp(data.labels * outputs))
        numpy.multiply(slopes[:, None], weights, out=by_value)
        values -= outputs[:, None]
        numpy.multiply(by_value, values, out=by_score)

    def gemv(self):
        rows = self.data.rows
        for weight, products in zip(self.both, self.pair):
            numpy.dot(rows, weight, out=products)
        self.pool()
        for coefficients, update in zip(self.coefficients, self.next):
            numpy.dot(coefficients, rows, out=update)
        return numpy.subtract(self.both, self.next, out=self.next)

    def gemm(self):
        rows = self.data.rows
        numpy.matmul(self.both, rows.T, out=self.pair)
        self.pool()
        numpy.matmul(self.coefficients, rows, out=self.next)
        return numpy.subtract(self.both, self.next, out=self.next)


def torch_step(data, single=False):
    """A function that takes the step with PyTorch's autograd, in binary64 or `single` precision."""
    import torch

    torch.set_num_threads(1)
    kind = torch.float32 if single else torch.float64
    rows = torch.from_numpy(data.rows).to(kind)
    labels = torch.from_numpy(data.labels).to(kind)
    v, p = (torch.from_numpy(x.copy()).to(kind).requires_grad_() for x in (data.v, data.p))
    shape = (data.samples, data.token_count)

    def step():
        weights = torch.softmax((rows @ p).view(shape), dim=1)
        outputs = (weights * (rows @ v).view(shape)).sum(dim=1)
        loss = torch.nn.functional.softplus(-labels * outputs).mean()
        gradients = torch.autograd.grad(loss, (v, p))
        with torch.no_grad():
            return [w.sub(g, alpha=data.step).double().numpy() for w, g in zip((v, p), gradients)]

    return step


class MpmathStep:
    """The step with mpmath.fdot at `bits`; the data become mpmath's numbers once, before."""

    def __init__(self, data, bits):
        import mpmath

        self.context = mpmath.mp.clone()
        self.context.prec = bits
        number = self.context.mpf
        self.data = data
        self.rows = [[number(float(x)) for x in row] for row in data.rows]
        self.columns = [list(column) for column in zip(*self.rows)]
        self.v = self.p = [number(0)] * data.dim

    def coefficients(self, i):
        """Score and value coefficients of sample i."""
        exp, fdot, label = self.context.exp, self.context.fdot, int(self.data.labels[i])
        rows = self.rows[i * self.data.token_count : (i + 1) * self.data.token_count]
        scores = [fdot(row, self.p) for row in rows]
        values = [fdot(row, self.v) for row in rows]
        largest = max(scores)
        weights = [exp(score - largest) for score in scores]
        total = sum(weights)
        weights = [weight / total for weight in weights]
        output = fdot(weights, values)
        slope = -label / (1 + exp(label * output))
        by_value = [slope * weight for weight in weights]
        return [c * (value - output) for c, value in zip(by_value, values)], by_value

    def step(self):
        """The next v and p, as lists."""
        by_score, by_value = [], []
        for i in range(self.data.samples):
            more_score, more_value = self.coefficients(i)
            by_score += more_score
            by_value += more_value
        fdot, scale = self.context.fdot, self.context.mpf(self.data.step) / self.data.samples
        return (
            [v - scale * fdot(column, by_value) for v, column in zip(self.v, self.columns)],
            [p - scale * fdot(column, by_score) for p, column in zip(self.p, self.columns)],
        )


def checksum(result):
    """The sum of all magnitudes of a result (v, p)."""
    return float(sum(numpy.abs(numpy.asarray(part)).sum() for part in result))


def distance(result, kernel):
    """The largest difference of two results (v, p), relative to the largest entry of each part."""
    return max(
        float(numpy.abs(numpy.asarray(x) - y).max() / max(numpy.abs(y).max(), 1e-300))
        for x, y in zip(result, kernel)
    )


class Experiment:
    """A whole experiment in full coordinates: draw, two steps from zero, train fit, test error.

    Data as in harness/data/synthetic.h, of two tokens: a signal rho e_0 or rho e_1, and noise that
    is normal in the other coordinates.  What the signals contribute is written out, so that only
    the noise is kept, drawn and multiplied.
    """

    CHUNK = 250  # test samples drawn at a time

    def __init__(self, settings):
        self.settings = settings
        self.noise = numpy.empty((settings.samples, settings.dim))
        self.fresh = numpy.empty((self.CHUNK, settings.dim))

    def draw(self, rng, out):
        rng.standard_normal(out=out)
        out[:, :2] = 0.0

    def labels(self, rng):
        """(class 0 or 1, label) of each training sample."""
        kind = rng.integers(0, 2, self.settings.samples)
        flip = rng.random(self.settings.samples) < self.settings.eta
        return kind, numpy.where((kind == 0) ^ flip, 1.0, -1.0)

    def products(self, both, kind, noise):
        """Values and scores (2, samples) of signal and noise tokens."""
        return self.settings.rho * both[:, kind], both @ noise.T

    @staticmethod
    def outputs(signal, noise):
        """Attention on the signal, and outputs, from (value, score) of both tokens."""
        attention = 1.0 / (1.0 + numpy.exp(noise[1] - signal[1]))
        return attention, attention * signal[0] + (1.0 - attention) * noise[0]

    def gradients(self, both, kind, label):
        signal, noise = self.products(both, kind, self.noise)
        attention, outputs = self.outputs(signal, noise)
        slope = -label / (1.0 + numpy.exp(label * outputs)) / self.settings.samples
        by_score = slope * attention * (1.0 - attention) * (signal[0] - noise[0])
        of_signal = numpy.stack((slope * attention, by_score))
        of_noise = numpy.stack((slope * (1.0 - attention), -by_score))
        gradients = of_noise @ self.noise
        for k in (0, 1):
            gradients[:, k] += self.settings.rho * of_signal[:, kind == k].sum(axis=1)
        return gradients

    def steps(self, kind, label):
        both = numpy.zeros((2, self.settings.dim))
        for _ in range(2):
            both -= self.settings.beta * self.gradients(both, kind, label)
        return both

    def wrong(self, both, rng):
        """Wrong clean labels among CHUNK fresh samples."""
        self.draw(rng, self.fresh)
        kind = rng.integers(0, 2, self.CHUNK)
        _, outputs = self.outputs(*self.products(both, kind, self.fresh))
        return int(((outputs > 0) != (kind == 0)).sum())

    def run(self):
        """(fit, error)."""
        rng = numpy.random.default_rng(self.settings.seed)
        kind, label = self.labels(rng)
        self.draw(rng, self.noise)
        both = self.steps(kind, label)
        _, outputs = self.outputs(*self.products(both, kind, self.noise))
        wrong = sum(self.wrong(both, rng) for _ in range(self.settings.test // self.CHUNK))
        return float((label * outputs > 0).mean()), wrong / self.settings.test


class TorchExperiment(Experiment):
    """The same with PyTorch's generator and autograd, in binary64."""

    def __init__(self, settings):
        import torch

        super().__init__(settings)
        torch.set_num_threads(1)
        self.torch = torch
        torch.manual_seed(settings.seed)

    def draw(self, rng, out):
        self.torch.randn(out.shape, dtype=self.torch.float64, out=self.torch.from_numpy(out))
        out[:, :2] = 0.0

    def steps(self, kind, label):
        torch, settings = self.torch, self.settings
        noise, label = torch.from_numpy(self.noise), torch.from_numpy(label)
        kind = torch.from_numpy(kind)
        both = torch.zeros((2, settings.dim), dtype=torch.float64, requires_grad=True)
        for _ in range(2):
            signal, other = settings.rho * both[:, kind], both @ noise.T
            attention = torch.sigmoid(signal[1] - other[1])
            outputs = attention * signal[0] + (1.0 - attention) * other[0]
            loss = torch.nn.functional.softplus(-label * outputs).mean()
            (gradient,) = torch.autograd.grad(loss, both)
            with torch.no_grad():
                both -= settings.beta * gradient
        return both.detach().numpy()


def error_bound(data):
    """For each entry of v and p after the step, how far two binary64 computations may differ.

    To first order, with u = 2^-53, whatever the order of the sums (Higham, Accuracy and Stability
    of Numerical Algorithms, section 3.1: a sum of n products errs by at most n u times the sum of
    their magnitudes), and 64 u for the few operations and the exp of C or vector libraries in
    between:
      scores  s, errors at most ds = d u max |x|.|p|;         values likewise dv = d u max |x|.|v|
      weights relative dw = 2 ds + 64 u;     output df = dv + dw V, V the largest |value|
      slope   df / 4 + 64 u, for |loss''| <= 1/4;             value coefficients  a = that + dw
      score coefficients b = 2 V (a + 64 u) + dv + df
      gradient entry: mean over samples of the sums of |x| (error + n T u |coefficient|).
    Twice for two computations, and twice again for the products of errors that are left out.
    """
    u = 2.0**-53
    rows, magnitudes = data.rows, numpy.abs(data.rows)
    scores, values = rows @ data.p, rows @ data.v
    score_error = data.dim * u * (magnitudes @ numpy.abs(data.p)).max()
    value_error = data.dim * u * (magnitudes @ numpy.abs(data.v)).max()
    largest = numpy.abs(values).max()
    weight_error = 2.0 * score_error + 64.0 * u
    output_error = value_error + weight_error * largest
    a = output_error / 4.0 + 64.0 * u + weight_error
    b = 2.0 * largest * (a + 64.0 * u) + value_error + output_error
    bounds = []
    step = NumpyStep(data)
    step.gemv()
    coefficients = step.coefficients / step.scale
    for weights, error, c in zip((data.v, data.p), (a, b), coefficients):
        terms = error + len(rows) * u * numpy.abs(c)
        gradient = (terms @ magnitudes) / data.samples
        bounds.append(4.0 * (data.step * gradient + 4.0 * u * numpy.abs(weights)))
    return bounds


def disagreement(data, one, other):
    """The largest difference of two results (v, p) over error_bound: at most 1 is agreement."""
    return max(
        float((numpy.abs(numpy.asarray(x) - numpy.asarray(y)) / bound).max())
        for x, y, bound in zip(one, other, error_bound(data))
    )
