/* SPDX-License-Identifier: Apache-2.0
 *
 * attest-check CERTIFICATE DIRECTORY: verifies a certificate of `attest certify` from tokens.npy,
 * labels.npy and clean_labels.npy in DIRECTORY (`attest certify --save`) alone.
 *
 * Main result: what it accepts is true of the data, if the two theorems are (specs/two_step/, and
 * harness/audit/hypotheses.h, whose symbols are used here).  It shares no code with the program
 * that wrote the certificate.  Tokens are integers over one power of two, inner products integers
 * over its square, all else is rational; nothing is rounded but lower bounds of exponentials, which
 * rest on e^x >= 1 + x and e^(x+y) = e^x e^y.
 * Exit status: 0 valid, 1 something is not true, 2 something cannot be read; a line says what.
 * Assumptions: GMP, jansson, nettle's SHA-256.
 * Test: tests/checker/certificates.py, tests/fuzz/fuzz_certificate.c.
 */
#include <float.h>
#include <gmp.h>
#include <jansson.h>
#include <math.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "doubles are read as they lie in files");

enum { VALID, INVALID, UNREADABLE };
enum { LINE = 256, MAX_SAMPLES = 4096, MAX_DIM = 65536, DIGEST = 2 * SHA256_DIGEST_SIZE + 1 };
enum { COLUMNS = 256, SETS = 4, HALVINGS = 100, BITS = 320, MOST_CONDITIONS = 5 };

static char reason[LINE];

/* Keeps the first reason and gives back the status. */
static int refuse(int status, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  if (reason[0] == '\0') (void)vsnprintf(reason, sizeof reason, format, arguments);
  va_end(arguments);
  return status;
}

/* What was allocated; nothing is freed before the program ends. */
static struct kept {
  struct kept *next;
  max_align_t start[];
} * kept;

static void *memory(size_t count, size_t size)
{
  struct kept *block = calloc(1, sizeof *block + count * size);
  if (block == NULL) exit((puts("attest-check: unreadable: out of memory"), UNREADABLE));
  block->next = kept;
  kept = block;
  return block->start;
}

/* ---- rational numbers ---- */

typedef mpq_ptr number;

static number real(double x)
{
  number z = memory(1, sizeof *z);
  mpq_init(z);
  mpq_set_d(z, x);
  return z;
}

static number whole(long n)
{
  number z = real(0.0);
  mpq_set_si(z, n, 1);
  return z;
}

#define OPERATION(name, function) \
  static number name(mpq_srcptr x, mpq_srcptr y) \
  { \
    number z = real(0.0); \
    function(z, x, y); \
    return z; \
  }
OPERATION(plus, mpq_add)
OPERATION(minus, mpq_sub)
OPERATION(times, mpq_mul)
OPERATION(over, mpq_div)

static number absolute(mpq_srcptr x)
{
  number z = real(0.0);
  mpq_abs(z, x);
  return z;
}

/* Of NULL, for nothing yet, and x: x. */
static number least(number so_far, number x)
{
  return so_far == NULL || mpq_cmp(x, so_far) < 0 ? x : so_far;
}

static number most(number so_far, number x)
{
  return so_far == NULL || mpq_cmp(x, so_far) > 0 ? x : so_far;
}

/* At most e^x: (1 + x/2^100)^(2^100), rounded down to 320 bits at every squaring; not above
 * e^1000, and 0 below e^-1000. */
static number exp_low(number x)
{
  long exponent = -BITS;
  mpz_t m, one;
  if (mpq_cmp_si(x, -1000, 1) < 0) return whole(0);
  number y = plus(least(whole(1000), x), whole(0));
  mpz_inits(m, one, NULL);
  mpz_setbit(one, BITS);
  mpq_mul_2exp(y, y, BITS - HALVINGS);
  mpz_fdiv_q(m, mpq_numref(y), mpq_denref(y));
  mpz_add(m, m, one);
  for (int k = 0; k < HALVINGS; k++) {
    mpz_mul(m, m, m);
    size_t length = mpz_sizeinbase(m, 2), extra = length > BITS ? length - BITS : 0;
    mpz_fdiv_q_2exp(m, m, extra);
    exponent = 2 * exponent + (long)extra;
  }
  mpq_set_z(y, m);
  if (exponent >= 0) mpq_mul_2exp(y, y, (mp_bitcnt_t)exponent);
  if (exponent < 0) mpq_div_2exp(y, y, (mp_bitcnt_t)-exponent);
  mpz_clears(m, one, NULL);
  return y;
}

