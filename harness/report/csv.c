/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: every sample after every step, as a CSV file (see csv.h).
 * Main result: the file is built in memory and written in one go.
 * Assumptions: POSIX open_memstream. Test: tests/harness/report/test_csv.c.
 */
#define _XOPEN_SOURCE 700

#include "harness/report/csv.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/enclosure/decimal.h"
#include "harness/report/number.h"
#include "harness/report/output.h"
#include "harness/report/samples.h"

static const char header[] = "step,sample,label,kind,output,margin,margin_lo,margin_hi,loss,"
                             "signal_attention,signal_attention_lo,signal_attention_hi\r\n";

static void field_print(FILE *stream, double x)
{
  (void)fputc(',', stream);
  at_number_print(stream, x);
}

/* The ends of sign * x, sign = +1 or -1. */
static void bounds_print(FILE *stream, const arb_t x, double sign)
{
  double lo, hi;
  at_ball_get_doubles(&lo, &hi, x);
  field_print(stream, sign > 0 ? lo : -hi);
  field_print(stream, sign > 0 ? hi : -lo);
}

static const char *kind_name(const struct at_run *run, size_t sample)
{
  if (!at_run_clean_known(run)) {
    return "";
  }
  return at_run_is_clean(run, sample) ? "clean" : "noisy";
}

static void row_print(FILE *stream, const struct at_run *run, size_t step, size_t sample)
{
  const struct at_enclosure_point *exact = &run->enclosure.point[step];
  struct at_sample_view view = at_sample_view(run, step, sample);
  (void)fprintf(stream, "%zu,%zu,%d,%s", step, sample, view.label > 0 ? 1 : -1,
                kind_name(run, sample));
  field_print(stream, view.output);
  field_print(stream, view.margin);
  bounds_print(stream, exact->outputs + sample, view.label);
  field_print(stream, view.loss);
  if (at_run_signal_known(run)) {
    field_print(stream, view.attention);
    bounds_print(stream, exact->weights + sample * run->data.tokens, 1);
  } else {
    (void)fputs(",,,", stream);
  }
  (void)fputs("\r\n", stream);
}

int at_report_csv(const char *path, const struct at_run *run, struct at_failure *failure)
{
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (stream == NULL) {
    return at_fail(failure, "%s: the table does not fit into this machine's memory", path);
  }
  (void)fputs(header, stream);
  for (size_t step = 1; step <= run->steps; step++) {
    for (size_t i = 0; i < run->data.samples; i++) {
      row_print(stream, run, step, i);
    }
  }
  bool bad = ferror(stream) != 0;
  bad = fclose(stream) != 0 || bad;
  int result = bad ? at_fail(failure, "%s: the table does not fit into this machine's memory", path)
                   : at_output_write(path, text, size, failure);
  free(text);
  return result;
}
