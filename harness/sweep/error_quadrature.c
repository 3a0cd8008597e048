/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose, main result, derivation, assumptions, test: see error_quadrature.h, whose letters are
 * used; u = 2^-53 is `unit`.
 */
#include "harness/sweep/error_quadrature.h"

#include <float.h>
#include <math.h>

#include "harness/sweep/elementary.h"
#include "kernel/double_guard.h"

enum { ATTEMPTS = 6, MOST_NODES = 1 << 14, SEARCH_STEPS = 200 };

static const double unit = 0x1p-53;
static const double sqrt_half = 0x1.6a09e667f3bcdp-1;
static const double log_two = 0x1.62e42fefa39efp-1;
static const double two_pi = 0x1.921fb54442d18p+2;
/* log(1/sqrt(2 pi)) */
static const double log_factor = -0x1.d67f1c864beb5p-1;
/* y of the first attempt, and 2 pi y/D: what the contour gains, as an exponent */
static const double first_height = 0.2;
static const double gain = 42.0;
/* k is at least s, and at least this part of the root of the curvature of psi at m */
static const double least_scale = 0.1;
/* f is the product of exp(-z^2/2) and a log-concave factor: negligible this far from its peak */
static const double reach = 11.0;
/* the window ends where f has fallen to 2^-80 of the largest */
static const double window_drop = 0x1p-80;
/* slack of 1 to 3 that is good enough, relative */
static const double slack_goal = 0x1p-38;
static const double largest_exponent = 300.0;

/* ---- the integrand on the real line ---- */

struct point {
  double z;
  double power;  /* exp(l - s z) */
  double height; /* h */
  double slope;  /* h' */
  double psi;
};

static double positive_part(double x)
{
  return x > 0.0 ? x : 0.0;
}

/* exp(l - s z); f is far below any peak where the exponent is cut off */
static double power_at(const struct at_error_shape *shape, double z)
{
  double exponent = shape->log_scale - shape->rate * z;
  if (exponent > largest_exponent) exponent = largest_exponent;
  if (exponent < -largest_exponent) exponent = -largest_exponent;
  return at_exp_signed(exponent);
}

static struct point point_at(const struct at_error_shape *shape, double z)
{
  struct point point = {.z = z, .power = power_at(shape, z)};
  point.height = point.power + shape->slope * z;
  point.slope = shape->slope - shape->rate * point.power;
  const double risen = positive_part(point.height);
  point.psi = 0.5 * (z * z + risen * risen);
  return point;
}

static double psi_slope(const struct point *point)
{
  return point->z + positive_part(point->height) * point->slope;
}

static double psi_curvature(const struct point *point, double rate)
{
  if (point->height <= 0.0) return 1.0;
  return 1.0 + point->slope * point->slope + point->height * rate * rate * point->power;
}

/* psi rises at `high` and falls at `low`; before both are known a step is at most `stride` long. */
struct bracket {
  double low, high, stride;
};

/* Where to look after a point of this slope and curvature: Newton's step, kept in the bracket. */
static double next_place(struct bracket *bracket, double z, double slope, double curvature)
{
  const double place = z - slope / curvature;
  if (slope > 0.0)
    bracket->high = z;
  else
    bracket->low = z;
  if (bracket->low > -DBL_MAX && bracket->high < DBL_MAX) {
    const bool inside = place > bracket->low && place < bracket->high;
    return inside ? place : bracket->low + 0.5 * (bracket->high - bracket->low);
  }
  /* psi may be flatter here than where the step leads: each step at most twice the last */
  const double stride = bracket->stride;
  bracket->stride *= 2.0;
  return fabs(place - z) <= stride ? place : z + (slope > 0.0 ? -stride : stride);
}

/* A point near the least psi. */
static bool peak_find(struct point *peak, const struct at_error_shape *shape)
{
  struct bracket bracket = {-DBL_MAX, DBL_MAX, 1.0};
  double z = 0.0;
  for (int k = 0; k < SEARCH_STEPS; k++) {
    *peak = point_at(shape, z);
    const double slope = psi_slope(peak);
    const double curvature = psi_curvature(peak, shape->rate);
    if (slope * slope <= 1e-4 * curvature) return true;
    z = next_place(&bracket, z, slope, curvature);
  }
  return false;
}