/* At least 1/(1 + e^(-x)), and at most. */
static number sigmoid_high(number x)
{
  return over(whole(1), plus(whole(1), exp_low(minus(whole(0), x))));
}

static number sigmoid_low(number x)
{
  return minus(whole(1), sigmoid_high(minus(whole(0), x)));
}

/* ---- the data ---- */

/* value: (n, 2, d) tokens, n labels, n clean labels.  set of a sample: 2 class + noisy, where class
 * 0 has the clean label +1.  first: the first sample of each class. */
struct data {
  size_t n, d, first[2], *set;
  double *value;
  struct sha256_ctx digest;
};

static void digest_text(char text[DIGEST], struct sha256_ctx *context)
{
  uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_digest(context, sizeof digest, digest);
  for (size_t b = 0; b < sizeof digest; b++) (void)snprintf(text + 2 * b, 3, "%02x", digest[b]);
}

/* The header has to be the one that NumPy writes for a float64 array of this shape. */
static int file_read(struct data *data, double *value, size_t count, const char *directory,
                     const char *name, const char *shape)
{
  char path[4096], found[LINE], wanted[LINE] = "\x93NUMPY\x01";
  size_t size =
    10 + (size_t)snprintf(wanted + 10, LINE - 10,
                          "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }", shape);
  while (size % 64 != 63) wanted[size++] = ' ';
  wanted[size++] = '\n';
  wanted[8] = (char)(size - 10);
  (void)snprintf(path, sizeof path, "%.3900s/%s", directory, name);
  FILE *file = fopen(path, "rb");
  if (file == NULL) return refuse(UNREADABLE, "%s cannot be opened", name);
  bool head = fread(found, 1, size, file) == size && memcmp(found, wanted, size) == 0;
  bool body = head && fread(value, sizeof *value, count, file) == count && fgetc(file) == EOF;
  (void)fclose(file);
  if (!head) return refuse(INVALID, "%s is no float64 array of shape %s", name, shape);
  for (size_t k = 0; k < count && body; k++) body = isfinite(value[k]);
  if (!body) return refuse(UNREADABLE, "%s is cut off, too long or not finite", name);
  sha256_update(&data->digest, count * sizeof *value, (const uint8_t *)value);
  return VALID;
}

static int data_read(struct data *data, const char *directory, const char *claimed)
{
  char tokens[LINE], labels[LINE], found[DIGEST];
  size_t n = data->n, count = 2 * n * data->d;
  (void)snprintf(tokens, sizeof tokens, "(%zu, 2, %zu)", n, data->d);
  (void)snprintf(labels, sizeof labels, "(%zu,)", n);
  data->value = memory(count + 2 * n, sizeof *data->value);
  double *label = data->value + count, *clean = label + n;
  sha256_init(&data->digest);
  int status = file_read(data, data->value, count, directory, "tokens.npy", tokens);
  if (status == VALID) status = file_read(data, label, n, directory, "labels.npy", labels);
  if (status == VALID) status = file_read(data, clean, n, directory, "clean_labels.npy", labels);
  digest_text(found, &data->digest);
  return status != VALID || strcmp(found, claimed) == 0
           ? status
           : refuse(INVALID, "other data: their SHA-256 is %.9s..., not %.9s...", found, claimed);
}

/* ---- inner products ---- */

/* x = m 2^exponent with an odd integer m, or 0. */
static long odd_part(int *exponent, double x)
{
  long m = (long)ldexp(frexp(x, exponent), DBL_MANT_DIG);
  for (*exponent -= DBL_MANT_DIG; m != 0 && m % 2 == 0; m /= 2) *exponent += 1;
  return m;
}

/* Rows 0 .. n-1 are the noise tokens, rows n and n+1 the two signals. */
static const double *row_of(const struct data *data, size_t r)
{
  return data->value + (r < data->n ? 2 * r + 1 : 2 * data->first[r - data->n]) * data->d;
}

