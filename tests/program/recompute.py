#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""recompute.py SAVED RESULT.json: recomputes a saved run in NumPy, from the .npy files alone.

Independent of the C code: the gradients are those of the definition f = v'X'S(Xp), the mean logistic
loss, and full-batch descent from v = p = 0; the test error is a trapezoidal sum of the bivariate law.
Tolerance: NumPy sums n*T*d' products in binary64, so its own error is at most about n*T*d' * 2^-53
of the sums of magnitudes; 1e-9 relative to the largest entry leaves a thousandfold margin at the
sizes tested here, and the result's [lo, hi] is widened by no more than that.
Prints "N passed, N failed".
"""
import json
import math
import sys
import pathlib
import numpy

TOLERANCE = 1e-9

passed = failed = 0


def check(condition, text):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print("recompute.py:", text)


def near(value, low, high, scale, text):
    slack = TOLERANCE * max(abs(scale), 1e-300)
    check(low - slack <= value <= high + slack, f"{text}: {value!r} is not in [{low!r}, {high!r}]")


def softmax(scores):
    shifted = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def forward(tokens, v, p):
    weights = softmax(tokens @ p)
    values = tokens @ v
    return (weights * values).sum(axis=1), weights, values


def step(tokens, labels, v, p, beta):
    output, weights, values = forward(tokens, v, p)
    slope = -labels / (1.0 + numpy.exp(labels * output)) / len(labels)
    by_value = slope[:, None] * weights
    by_score = by_value * (values - output[:, None])
    return (v - beta * numpy.einsum("nt,ntd->d", by_value, tokens),
            p - beta * numpy.einsum("nt,ntd->d", by_score, tokens))


def normal_cdf(x):
    return 0.5 * numpy.vectorize(math.erfc)(-x / math.sqrt(2.0))


def class_error(v, p, rho, axis, sign):
    """P(sign * f <= 0) for a fresh token pair (mu, xi), mu = rho e_axis."""
    a, b = sign * rho * v[axis], rho * p[axis]
    noise_v, noise_p = v[2:], p[2:]
    variance_v, variance_p = noise_v @ noise_v, noise_p @ noise_p
    if variance_p == 0.0:
        return float(normal_cdf(-a * math.exp(b) / math.sqrt(variance_v)))
    s_p = math.sqrt(variance_p)
    slope = sign * (noise_v @ noise_p) / s_p
    s_r = math.sqrt(variance_v - slope * slope)
    z = numpy.linspace(-38.0, 38.0, 400001)
    density = numpy.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    with numpy.errstate(over="ignore"):
        error = density * normal_cdf(-(a * numpy.exp(b - s_p * z) + slope * z) / s_r)
    return float(error.sum() * (z[1] - z[0]))


def check_step(report, tokens, labels, clean, v, p, rho):
    output, weights, _ = forward(tokens, v, p)
    margin = labels * output
    name = f"step {report['step']}"
    fit = report["train_fit"]
    check(fit["all"]["k"] == int((margin > 0).sum()), f"{name}: fit of all")
    if clean is not None:
        kept = clean == labels
        check(fit["clean"]["k"] == int((margin[kept] > 0).sum()), f"{name}: fit of clean")
        check(fit["noisy"]["k"] == int((margin[~kept] > 0).sum()), f"{name}: fit of noisy")
    least = report["min_margin"]
    near(margin.min(), least["lo"], least["hi"], abs(margin).max(), f"{name}: least margin")
    loss = report["loss"]
    near(numpy.logaddexp(0.0, -margin).mean(), loss["lo"], loss["hi"], 1.0, f"{name}: loss")
    attention = report.get("signal_attention")
    if attention and clean is not None:
        kept = clean == labels
        signal = weights[:, 0]
        for key, value in (("clean_min", signal[kept].min()), ("clean_mean", signal[kept].mean()),
                           ("noisy_max", signal[~kept].max()),
                           ("noisy_mean", signal[~kept].mean())):
            near(value, attention[key]["lo"], attention[key]["hi"], 1.0, f"{name}: {key}")
    error = report.get("test_error")
    if error and rho and tokens.shape[1] == 2 and float(error["hi"]) > 1e-200:
        mean = 0.5 * (class_error(v, p, rho, 0, 1.0) + class_error(v, p, rho, 1, -1.0))
        # Relative: a tail of relative size 1e-6 is what the grid and erfc of libm can promise.
        low, high = float(error["lo"]), float(error["hi"])
        check(low * (1 - 1e-6) <= mean <= high * (1 + 1e-6),
              f"{name}: test error {mean!r} is not in [{error['lo']}, {error['hi']}]")


def main():
    saved, result = pathlib.Path(sys.argv[1]), json.load(open(sys.argv[2], encoding="utf-8"))
    tokens = numpy.load(saved / "tokens.npy")
    labels = numpy.load(saved / "labels.npy")
    clean = saved / "clean_labels.npy"
    clean = numpy.load(clean) if clean.exists() else None
    settings = result["settings"]
    v = numpy.zeros(tokens.shape[2])
    p = numpy.zeros(tokens.shape[2])
    for report in result["steps"]:
        v, p = step(tokens, labels, v, p, settings["beta"])
        for letter, mine in (("v", v), ("p", p)):
            theirs = numpy.load(saved / f"{letter}{report['step']}.npy")
            scale = max(abs(theirs).max(), 1e-300)
            check(abs(theirs - mine).max() <= TOLERANCE * scale,
                  f"{letter}{report['step']} differs by {abs(theirs - mine).max() / scale:.3g}")
        check_step(report, tokens, labels, clean, v, p, settings.get("rho"))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