/* ---- one attempt ---- */

/* The rectangle, and what one pass over the nodes gathers, in units of exp(-reference)/sqrt(2 pi).
 */
struct pass {
  const struct at_error_shape *shape;
  double centre, scale; /* m and k */
  double height, step;  /* y and D */
  double cosine, sine;  /* of y */
  double reference;
  double peak, most; /* a z near the largest f, and that f */
  double sum;        /* of F */
  double doubt;      /* of F d */
  double largest_doubt;
  double top;  /* T exp(-2 pi y/D) */
  double ends; /* D (log 2/(2 pi)) (S_0 + S_N), and the tails */
  int nodes;
  bool failed;
};

/* A node on the real line: sinh(x)/k, cosh(x)/k and the integrand. */
struct node {
  double x, across, along;
  struct point at;
};

/* z and z' at height t above x, for given cos t and sin t; W as far as it is followed. */
struct lifted {
  double x, y;             /* z */
  double dx, dy;           /* z' */
  double size;             /* |W| */
  double cosine, sine;     /* of s Y, or bounds of them */
  bool followed;           /* s Y <= 1 */
  double value, imaginary; /* u and v of w, or their bounds */
};

/* exp(x) for x <= 0; anything else ends the attempt. */
static double falling_exp(struct pass *pass, double x)
{
  if (x <= 0.0) return at_exp_signed(x < -largest_exponent ? -largest_exponent : x);
  pass->failed = true;
  return 1.0;
}

/* cos and sin of an angle of at most one, within 3e-7. */
static void cosine_sine(double *cosine, double *sine, double angle)
{
  const double q = angle * angle;
  *cosine = 1.0 - q * (1.0 / 2.0 - q * (1.0 / 24.0 - q * (1.0 / 720.0)));
  *sine = angle * (1.0 - q * (1.0 / 6.0 - q * (1.0 / 120.0 - q * (1.0 / 5040.0))));
}

static struct node node_at(const struct pass *pass, double x)
{
  const double growth = at_exp_signed(x);
  const double decay = 1.0 / growth;
  struct node node = {.x = x};
  node.across = 0.5 * (growth - decay) / pass->scale;
  node.along = 0.5 * (growth + decay) / pass->scale;
  node.at = point_at(pass->shape, pass->centre + node.across);
  return node;
}

static struct lifted lift(const struct pass *pass, const struct node *node)
{
  const struct at_error_shape *shape = pass->shape;
  struct lifted up;
  up.x = pass->centre + node->across * pass->cosine;
  up.y = node->along * pass->sine;
  up.dx = node->along * pass->cosine;
  up.dy = node->across * pass->sine;
  up.size = power_at(shape, up.x);
  up.followed = shape->rate * up.y <= 1.0;
  up.cosine = -1.0;
  up.sine = 1.0;
  if (up.followed) cosine_sine(&up.cosine, &up.sine, shape->rate * up.y);
  up.value = shape->slope * up.x + up.size * up.cosine;
  up.imaginary =
    up.followed ? shape->slope * up.y - up.size * up.sine : fabs(shape->slope) * up.y + up.size;
  return up;
}

/* d of a node: its rounded place, z^2/2, h through Mills' ratio, psi - reference, exp, r. */
static double node_doubt(const struct pass *pass, const struct node *node)
{
  const struct at_error_shape *shape = pass->shape;
  const double place = 6.0 * unit * (fabs(pass->centre) + node->along);
  const double size = fabs(node->at.z);
  const double risen = positive_part(node->at.height);
  const double exponent = shape->log_scale_error +
                          shape->rate * (size * (shape->rate_error + 3.0 * unit) + place) +
                          2.0 * unit * fabs(shape->log_scale) + 5.0 * unit;
  const double height = node->at.power * exponent + size * shape->slope_error +
                        fabs(shape->slope) * (3.0 * unit * size + place) +
                        2.0 * unit * fabs(node->at.height);
  return size * (2.0 * unit * size + place) + (risen + 1.0) * (height + unit * risen) +
         4.0 * unit * node->at.psi + 90.0 * unit;
}