static mpz_ptr entry(mpz_t *triangle, size_t r, size_t c)
{
  return r >= c ? triangle[r * (r + 1) / 2 + c] : triangle[c * (c + 1) / 2 + r];
}

/* gram: the inner products of the rows, times 2^(2 shift); *shift makes every entry an integer. */
static void gram_fill(mpz_t *gram, unsigned *shift, const struct data *data)
{
  size_t rows = data->n + 2;
  int exponent, lowest = 0;
  mpz_t *block = memory(rows * COLUMNS, sizeof *block);
  for (size_t k = 0; k < rows * COLUMNS; k++) mpz_init(block[k]);
  for (size_t k = 0; k < rows * data->d; k++)
    if (odd_part(&exponent, row_of(data, k / data->d)[k % data->d]) != 0 && exponent < lowest)
      lowest = exponent;
  for (size_t start = 0; start < data->d; start += COLUMNS) {
    size_t width = data->d - start < COLUMNS ? data->d - start : COLUMNS;
    for (size_t r = 0; r < rows; r++) {
      mpz_t *x = block + r * COLUMNS;
      for (size_t k = 0; k < width; k++) {
        mpz_set_si(x[k], odd_part(&exponent, row_of(data, r)[start + k]));
        if (mpz_sgn(x[k]) != 0) mpz_mul_2exp(x[k], x[k], (mp_bitcnt_t)(exponent - lowest));
      }
      for (size_t c = 0; c <= r; c++)
        for (size_t k = 0; k < width; k++)
          mpz_addmul(entry(gram, r, c), x[k], block[c * COLUMNS + k]);
    }
  }
  *shift = (unsigned)-lowest;
}

/* NULL, or why the data are not of the model. */
static const char *model_fault(mpz_t *gram, const struct data *data)
{
  size_t n = data->n, d = data->d;
  for (size_t i = 0; i < n; i++) {
    const double *own = data->value + 2 * i * d, *common = row_of(data, n + data->set[i] / 2);
    for (size_t k = 0; k < d; k++)
      if (own[k] != common[k]) return "the signal tokens of a class differ";
    if (mpz_sgn(entry(gram, n, i)) != 0 || mpz_sgn(entry(gram, n + 1, i)) != 0)
      return "a noise token is not orthogonal to the signals";
  }
  if (mpz_sgn(entry(gram, n + 1, n)) != 0) return "the two signals are not orthogonal";
  bool equal = mpz_cmp(entry(gram, n, n), entry(gram, n + 1, n + 1)) == 0;
  return equal && mpz_sgn(entry(gram, n, n)) > 0 ? NULL : "the signals differ in norm or are zero";
}

/* ---- the quantities ---- */

/* size: of the sets.  row: per sample, the signed and then the absolute sums of gamma over them. */
struct facts {
  size_t n;
  long size[SETS];
  number scale, a, t, q[2], epsilon, tau, kappa, (*row)[2 * SETS];
};

static void row_fill(struct facts *f, mpz_t *gram, number unit, const size_t *set, size_t i)
{
  number *row = f->row[i], gamma = real(0.0);
  for (size_t s = 0; s < 2 * SETS; s++) row[s] = real(0.0);
  for (size_t j = 0; j < f->n; j++) {
    if (j == i) continue;
    mpq_set_z(gamma, entry(gram, i, j));
    mpq_add(row[set[j]], row[set[j]], gamma);
    mpq_abs(gamma, gamma);
    mpq_add(row[SETS + set[j]], row[SETS + set[j]], gamma);
  }
  for (size_t s = 0; s < 2 * SETS; s++) mpq_div(row[s], row[s], unit);
  mpq_set_z(gamma, entry(gram, i, i));
  f->epsilon = most(f->epsilon, absolute(minus(over(gamma, unit), whole(1))));
  /* labels are +1 on the sets 0 and 3, -1 on 1 and 2 */
  f->tau = most(f->tau, absolute(minus(plus(row[0], row[3]), plus(row[1], row[2]))));
  f->kappa = most(f->kappa, plus(plus(row[4], row[5]), plus(row[6], row[7])));
}

