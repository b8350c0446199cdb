/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <codec/pkcs11uri.h>
#include <stdio.h>
#include <string.h>

static void
expect(const struct pkcs11_uri *uri, enum pkcs11_uri_name name, const char *value)
{
	assert_true(uri->values[name].given);
	assert_true(assay_span_equal(pkcs11_uri_get(uri, name), assay_span_str(value)));
}

static void
test_whole(void **state)
{
	struct pkcs11_uri uri;
	struct assay_error err;
	(void)state;
	assert_int_equal(pkcs11_uri_parse("pkcs11:token=My%20token%25;manufacturer=Snake%20Oil,%20Inc.;serial=0%61B;model=x;object=a:b&c;"
		"id=%00%fF1;type=private;slot-id=327;slot-description=d;slot-manufacturer=m;library-description=l;"
		"library-manufacturer=n;library-version=2.60",
		PKCS11_URI_TYPED, &uri, &err), ASSAY_OK);
	expect(&uri, PKCS11_URI_TOKEN, "My token%");
	expect(&uri, PKCS11_URI_MANUFACTURER, "Snake Oil, Inc.");
	expect(&uri, PKCS11_URI_SERIAL, "0aB");
	expect(&uri, PKCS11_URI_OBJECT, "a:b&c");
	const struct assay_span id = pkcs11_uri_get(&uri, PKCS11_URI_ID);
	assert_int_equal(id.len, 3);
	assert_memory_equal(id.data, "\0\xff" "1", 3);
	assert_int_equal(uri.type, PKCS11_URI_PRIVATE);
	assert_true(uri.has_slot && uri.slot == 327);
	assert_true(uri.has_version && uri.major == 2 && uri.minor == 60);
	assert_int_equal(pkcs11_uri_parse("PKCS11:", PKCS11_URI_TYPED, &uri, &err), ASSAY_OK);
	assert_false(uri.values[PKCS11_URI_TOKEN].given);
	assert_int_equal(pkcs11_uri_parse("pkcs11:token=", PKCS11_URI_TYPED, &uri, &err), ASSAY_OK);
	expect(&uri, PKCS11_URI_TOKEN, "");
}

static const struct refused {
	const char *text, *words;
} refused[] = {
	{ "pkcs12:token=a", "begin with 'pkcs11:'" },
	{ "pkcs11:token", "without '='" },
	{ "pkcs11:;", "without '='" },
	{ "pkcs11:;token=a", "without '='" },
	{ "pkcs11:token=a;", "another part" },
	{ "pkcs11:token=a?", "another part" },
	{ "pkcs11:token=%", "two hex digits" },
	{ "pkcs11:token=%4", "two hex digits" },
	{ "pkcs11:token=%4g", "two hex digits" },
	{ "pkcs11:token=a b", "must be escaped" },
	{ "pkcs11:token=a/b", "must be escaped" },
	{ "pkcs11:token=\xc3\xa4", "must be escaped" },
	{ "pkcs11:token=%ff", "UTF-8" },
	{ "pkcs11:object=a%00b", "UTF-8" },
	{ "pkcs11:id=1;id=1", "twice 'id'" },
	{ "pkcs11:type=cert;type=cert", "twice 'type'" },
	{ "pkcs11:slot-id=1;slot-id=1", "twice 'slot-id'" },
	{ "pkcs11:library-version=1;library-version=1", "twice" },
	{ "pkcs11:slot-id=-1", "no number" },
	{ "pkcs11:slot-id=99999999999999999999", "no number" },
	{ "pkcs11:library-version=2.", "no version" },
	{ "pkcs11:library-version=.2", "no version" },
	{ "pkcs11:type=all", "known value" },
	{ "pkcs11:Token=a", "isn't known here" },
	{ "pkcs11:x-vendor=a", "isn't known here" },
	{ "pkcs11:token=a?serial=1", "behind its '?'" },
	{ "pkcs11:token=a?pin-source=file:/p", "may not carry 'pin-source'" },
	{ "pkcs11:?module-path=/p", "may not carry 'module-path'" },
	{ "pkcs11:module-name=p", "may not carry 'module-name'" },
};

static void
test_refused(void **state)
{
	struct pkcs11_uri uri = { .slot = 7 };
	struct assay_error err;
	char long_uri[PKCS11_URI_MAX + 8];
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		assert_int_equal(pkcs11_uri_parse(refused[i].text, PKCS11_URI_TYPED, &uri, &err), ASSAY_E_USAGE);
		if (strstr(err.what, refused[i].words) == NULL)
			fail_msg("'%s': %s", refused[i].text, err.what);
		assert_int_equal(pkcs11_uri_parse(refused[i].text, PKCS11_URI_RECORD, &uri, &err), ASSAY_E_FORMAT);
	}
	assert_int_equal(uri.slot, 7);
	memset(long_uri, 'a', sizeof long_uri);
	memcpy(long_uri, "pkcs11:token=", 13);
	long_uri[sizeof long_uri - 1] = '\0';
	assert_int_equal(pkcs11_uri_parse(long_uri, PKCS11_URI_TYPED, &uri, &err), ASSAY_E_USAGE);
	long_uri[PKCS11_URI_MAX - 1] = '\0';
	assert_int_equal(pkcs11_uri_parse(long_uri, PKCS11_URI_TYPED, &uri, &err), ASSAY_OK);
}

/* What is wrong is said without what may be a secret. */
static void
test_record(void **state)
{
	static const char *const never[] = { "pin-value", "pin-source", "module-path", "module-name" };
	struct pkcs11_uri uri;
	struct assay_error err;
	char text[128];
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		(void)snprintf(text, sizeof text, "pkcs11:token=a?%s=hush", never[i]);
		assert_int_equal(pkcs11_uri_parse(text, PKCS11_URI_RECORD, &uri, &err), ASSAY_E_FORMAT);
		assert_non_null(strstr(err.what, "of a record may not carry"));
		assert_non_null(strstr(err.what, never[i]));
		assert_null(strstr(err.what, "hush"));
		assert_null(strstr(err.todo, "hush"));
	}
}

static void
test_fits(void **state)
{
	struct pkcs11_uri uri;
	(void)state;
	assert_int_equal(pkcs11_uri_parse("pkcs11:token=ab;id=%20;serial=x%20", PKCS11_URI_TYPED, &uri, NULL), ASSAY_OK);
	assert_true(pkcs11_uri_fits(&uri, PKCS11_URI_TOKEN, assay_span_str("ab   ")));
	assert_false(pkcs11_uri_fits(&uri, PKCS11_URI_TOKEN, assay_span_str("abc")));
	assert_false(pkcs11_uri_fits(&uri, PKCS11_URI_TOKEN, assay_span_str("a")));
	assert_true(pkcs11_uri_fits(&uri, PKCS11_URI_SERIAL, assay_span_str("x   ")));
	assert_true(pkcs11_uri_fits(&uri, PKCS11_URI_ID, assay_span_str(" ")));
	assert_false(pkcs11_uri_fits(&uri, PKCS11_URI_ID, assay_span_str("  ")));
	assert_true(pkcs11_uri_fits(&uri, PKCS11_URI_MODEL, assay_span_str("any")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