/* f at a point, in units of exp(-reference). */
static double point_value(struct pass *pass, const struct point *point)
{
  const double fall = falling_exp(pass, pass->reference - point->psi);
  const double size = fabs(point->height);
  const double square = 0.5 * size * size;
  if (point->height < 0.0 && square > largest_exponent) return fall;
  const double scaled = 0.5 * at_scaled_erfc(sqrt_half * size);
  return point->height >= 0.0 ? fall * scaled : fall * (1.0 - scaled * at_exp_signed(-square));
}

/* A bound of |E'| on the top above a node. */
static double top_slope(const struct pass *pass, const struct lifted *up)
{
  const struct at_error_shape *shape = pass->shape;
  if (!up->followed) {
    const double z = sqrt(up->x * up->x + up->y * up->y);
    const double dz = sqrt(up->dx * up->dx + up->dy * up->dy);
    const double slope = fabs(shape->slope);
    return dz * (z + (slope * z + up->size) * (slope + shape->rate * up->size));
  }
  const double turn = shape->slope - shape->rate * up->size * up->cosine; /* B - s W */
  const double twist = shape->rate * up->size * up->sine;
  const double real = turn * up->dx - twist * up->dy;
  const double imaginary = turn * up->dy + twist * up->dx;
  const double z_part = up->x * up->dx - up->y * up->dy;
  if (up->value > 0.0) return fabs(z_part + up->value * real - up->imaginary * imaginary);
  return fabs(z_part - up->imaginary * imaginary);
}

/* A bound of |E''| on the top within `half` of a node. */
static double top_bend(const struct pass *pass, const struct lifted *up, double along, double half)
{
  const struct at_error_shape *shape = pass->shape;
  const double dz = along * (1.0 + 2.0 * half); /* exp(half), half < 1 */
  const double swing = shape->rate * half * dz; /* exp(t) <= 1 + 2t for t <= 1 */
  const double size =
    swing <= 1.0 ? up->size * (1.0 + 2.0 * swing) : power_at(shape, up->x - half * dz);
  const double turn = fabs(shape->slope) + shape->rate * size;
  const double z = fabs(up->x) + up->y + half * dz;
  const double w = fabs(up->value) + fabs(up->imaginary) + half * turn * dz;
  return dz * dz + z * dz + turn * turn * dz * dz +
         w * (turn * dz + shape->rate * shape->rate * size * dz * dz);
}

/* A bound of |F| over D/2 to both sides of the node on the top, times exp(-2 pi y/D). */
static double node_top(struct pass *pass, const struct node *node)
{
  const double half = 0.5 * pass->step;
  const struct lifted up = lift(pass, node);
  const double risen = positive_part(up.value);
  const double bend = top_bend(pass, &up, node->along, half);
  const double exponent =
    0.5 * (up.y * up.y + up.imaginary * up.imaginary - up.x * up.x - risen * risen);
  return 1.05 * node->along *
         falling_exp(pass, exponent + top_slope(pass, &up) * half + 0.5 * bend * half * half +
                             pass->reference - gain);
}

/* A bound of |F| on the vertical side at x, times D (log 2/(2 pi)) 2: z runs from the real line to
 * the top, X and |W| between their values there, v at most |B| Y + |W| sin(s Y). */
static double side_bound(struct pass *pass, double x)
{
  const struct at_error_shape *shape = pass->shape;
  const struct node node = node_at(pass, x);
  const struct lifted up = lift(pass, &node);
  const bool falls = up.x > node.at.z;
  const double low = falls ? node.at.z : up.x;
  const double high = falls ? up.x : node.at.z;
  const double largest = falls ? node.at.power : up.size;
  const double smallest = falls ? up.size : node.at.power;
  const double line = shape->slope * (shape->slope > 0.0 ? low : high);
  const double u = line + (up.followed ? smallest * up.cosine : -largest);
  const double v = fabs(shape->slope) * up.y + largest * up.sine;
  const double near = low > 0.0 ? low : high < 0.0 ? high : 0.0;
  const double risen = positive_part(u);
  const double exponent = 0.5 * (up.y * up.y + v * v - near * near - risen * risen);
  return 0.2207 * pass->step * node.along * falling_exp(pass, exponent + pass->reference);
}