static const char *sets_fill(struct facts *f, struct data *data)
{
  const double *label = data->value + 2 * data->n * data->d, *clean = label + data->n;
  data->set = memory(data->n, sizeof *data->set);
  data->first[0] = data->first[1] = data->n;
  for (size_t i = data->n; i-- > 0;) {
    if (fabs(label[i]) != 1.0 || fabs(clean[i]) != 1.0) return "a label is neither +1 nor -1";
    data->set[i] = (clean[i] > 0.0 ? 0U : 2U) + (label[i] != clean[i]);
    data->first[data->set[i] / 2] = i;
    f->size[data->set[i]]++;
  }
  return data->first[0] == data->n || data->first[1] == data->n ? "a class has no sample" : NULL;
}

/* NULL, or why the data are not of the model. */
static const char *facts_fill(struct facts *f, struct data *data, number beta)
{
  size_t n = f->n = data->n, count = (n + 2) * (n + 3) / 2;
  unsigned shift;
  mpz_t *gram = memory(count, sizeof *gram);
  number unit = real(0.0), norm = real(0.0);
  for (size_t k = 0; k < count; k++) mpz_init(gram[k]);
  const char *fault = sets_fill(f, data);
  if (fault != NULL) return fault;
  gram_fill(gram, &shift, data);
  fault = model_fault(gram, data);
  if (fault != NULL) return fault;
  f->row = memory(n, sizeof *f->row);
  mpq_mul_2exp(unit, f->scale, 2UL * shift);
  for (size_t i = 0; i < n; i++) row_fill(f, gram, unit, data->set, i);
  mpq_set_z(norm, entry(gram, n, n));
  f->a = over(norm, unit);
  f->t = over(times(beta, f->scale), whole((long)(4 * n)));
  for (size_t k = 0; k < 2; k++) f->q[k] = times(f->a, whole(f->size[2 * k] - f->size[2 * k + 1]));
  return NULL;
}

/* ---- the theorems ---- */

/* What a theorem says of the facts.  w_low, h_low: a W and a H of each class, from below.  lean:
 * t^2 m from below, NULL without noisy samples.  spread: of <v, xi> and <p, xi>, from above. */
struct says {
  size_t conditions;
  const char *text[MOST_CONDITIONS];
  bool half;
  number slack[MOST_CONDITIONS], w_low[2], h_low[2], lean, spread[2];
};

/* All conditions are slack > 0; NULL: of no sample, and true. */
static void condition(struct says *says, const char *text, number slack)
{
  says->text[says->conditions] = text;
  says->slack[says->conditions++] = slack;
}

static void one_step(struct says *says, const struct facts *f)
{
  number theta = plus(f->epsilon, f->tau);
  condition(says, "q > 0", least(f->q[0], f->q[1]));
  condition(says, "q < 1 - theta", minus(minus(whole(1), theta), most(f->q[0], f->q[1])));
  says->spread[0] = times(whole((long)f->n), plus(whole(1), theta));
}

/* (1 + epsilon + kappa) sum over the samples of the squares of bounds of |x|. */
static number spread(const struct facts *f, number range[SETS][2])
{
  number total = whole(0);
  for (size_t s = 0; s < SETS; s++) {
    number x = most(absolute(range[s][0]), absolute(range[s][1]));
    total = plus(total, times(whole(f->size[s]), times(x, x)));
  }
  return times(total, plus(whole(1), plus(f->epsilon, f->kappa)));
}

/* At least |sum over j /= i of x_j gamma_ij|, or of y_j x_j gamma_ij, for every i and all x_j in
 * the ranges of their sets. */
static number cross_talk(const struct facts *f, number range[SETS][2], bool labelled)
{
  number worst = NULL, half = real(0.5);
  for (size_t i = 0; i < f->n; i++) {
    number centre = whole(0), width = whole(0);
    for (size_t s = 0; s < SETS; s++) {
      number middle = times(half, plus(range[s][0], range[s][1]));
      number radius = times(half, minus(range[s][1], range[s][0]));
      number part = times(middle, f->row[i][s]);
      centre = labelled && (s == 1 || s == 2) ? minus(centre, part) : plus(centre, part);
      width = plus(width, times(radius, f->row[i][SETS + s]));
    }
    worst = most(worst, plus(absolute(centre), width));
  }
  return worst;
}

