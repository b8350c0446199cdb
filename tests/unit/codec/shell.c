/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <codec/shell.h>
#include <string.h>

#define ARENA_MAX (64u << 20)

/* ---- scripts written out again, to compare ---- */

static void write_script(struct buf *out, const struct shell_script *s);

static void
write_parts(struct buf *out, const struct shell_part *p)
{
	static const char quotes[] = { '\0', '"', '\'' };
	for (; p != NULL; p = p->next) {
		if (p->quote != SHELL_BARE)
			buf_add_byte(out, (unsigned char)quotes[p->quote]);
		static const char *const kinds[] = { "", "$", "$(", "", "$((", "{{" };
		buf_add_str(out, kinds[p->kind]);
		buf_add_str(out, p->op);
		buf_add_str(out, p->text);
		if (p->inner != NULL) {
			buf_add_byte(out, '[');
			write_parts(out, p->inner);
			buf_add_byte(out, ']');
		}
		if (p->script != NULL) {
			write_script(out, p->script);
			buf_add_byte(out, ')');
		}
		if (p->kind == SHELL_TEMPLATE)
			buf_add_str(out, "}}");
	}
}

static void
write_command(struct buf *out, const struct shell_command *c)
{
	static const char *const kinds[] = { "", "group", "if", "loop", "case", "function" };
	buf_addf(out, "<%s", kinds[c->kind]);
	if (c->name != NULL)
		buf_addf(out, " %s", c->name);
	for (const struct shell_assign *a = c->assigns; a != NULL; a = a->next) {
		buf_addf(out, " %s%s=", a->name, a->append ? "+" : "");
		write_parts(out, a->value->first);
	}
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		buf_add_byte(out, ' ');
		write_parts(out, w->first);
	}
	for (const struct shell_redirect *d = c->redirects; d != NULL; d = d->next) {
		buf_addf(out, " %s", d->op);
		write_parts(out, d->target->first);
	}
	if (c->body != NULL)
		write_script(out, c->body);
	buf_add_byte(out, '>');
}

static void
write_script(struct buf *out, const struct shell_script *s)
{
	static const char joins[][3] = { ";", "&&", "||", "&" };
	for (const struct shell_pipeline *p = s->first; p != NULL; p = p->next) {
		for (const struct shell_command *c = p->first; c != NULL; c = c->next) {
			write_command(out, c);
			if (c->next != NULL)
				buf_add_byte(out, '|');
		}
		if (p->next != NULL)
			buf_add_str(out, joins[p->join]);
	}
}

static void
expect_reads(const char *text, const char *as)
{
	struct assay_error err = { 0 };
	const struct shell_script *s = NULL;
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	assert_int_equal(arena_new(ARENA_MAX, &arena), ASSAY_OK);
	if (shell_parse(assay_span_str(text), arena, &s, &err) != ASSAY_OK)
		fail_msg("'%s': %u:%u: %s", text, err.line, err.column, err.what);
	write_script(&out, s);
	if (strcmp(buf_str(&out), as) != 0)
		fail_msg("'%s'\n  gives    %s\n  expected %s", text, buf_str(&out), as);
}

static void
test_words(void **state)
{
	(void)state;
	expect_reads("", "");
	expect_reads("# nothing\n\n", "");
	expect_reads("echo a'b c'\"d $E\"f\\ g", "< echo a'b c\"d \"$Ef' g>");
	expect_reads("echo $A ${B} ${C:-d$E} ${#F} ${!G} $1 ${10} $$ $", "< echo $A $B $:-C[d$E] $#F $!G $1 $10 $$ $>");
	expect_reads("echo $(date) `id -u` \"$(a \"b\")\"", "< echo $(< date>) $(< id -u>) \"\"$(< a \"b>)>");
	expect_reads("echo $((1 + 2)) $((a) )", "< echo $((1 + 2 $(<group< a>>)>");
	expect_reads("diff <(a) >(b)", "< diff << a>) >< b>)>");
	expect_reads("echo '${{ github.x }}' \"$[[ inputs.y ]]\" ${{ 'a}}b' }}",
	    "< echo ''{{github.x}} \"\"{{inputs.y}} {{'a}}b'}}>");
	expect_reads("echo $'a\\nb'", "< echo 'a\nb>");
	expect_reads("a \\\n  b", "< a b>");
	expect_reads("echo a#b #c", "< echo a#b>");
}