/* The nodes x = step (first + k), k = 0, 1, ..., until f is negligible; `step` of either sign. */
static void march(struct pass *pass, double first, double step)
{
  struct node before = {.x = 0.0};
  double value_before = DBL_MAX;
  for (int k = 0; !pass->failed; k++) {
    const struct node node = node_at(pass, step * (first + (double)k));
    const double value = point_value(pass, &node.at);
    const double doubt = node_doubt(pass, &node);
    pass->sum += value * node.along;
    pass->doubt += value * node.along * doubt;
    if (doubt > pass->largest_doubt) pass->largest_doubt = doubt;
    pass->top += pass->step * node_top(pass, &node);
    if (pass->nodes++ >= MOST_NODES || fabs(node.x) > 100.0) pass->failed = true;
    const bool past = step < 0.0 || node.at.z > pass->peak;
    if (past && value < window_drop * pass->most && value < value_before) {
      const double width = fabs(node.at.z - before.at.z);
      pass->ends += width * value / (1.0 - value / value_before);
      pass->ends += side_bound(pass, node.x + 0.5 * step);
      return;
    }
    before = node;
    value_before = value;
  }
}

/* One attempt with a rectangle of half height y round the peak or, where it is seen to its left, the
 * place where exp(l - s z) = 1 and f falls steeply. */
static bool attempt(double *logarithm, double *bound, const struct at_error_shape *shape,
                    const struct point *peak, double y)
{
  struct pass pass = {
    .shape = shape, .height = y, .step = two_pi * y / gain, .reference = peak->psi - 1.0};
  const double turn = shape->log_scale / shape->rate;
  const bool seen = turn < peak->z && turn > peak->z - reach;
  const struct point centre = point_at(shape, seen ? turn : peak->z);
  const double curvature =
    1.0 + centre.slope * centre.slope +
    (positive_part(centre.height) + 1.0) * shape->rate * shape->rate * centre.power;
  pass.centre = centre.z;
  pass.scale = least_scale * sqrt(curvature);
  if (pass.scale < shape->rate) pass.scale = shape->rate;
  cosine_sine(&pass.cosine, &pass.sine, y);
  pass.peak = peak->z;
  pass.most = point_value(&pass, peak);
  march(&pass, 0.0, pass.step);
  march(&pass, 1.0, -pass.step);
  if (pass.failed || !(pass.largest_doubt <= 0.5)) return false;
  const double total = pass.step * pass.sum;
  const double slack = 4.0 * (2.0 * pass.top + pass.ends) / total;
  if (!(slack <= slack_goal)) return false;
  const double relative =
    1.3 * pass.doubt / pass.sum + slack + 2.0 * unit * (double)(pass.nodes + 8);
  *logarithm = at_natural_log(total) + log_factor - pass.reference;
  *bound = 1.1 * relative + unit * (4.0 * fabs(pass.reference) + 400.0);
  return *bound <= 0x1p-10;
}

bool at_error_quadrature(double *logarithm, double *bound, const struct at_error_shape *shape)
{
  struct point peak;
  double y = first_height;
  if (!peak_find(&peak, shape)) return false;
  for (int k = 0; k < ATTEMPTS; k++) {
    if (attempt(logarithm, bound, shape, &peak, y)) return true;
    y *= 0.7;
  }
  return false;
}

/* log(erfcx(A/sqrt 2)/2) - A^2/2: the factor A within d = error + 5u + 2u|l|, relative; Mills'
 * ratio m(A) <= A + 1 times A d; both terms round, and erfcx is within 32u. */
bool at_error_fixed_attention(double *logarithm, double *bound, const struct at_error_shape *shape)
{
  if (!(fabs(shape->log_scale) < largest_exponent)) return false;
  const double scale = at_exp_signed(shape->log_scale);
  const double scaled = at_natural_log(at_scaled_erfc(sqrt_half * scale));
  const double square = 0.5 * scale * scale;
  const double relative = shape->log_scale_error + unit * (5.0 + 2.0 * fabs(shape->log_scale));
  *logarithm = (scaled - log_two) - square;
  *bound = 1.1 * (scale + 1.0) * scale * relative +
           unit * (40.0 + 4.0 * fabs(shape->log_scale) + 6.0 * square);
  return *bound <= 0x1p-10;
}