/* Ranges of w = 1 + 2g and of h on each set; g: of C_k, then of N_k; far, near = 1 +- theta. */
static void ranges_fill(number w[SETS][2], number h[SETS][2], const struct facts *f)
{
  number theta = plus(f->epsilon, f->tau), half = times(real(0.5), f->t);
  number far = plus(whole(1), theta), near = minus(whole(1), theta), none = whole(0);
  for (size_t k = 0; k < 2; k++) {
    number q = f->q[k], *hc = h[2 * k], *hn = h[2 * k + 1];
    const number g[] = {sigmoid_low(minus(none, times(half, plus(q, far)))),
                        sigmoid_high(minus(none, times(half, plus(q, near)))),
                        sigmoid_low(times(half, minus(q, far))),
                        sigmoid_high(times(half, minus(q, near)))};
    for (size_t j = 0; j < 4; j++) w[2 * k + j / 2][j % 2] = plus(whole(1), plus(g[j], g[j]));
    hc[0] = times(g[0], minus(q, far));
    hc[1] = times(g[1], minus(q, near));
    hn[0] = minus(none, times(g[3], plus(q, far)));
    hn[1] = minus(none, times(g[2], plus(q, near)));
  }
}

static void parametric(struct says *says, const struct facts *f)
{
  number w[SETS][2], h[SETS][2], a_slack = NULL, b_slack = NULL, none = whole(0);
  number theta = plus(f->epsilon, f->tau), own = minus(whole(1), f->epsilon);
  ranges_fill(w, h, f);
  number x = cross_talk(f, w, true), y = cross_talk(f, h, false);
  says->half = true;
  for (size_t k = 0; k < 2; k++) {
    number *wc = w[2 * k], *wn = w[2 * k + 1], *hc = h[2 * k], *hn = h[2 * k + 1];
    number c = times(f->a, whole(f->size[2 * k])), e = times(f->a, whole(f->size[2 * k + 1]));
    says->w_low[k] = minus(times(c, wc[0]), times(e, wn[1]));
    says->h_low[k] = plus(times(c, hc[0]), times(e, hn[0]));
    a_slack = least(least(a_slack, says->w_low[k]), minus(times(wc[0], own), x));
    says->half &= mpq_cmp(plus(says->h_low[k], times(hc[0], own)), y) > 0;
    if (f->size[2 * k + 1] == 0) continue;
    number h_high = plus(times(c, hc[1]), times(e, hn[1]));
    number m = minus(minus(minus(none, times(hn[1], own)), h_high), y);
    number lean = times(m, times(f->t, f->t)), v = minus(times(wn[0], own), x);
    says->lean = least(says->lean, lean);
    b_slack =
      least(b_slack, minus(times(exp_low(lean), v), minus(times(c, wc[1]), times(e, wn[0]))));
  }
  number q = least(f->q[0], f->q[1]), excess = over(q, f->a);
  condition(says, "q > 1 + theta", minus(minus(q, whole(1)), theta));
  condition(says, "clean > noisy in each class", excess);
  condition(says, "theta < 1", minus(whole(1), theta));
  condition(says, "(A) least of a W and V > 0", a_slack);
  condition(says, "(B) exp(t^2 m) V > a W", b_slack);
  says->spread[0] = spread(f, w);
  says->spread[1] = spread(f, h);
}

/* ---- the certificate ---- */

/* stated <= x for side -1, stated >= x for side 1; null states nothing. */
static bool claim(const json_t *stated, int side, number x)
{
  if (!json_is_number(stated)) return json_is_null(stated);
  bool integer = json_is_integer(stated);
  number value = integer ? whole(json_integer_value(stated)) : real(json_real_value(stated));
  return side * mpq_cmp(value, x) >= 0;
}