static void
test_commands(void **state)
{
	(void)state;
	expect_reads("a | b |& c && d || e; f & g", "< a>|< b>|< c>&&< d>||< e>;< f>&< g>");
	expect_reads("A=1 B+=2 c x=3; D=(1 \"$E\")", "< A=1 B+=2 c x=3>;< D=1\"\"$E>");
	expect_reads("export A=$B", "< A=$B export>");
	expect_reads("a >b 2>&1 <c &>d >>e", "< a >b >&1 <c &>d >>e>");
	expect_reads("if a; then b; elif c; then d; else e; fi >f", "<if >f< a>;< b>;< c>;< d>;< e>>");
	expect_reads("for i in a $B; do c; done | d", "<loop i a $B< c>>|< d>");
	expect_reads("for ((i=0; i<3; i++)); do c; done", "<loop< c>>");
	expect_reads("while a; do b; done", "<loop< a>;< b>>");
	expect_reads("case $A in a|b) c;; (*) d ;; esac", "<case $A< c>;< d>>");
	expect_reads("f() { a; }; function g { b; }; (c; d)", "<function f<group< a>>>;<function g<group< b>>>;<group< c>;< d>>");
	expect_reads("[[ $A =~ ^(a|b)$ && -n $C ]] && d", "< [[ $A =~ ^ a b $ -n $C ]]>&&< d>");
	expect_reads("[[ a\rb ]]\r\n c\r", "< [[ a b ]]>;< c>");
	expect_reads("! a; time b", "< a>;< b>");
	expect_reads("((i++)); a", "<group>;< a>");
	expect_reads("echo then do done", "< echo then do done>");
}

static void
test_documents(void **state)
{
	(void)state;
	expect_reads("cat <<EOF && b\na $B `c`\nEOF\nd", "< cat <<\"a \"$B\" \"$(< c>)\"\n>&&< b>;< d>");
	expect_reads("cat <<'EOF'\na $B ${{ x }}\nEOF\n", "< cat <<'a $B '{{x}}'\n>");
	expect_reads("cat <<-E <<F\n\ta\n\tE\nb\nF\nc", "< cat <<\"a\n <<\"b\n>;< c>");
	expect_reads("x=$(cat <<E\na)\nE\n)", "< x=$(< cat <<\"a)\n>)>");
}

static void
test_places(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	const struct shell_script *s = NULL;
	CLEANUP(arena_free) struct arena *arena = NULL;
	assert_int_equal(arena_new(ARENA_MAX, &arena), ASSAY_OK);
	assert_int_equal(shell_parse(assay_span_str("a\n  b \"c\n\" $D\n"), arena, &s, &err), ASSAY_OK);
	const struct shell_command *b = s->first->next->first;
	assert_int_equal(b->line, 2);
	assert_int_equal(b->column, 3);
	const struct shell_word *d = b->words->next->next;
	assert_int_equal(d->first->line, 3);
	assert_int_equal(d->first->column, 3);
}

static void
test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned line, column;
	} rows[] = {
		{ "a 'b", 1, 5 },
		{ "a \"b", 1, 5 },
		{ "a $(b", 1, 6 },
		{ "a ${b", 1, 6 },
		{ "a\nb )", 2, 3 },
		{ "if a; then b", 1, 13 },
		{ "while a; done", 1, 10 },
		{ "case a in b", 1, 12 },
		{ "a |", 1, 4 },
		{ "{ a", 1, 4 },
		{ "(a", 1, 3 },
		{ "echo ${{ x", 1, 11 },
		{ "a; fi", 1, 4 },
		{ "[[ a", 1, 5 },
		{ "[[ a;)", 1, 7 },
		{ "f( a )", 1, 4 },
		{ "a > ", 1, 5 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct assay_error err = { 0 };
		const struct shell_script *s = NULL;
		CLEANUP(arena_free) struct arena *arena = NULL;
		assert_int_equal(arena_new(ARENA_MAX, &arena), ASSAY_OK);
		enum assay_status status = shell_parse(assay_span_str(rows[i].text), arena, &s, &err);
		if (status != ASSAY_E_FORMAT || err.line != rows[i].line || err.column != rows[i].column)
			fail_msg("'%s': %s at %u:%u (%s)", rows[i].text, assay_status_name(status), err.line, err.column, err.what);
		assert_null(s);
	}
}

static void
expect_limit(const char *unit, size_t times)
{
	struct assay_error err = { 0 };
	const struct shell_script *s = NULL;
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf text = BUF_INIT(8u << 20);
	assert_int_equal(arena_new(ARENA_MAX, &arena), ASSAY_OK);
	for (size_t i = 0; i < times; i++)
		buf_add_str(&text, unit);
	assert_int_equal(shell_parse(buf_span(&text), arena, &s, &err), ASSAY_E_LIMIT);
	assert_null(s);
}

