# SPDX-License-Identifier: Apache-2.0
"""peers.py: the gradient-descent step of the single-head model as others would write it.

    f(X; v, p) = v' X' S(X p), mean logistic loss                              (arXiv 2410.07746)

Main result: each peer computes v - step * dL/dv and p - step * dL/dp of one Problem, as the
kernel's at_single_head_step does, without its projection; disagreement() compares two results
against a derived bound, so that no peer is fast because it computes something else.
"""
import dataclasses
import importlib.util

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


def numpy_coefficients(data, scores, values):
    """Score and value coefficients (rows), from scores and values (rows)."""
    shape = (data.samples, data.token_count)
    scores, values = scores.reshape(shape), values.reshape(shape)
    weights = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    outputs = (weights * values).sum(axis=1)
    slopes = -data.labels / (1.0 + numpy.exp(data.labels * outputs))
    value_coefficients = slopes[:, None] * weights
    score_coefficients = value_coefficients * (values - outputs[:, None])
    return score_coefficients.ravel(), value_coefficients.ravel()


def numpy_gemv(data):
    """Four products of a matrix and a vector."""
    rows, scale = data.rows, data.step / data.samples
    scores, values = rows @ data.p, rows @ data.v
    score_coefficients, value_coefficients = numpy_coefficients(data, scores, values)
    return (
        data.v - scale * (value_coefficients @ rows),
        data.p - scale * (score_coefficients @ rows),
    )


def numpy_gemm(data, both):
    """Two products of matrices; both: v and p as two rows of one array, as such code keeps them."""
    rows, scale = data.rows, data.step / data.samples
    values, scores = both @ rows.T
    score_coefficients, value_coefficients = numpy_coefficients(data, scores, values)
    return both - scale * (numpy.stack((value_coefficients, score_coefficients)) @ rows)


def torch_step(data):
    """A function that takes the step with PyTorch's autograd, or None where that is absent."""
    if importlib.util.find_spec("torch") is None:
        return None
    import torch

    torch.set_num_threads(1)
    tokens, labels = torch.from_numpy(data.tokens), torch.from_numpy(data.labels)
    v = torch.from_numpy(data.v.copy()).requires_grad_()
    p = torch.from_numpy(data.p.copy()).requires_grad_()

    def step():
        outputs = (torch.softmax(tokens @ p, dim=1) * (tokens @ v)).sum(dim=1)
        loss = torch.nn.functional.softplus(-labels * outputs).mean()
        gradient_v, gradient_p = torch.autograd.grad(loss, (v, p))
        return (v - data.step * gradient_v).detach(), (p - data.step * gradient_p).detach()

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
        self.v = [number(float(x)) for x in data.v]
        self.p = [number(float(x)) for x in data.p]

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
    coefficients = numpy_coefficients(data, scores, values)
    for weights, error, c in ((data.v, a, coefficients[1]), (data.p, b, coefficients[0])):
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
