/* SPDX-License-Identifier: Apache-2.0
 *
 * Purpose: tests of harness/data/digest.h.
 * Main result: published digests of SHA-256, and digests of a small data set that Python's hashlib
 * gave for struct.pack("<12d", tokens, labels, clean labels), and without the last.
 * Assumptions: none.
 */
#include <CUnit/CUnit.h>
#include <string.h>

#include "harness/data/digest.h"
#include "tests/suites.h"

static void test_published_digests(void)
{
  char text[AT_DIGEST_SIZE];
  at_bytes_digest(text, "", 0);
  CU_ASSERT_STRING_EQUAL(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  at_bytes_digest(text, "abc", 3);
  CU_ASSERT_STRING_EQUAL(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_digest_of_data(void)
{
  static const double token[8] = {1.0, -2.5, 0.0, 3.0, 0.5, 0x1p-1074, -0.0, 0x1p20};
  struct at_token_data data;
  struct at_failure failure = {""};
  char text[AT_DIGEST_SIZE];
  CU_ASSERT_EQUAL_FATAL(at_token_data_allocate(&data, 2, 2, 2, true, &failure), 0);
  memcpy(data.token, token, sizeof token);
  data.label[0] = data.clean_label[0] = data.clean_label[1] = 1.0;
  data.label[1] = -1.0;
  at_token_data_digest(text, &data);
  CU_ASSERT_STRING_EQUAL(text, "9e6371cf5c088e57bcc34d301b99a5442ca7ab95e4a516a190e260297f832c80");
  double *clean_label = data.clean_label;
  data.clean_label = NULL;
  at_token_data_digest(text, &data);
  CU_ASSERT_STRING_EQUAL(text, "40e7dfa5f2ba84b74ebadc2f94d5b1790bc08f5b4acdda5a13fbad6a716d53b3");
  data.clean_label = clean_label;
  at_token_data_free(&data);
}

void at_suite_digest(void)
{
  CU_pSuite suite = CU_add_suite("digest", NULL, NULL);
  CU_add_test(suite, "published digests", test_published_digests);
  CU_add_test(suite, "digest of data", test_digest_of_data);
}
