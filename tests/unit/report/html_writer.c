/* SPDX-License-Identifier: Apache-2.0 */
#include "reports.h"

#include "html_writer.h"

static void
close_writer(struct html *h)
{
	buf_done(h->out);
	html_done(h);
}

#define WRITER(name)                                                                               \
	struct buf name##_out = BUF_INIT(1u << 16);                                                \
	CLEANUP(close_writer) struct html name;                                                    \
	html_init(&name, &name##_out)

static void
elements_nest_and_escape(void **state)
{
	(void)state;
	struct assay_error err;
	WRITER(h);
	html_begin(&h, "p", "a\"b");
	html_attr(&h, "title", "<&>'");
	html_flag(&h, "hidden");
	html_text(&h, "1 < 2 & \"3\"");
	html_void(&h, "br", NULL);
	html_leaf(&h, "b", NULL, "x");
	html_end(&h);
	assert_int_equal(html_status(&h, &err), ASSAY_OK);
	assert_string_equal(buf_str(&h_out),
	    "<p class=\"a&quot;b\" title=\"&lt;&amp;&gt;&#39;\" hidden>1 &lt; 2 &amp; &quot;3&quot;<br><b>x</b></p>");
}

static void
what_the_eye_cannot_see_is_shown(void **state)
{
	(void)state;
	WRITER(h);
	html_begin(&h, "p", NULL);
	html_attr(&h, "title", "a\xe2\x80\xae" "b");
	html_text(&h, "c\x1b[31m\xff\n");
	html_end(&h);
	assert_tame(&h_out);
	assert_lacks(&h_out, "\xff");
	assert_lacks(&h_out, "\n");
	assert_holds(&h_out, "[31m");
}

static void
other_scripts_stay(void **state)
{
	(void)state;
	WRITER(h);
	html_leaf(&h, "p", NULL, "\xc3\xa9t\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac");
	assert_string_equal(buf_str(&h_out), "<p>\xc3\xa9t\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac</p>");
}

static void
backquotes_mark_code(void **state)
{
	(void)state;
	WRITER(h);
	html_begin(&h, "p", NULL);
	html_prose(&h, "run `a <b>` then `c` and ` alone");
	html_end(&h);
	assert_string_equal(buf_str(&h_out),
	    "<p>run <code>a &lt;b&gt;</code> then <code>c</code> and ` alone</p>");
}

static void
prose_of_nothing(void **state)
{
	(void)state;
	WRITER(h);
	html_prose(&h, NULL);
	html_text(&h, NULL);
	assert_int_equal(h_out.len, 0);
}

static void
open_elements_are_an_error(void **state)
{
	(void)state;
	struct assay_error err;
	WRITER(h);
	html_begin(&h, "p", NULL);
	assert_int_equal(html_status(&h, &err), ASSAY_E_INTERNAL);
}

static void
closing_too_often_is_an_error(void **state)
{
	(void)state;
	struct assay_error err;
	WRITER(h);
	html_end(&h);
	assert_int_equal(html_status(&h, &err), ASSAY_E_INTERNAL);
}

static void
attributes_need_a_start_tag(void **state)
{
	(void)state;
	struct assay_error err;
	WRITER(h);
	html_begin(&h, "p", NULL);
	html_text(&h, "x");
	html_attr(&h, "title", "late");
	html_end(&h);
	assert_int_equal(html_status(&h, &err), ASSAY_E_INTERNAL);
	assert_lacks(&h_out, "late");
}

static void
nesting_has_a_cap(void **state)
{
	(void)state;
	struct assay_error err;
	WRITER(h);
	for (int i = 0; i <= HTML_DEPTH_MAX; i++)
		html_begin(&h, "div", NULL);
	for (int i = 0; i < HTML_DEPTH_MAX; i++)
		html_end(&h);
	assert_int_equal(html_status(&h, &err), ASSAY_E_INTERNAL);
}

static void
output_has_a_cap(void **state)
{
	(void)state;
	struct assay_error err;
	struct buf out = BUF_INIT(16);
	CLEANUP(close_writer) struct html h;
	html_init(&h, &out);
	html_leaf(&h, "p", NULL, "more than sixteen bytes of text");
	assert_int_equal(html_status(&h, &err), ASSAY_E_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_nest_and_escape),
		cmocka_unit_test(what_the_eye_cannot_see_is_shown),
		cmocka_unit_test(other_scripts_stay),
		cmocka_unit_test(backquotes_mark_code),
		cmocka_unit_test(prose_of_nothing),
		cmocka_unit_test(open_elements_are_an_error),
		cmocka_unit_test(closing_too_often_is_an_error),
		cmocka_unit_test(attributes_need_a_start_tag),
		cmocka_unit_test(nesting_has_a_cap),
		cmocka_unit_test(output_has_a_cap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