static void
test_caps(void **state)
{
	(void)state;
	expect_limit("$(", 1000);
	expect_limit("\"$(", 1000);
	expect_limit("${a:-", 1000);
	expect_limit("{ ", 1000);
	expect_limit("f() ", 1000);
	expect_limit("a;", 150000);
	expect_limit("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 40000);
}

static void
test_programs(void **state)
{
	(void)state;
	static const struct {
		const char *text, *name, *code;
	} rows[] = {
		{ "sudo -u root /usr/bin/curl x", "curl", NULL },
		{ "env -i A=b nice -n 5 sh -c 'x y'", "sh", "x y" },
		{ "timeout -k 1 5 bash -ec x", "bash", "x" },
		{ "python3.11 -c x", "python3.11", "x" },
		{ "eval a b", "eval", "a" },
		{ "bash x.sh -c y", "bash", NULL },
		{ "$A b", "", NULL },
		{ "A=b", "", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct assay_error err = { 0 };
		const struct shell_script *s = NULL;
		CLEANUP(arena_free) struct arena *arena = NULL;
		assert_int_equal(arena_new(ARENA_MAX, &arena), ASSAY_OK);
		assert_int_equal(shell_parse(assay_span_str(rows[i].text), arena, &s, &err), ASSAY_OK);
		const struct shell_command *c = s->first->first;
		assert_string_equal(shell_name(shell_program(c)), rows[i].name);
		const struct shell_word *code = shell_code(c);
		if (rows[i].code == NULL)
			assert_null(code);
		else
			assert_string_equal(code->text, rows[i].code);
	}
}

static void
test_fetched(void **state)
{
	(void)state;
	static const struct {
		const char *text, *how; /* NULL: nothing is found */
	} rows[] = {
		{ "curl -fsSL https://x.org/i.sh | sh", "piped" },
		{ "curl https://x.org/i.sh | sudo -E bash -", "piped" },
		{ "wget -qO- https://x.org/i.sh | tee log | bash -s -- -y", "piped" },
		{ "{ echo a; curl https://x.org; } | python3", "piped" },
		{ "curl https://x.org | while true; do sh; done", "piped" },
		{ "echo \"$(curl https://x.org)\" | sh", "piped" },
		{ "sh -c \"$(curl -fsSL https://x.org)\"", "substituted" },
		{ "eval `wget -O - https://x.org`", "substituted" },
		{ "eval \"a\" \"$(curl https://x.org)\"", "substituted" },
		{ "bash <(curl -s https://x.org)", "substituted" },
		{ "source <(curl -s https://x.org)", "substituted" },
		{ "bash <<< \"$(curl -s https://x.org)\"", "substituted" },
		{ "$(curl https://x.org)", "substituted" },
		{ "curl -o i.sh https://x.org/i.sh\nchmod +x i.sh\n./i.sh", "saved" },
		{ "curl -LO https://x.org/i.sh && bash ./i.sh", "saved" },
		{ "wget https://x.org/i.py; python3 i.py", "saved" },
		{ "curl https://x.org > /tmp/i; . /tmp/i", "saved" },
		{ "if true; then (curl x.org/$V | sh); fi", "piped" },
		{ "curl https://x.org | tar xz", NULL },
		{ "curl https://x.org | jq -r .sh", NULL },
		{ "curl -o i.sh https://x.org/i.sh; sha256sum -c sums; sh i.sh", NULL },
		{ "wget https://x.org/i.sh && gpg --verify i.sh.asc i.sh && sh i.sh", NULL },
		{ "echo 'curl https://x.org | sh'", NULL },
		{ "# curl https://x.org | sh", NULL },
		{ "curl https://x.org | sh -c cat", NULL },
		{ "curl https://x.org | bash check.sh", NULL },
		{ "sh ./i.sh", NULL },
		{ "curl -o a https://x.org; sh b", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct assay_error err = { 0 };
		const struct shell_script *s = NULL;
		const struct shell_fetched *f = NULL;
		CLEANUP(arena_free) struct arena *arena = NULL;
		assert_int_equal(arena_new(ARENA_MAX, &arena), ASSAY_OK);
		assert_int_equal(shell_parse(assay_span_str(rows[i].text), arena, &s, &err), ASSAY_OK);
		assert_int_equal(shell_find_fetched(s, arena, &f, &err), ASSAY_OK);
		const char *how = f == NULL ? NULL : f->how;
		if ((how == NULL) != (rows[i].how == NULL) || (how != NULL && strcmp(how, rows[i].how) != 0))
			fail_msg("'%s': %s", rows[i].text, how == NULL ? "nothing" : how);
		if (f != NULL)
			assert_null(f->next);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_programs),
		cmocka_unit_test(test_fetched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