static int statistics_check(json_t *statistics, const struct facts *f)
{
  const char *const name[] = {"a", "t", "epsilon", "tau", "kappa", "q_plus", "q_minus"};
  const number value[] = {f->a, f->t, f->epsilon, f->tau, f->kappa, f->q[0], f->q[1]};
  for (size_t k = 0; k < sizeof name / sizeof name[0]; k++) {
    json_t *lo = NULL, *hi = NULL, *bounds = json_object_get(statistics, name[k]);
    if (json_unpack_ex(bounds, NULL, JSON_STRICT, "{s:o, s:o}", "lo", &lo, "hi", &hi) != 0 ||
        !claim(lo, -1, value[k]) || !claim(hi, 1, value[k]))
      return refuse(INVALID, "the bounds of %s do not hold the value of the data", name[k]);
  }
  bool all = json_object_size(statistics) == sizeof name / sizeof name[0];
  return all ? VALID : refuse(INVALID, "the statistics have an unknown field");
}

/* The least exponent stated of a normal tail at most R x^2 / (2 spread). */
static bool tail(const json_t *stated, const struct facts *f, number x, number width)
{
  return claim(stated, -1, over(times(f->scale, times(x, x)), plus(width, width)));
}

/* One step: 0 <= omega < q.  Two: exp(t^2 (a H - pi)) a W > omega >= 0 in each class, pi >= 0. */
static bool test_points_hold(json_t *const point[4], const struct says *says, const struct facts *f)
{
  bool first = says->spread[1] == NULL;
  if (!json_is_real(point[0]) || !(first ? json_is_null(point[1]) : json_is_real(point[1])))
    return false;
  number omega = real(json_real_value(point[0])), pi = real(json_real_value(point[1]));
  bool good = mpq_sgn(omega) >= 0 && mpq_sgn(pi) >= 0 && tail(point[2], f, omega, says->spread[0]);
  if (first) return good && mpq_cmp(omega, says->slack[0]) < 0 && json_is_null(point[3]);
  for (size_t k = 0; k < 2; k++) {
    number drop = times(times(f->t, f->t), minus(says->h_low[k], pi));
    good = good && mpq_cmp(times(exp_low(drop), says->w_low[k]), omega) > 0;
  }
  return good && tail(point[3], f, pi, says->spread[1]);
}

static bool condition_holds(json_t *stated, number slack)
{
  return slack == NULL ? json_is_null(stated) : mpq_sgn(slack) > 0 && claim(stated, -1, slack);
}

static int theorem_check(json_t *object, const struct facts *f)
{
  static const char *const sentence[] = {
    "two steps fit all labels, one step the clean labels and no noisy one",
    "one step fits all labels"};
  struct says says = {.conditions = 0};
  const char *name = "", *labels = "";
  json_t *conditions = NULL, *noisy = NULL, *point[4] = {NULL};
  int half = 0;
  if (json_unpack_ex(object, NULL, JSON_STRICT, "{s:s, s:o, s:{s:s, s:o, s:b, s:o, s:o, s:o, s:o}}",
                     "theorem", &name, "conditions", &conditions, "guarantees", "labels", &labels,
                     "noisy_attention_at_most", &noisy, "clean_attention_at_least_half", &half,
                     "omega", &point[0], "pi", &point[1], "value_exponent", &point[2],
                     "score_exponent", &point[3]) != 0)
    return refuse(INVALID, "a theorem has a missing, unknown or misshapen field");
  bool first = strcmp(name, "one-step") == 0;
  if (!first && strcmp(name, "parametric") != 0)
    return refuse(INVALID, "theorem '%.40s' is not known here", name);
  (first ? one_step : parametric)(&says, f);
  for (size_t k = 0; k < says.conditions; k++)
    if (!condition_holds(json_object_get(conditions, says.text[k]), says.slack[k]))
      return refuse(INVALID, "%s: '%s' does not hold with that slack", name, says.text[k]);
  number attention = says.lean == NULL ? whole(first) : sigmoid_high(minus(whole(0), says.lean));
  if (json_object_size(conditions) != says.conditions || strcmp(labels, sentence[first]) != 0 ||
      (half && !says.half) || !claim(noisy, 1, attention))
    return refuse(INVALID, "%s: labels or attention are not guaranteed what is said", name);
  return test_points_hold(point, &says, f)
           ? VALID
           : refuse(INVALID, "%s: test points are not guaranteed what is said", name);
}

/* The format and version, then the seal, which is taken off: the SHA-256 of all the rest. */
static int head_check(json_t *root)
{
  const char *format = json_string_value(json_object_get(root, "format"));
  const json_t *version = json_object_get(root, "version");
  char found[DIGEST], seal[DIGEST] = "";
  struct sha256_ctx context;
  if (format == NULL || strcmp(format, "attest-certificate") != 0 || !json_is_integer(version))
    return refuse(UNREADABLE, "no certificate: its format is not attest-certificate");
  if (json_integer_value(version) != 1)
    return refuse(UNREADABLE, "of a version that is not known here; version 1 is");
  const char *given = json_string_value(json_object_get(root, "seal"));
  (void)snprintf(seal, sizeof seal, "%s", given == NULL ? "" : given);
  (void)json_object_del(root, "seal");
  char *text = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(17));
  sha256_init(&context);
  if (text != NULL) sha256_update(&context, strlen(text), (const uint8_t *)text);
  digest_text(found, &context);
  free(text);
  return strcmp(seal, found) == 0 ? VALID : refuse(INVALID, "edited: the seal does not fit");
}

/* The claims about data whose facts are known; sizes: of the four sets. */
static int claims_check(json_t *sizes, json_t *statistics, json_t *theorems, const struct facts *f)
{
  for (size_t s = 0; s < SETS; s++) {
    const json_t *size = json_array_get(sizes, s);
    if (json_array_size(sizes) != SETS || !json_is_integer(size) ||
        json_integer_value(size) != f->size[s])
      return refuse(INVALID, "the counts of clean and noisy samples are not those of the data");
  }
  int status = statistics_check(statistics, f);
  for (size_t k = 0; k < json_array_size(theorems) && status == VALID; k++)
    status = theorem_check(json_array_get(theorems, k), f);
  return status;
}

static int certificate_check(json_t *root, const char *directory)
{
  json_t *scale = NULL, *sizes = NULL, *statistics = NULL, *theorems = NULL, *head[2];
  json_int_t n = 0, tokens = 0, d = 0;
  const char *digest = "";
  struct facts facts = {.n = 0};
  double beta = 0.0;
  int status = head_check(root);
  if (status != VALID) return status;
  if (json_unpack_ex(root, NULL, JSON_STRICT,
                     "{s:o, s:o, s:{s:I, s:I, s:I, s:s, s:o}, s:F, s:o, s:o, s:o}", "format",
                     &head[0], "version", &head[1], "data", "samples", &n, "tokens", &tokens, "dim",
                     &d, "sha256", &digest, "sizes", &sizes, "beta", &beta, "scale", &scale,
                     "statistics", &statistics, "theorems", &theorems) != 0 ||
      n < 2 || n > MAX_SAMPLES || tokens != 2 || d < 1 || d > MAX_DIM || !(beta > 0.0) ||
      !json_is_number(scale) || !(json_number_value(scale) > 0.0) || !json_is_array(theorems))
    return refuse(INVALID, "a field is missing, unknown or out of range");
  bool integer = json_is_integer(scale);
  facts.scale = integer ? whole(json_integer_value(scale)) : real(json_real_value(scale));
  struct data data = {.n = (size_t)n, .d = (size_t)d};
  status = data_read(&data, directory, digest);
  if (status != VALID) return status;
  const char *fault = facts_fill(&facts, &data, real(beta));
  if (fault != NULL) return refuse(INVALID, "the data are not of the model: %s", fault);
  return claims_check(sizes, statistics, theorems, &facts);
}

int main(int count, char **word)
{
  static const char *const answer[] = {"valid", "not valid", "unreadable"};
  json_error_t error;
  if (count != 3) return puts("usage: attest-check CERTIFICATE DIRECTORY"), UNREADABLE;
  json_t *root = json_load_file(word[1], JSON_REJECT_DUPLICATES, &error);
  int status =
    root == NULL ? refuse(UNREADABLE, "%s", error.text) : certificate_check(root, word[2]);
  if (status == VALID)
    (void)refuse(VALID, "%zu theorems apply to these data",
                 json_array_size(json_object_get(root, "theorems")));
  printf("attest-check: %s: %s\n", answer[status], reason);
  return status;
}
