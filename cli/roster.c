/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay roster: from and to OpenSSH's allowed_signers. An import proposes: it prints a roster whose keys are pending, and changes
 * no file.
 */
#include "workspace.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <fcntl.h>
#include <policy/allowed_signers.h>
#include <string.h>

#define OUT_MAX ((size_t)64 << 20)
#define ID_SIZE 40

struct exchange {
	struct cli *cli;
	struct workspace w;
	struct buf file, out;
	struct allowed_signers signers;
	size_t skipped;
};

static void
exchange_done(struct exchange *x)
{
	buf_done(&x->file);
	buf_done(&x->out);
	workspace_done(&x->w);
}

/* ---- import ---- */

/* Patterns name nobody in particular. */
static bool
names_a_person(const struct allowed_signer *a)
{
	return strpbrk(a->principals, "*?!") == NULL && a->principals[0] != '\0';
}

/* Something like the first principal's local part, with the line behind it so that no two are the same. */
static void
make_id(const struct allowed_signer *a, char out[ID_SIZE])
{
	size_t n = 0;
	for (const char *p = a->principals; *p != '\0' && *p != '@' && *p != ',' && n < 24; p++) {
		const char c = text_lower(*p);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = c;
	}
	(void)snprintf(out + n, ID_SIZE - n, "%s%u", n == 0 ? "person-" : "-", a->line);
}

static void
add_quoted(struct buf *out, const char *text, size_t len)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			buf_add_byte(out, '\\');
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			buf_addf(out, "\\x%02x", (unsigned char)text[i]);
		else
			buf_add_byte(out, (unsigned char)text[i]);
	}
	buf_add_byte(out, '"');
}

/* "emails" for what looks like an address, "principals" for the rest. */
static void
add_names(struct buf *out, const char *key, const char *principals, bool addresses)
{
	bool any = false;
	for (const char *p = principals; *p != '\0';) {
		const size_t n = strcspn(p, ",");
		if (n > 0 && (memchr(p, '@', n) != NULL) == addresses) {
			buf_addf(out, any ? ", " : "    %s: [", key);
			add_quoted(out, p, n);
			any = true;
		}
		p += n + (p[n] == ',');
	}
	if (any)
		buf_add_str(out, "]\n");
}

static void
add_window(struct buf *out, const char *key, int64_t when)
{
	char text[WHEN_TEXT_SIZE];
	if (when == WHEN_MIN || when == WHEN_MAX)
		return;
	when_format(when, text);
	buf_addf(out, "        %s: %s\n", key, text);
}

static void
add_key(struct buf *out, const struct allowed_signer *a)
{
	buf_addf(out, "      - ssh: %s   # line %u\n", a->text, a->line);
	if (a->namespaces != NULL) {
		buf_add_str(out, "        # was for these namespaces alone: ");
		text_escape(out, assay_span_str(a->namespaces), false);
		buf_add_byte(out, '\n');
	}
	if (a->local_time)
		buf_add_str(out, "        # a time without 'Z' was read as UTC\n");
	add_window(out, "from", a->from);
	add_window(out, "until", a->until);
	buf_add_str(out, "        status: pending\n");
}

/* All keys of the same principals are one person's, or one authority's. */
static void
add_entry(struct exchange *x, size_t i)
{
	const struct allowed_signer *a = &x->signers.items[i];
	char id[ID_SIZE];
	for (size_t k = 0; k < i; k++) {
		const struct allowed_signer *b = &x->signers.items[k];
		if (b->cert_authority == a->cert_authority && strcmp(b->principals, a->principals) == 0)
			return;
	}
	make_id(a, id);
	buf_addf(&x->out, "  - id: %s\n    name: ", id);
	add_quoted(&x->out, a->principals, strcspn(a->principals, ","));
	buf_add_byte(&x->out, '\n');
	if (!a->cert_authority) {
		add_names(&x->out, "emails", a->principals, true);
		add_names(&x->out, "principals", a->principals, false);
	}
	buf_add_str(&x->out, "    keys:\n");
	for (size_t k = i; k < x->signers.count; k++) {
		const struct allowed_signer *b = &x->signers.items[k];
		if (b->cert_authority == a->cert_authority && strcmp(b->principals, a->principals) == 0)
			add_key(&x->out, b);
	}
}

static void
add_list(struct exchange *x, const char *key, bool authorities)
{
	const size_t before = x->out.len;
	buf_addf(&x->out, "%s:\n", key);
	const size_t empty = x->out.len;
	for (size_t i = 0; i < x->signers.count; i++) {
		const struct allowed_signer *a = &x->signers.items[i];
		if (a->cert_authority != authorities)
			continue;
		if (authorities || names_a_person(a)) {
			add_entry(x, i);
			continue;
		}
		x->skipped++;
		buf_addf(&x->out, "  # line %u names no person: ", a->line);
		text_escape(&x->out, assay_span_str(a->principals), false);
		buf_add_byte(&x->out, '\n');
	}
	if (x->out.len == empty) {
		x->out.len = before;
		buf_addf(&x->out, "%s: []\n", key);
	}
}

/* What 'assay check' would refuse is not proposed. */
static enum assay_status
read_back(struct exchange *x, struct assay_error *err)
{
	struct roster roster;
	TRY(buf_status(&x->out, "the proposed roster", err));
	const enum assay_status status = roster_parse(buf_span(&x->out), "the proposed roster", x->w.arena, &roster, err);
	if (status == ASSAY_OK)
		return ASSAY_OK;
	return assay_error_todo(err, status, "assay takes one owner a key and one person a name: put the file right and import it again");
}

static enum assay_status
import(struct exchange *x, struct assay_error *err)
{
	if (x->cli->arg_count != 2)
		return assay_fail(err, ASSAY_E_USAGE, "'assay roster import' wants an allowed_signers file");
	if (arena_new(OUT_MAX, &x->w.arena) != ASSAY_OK)
		return arena_full(err);
	TRY(file_read(AT_FDCWD, x->cli->args[1], &x->file, err));
	TRY(allowed_signers_parse(buf_span(&x->file), x->cli->args[1], x->w.arena, &x->signers, err));
	buf_add_str(&x->out, "# Proposed out of an allowed_signers file. See assay-roster(5).\n"
			     "#\n"
			     "# Read each line, put the names right, strike out what you can't vouch for. A pending key counts once\n"
			     "# the people who may decide have signed for it.\n"
			     "assay-roster: 1\n\n");
	add_list(x, "people", false);
	buf_add_byte(&x->out, '\n');
	add_list(x, "authorities", true);
	TRY(read_back(x, err));
	if (x->skipped > 0 && !x->cli->quiet)
		(void)fprintf(stderr, "note: %zu lines name patterns and no person; they stand as comments\n", x->skipped);
	return ASSAY_OK;
}

/* ---- export ---- */

static enum assay_status
export(struct exchange *x, struct assay_error *err)
{
	if (x->cli->arg_count != 1)
		return assay_fail(err, ASSAY_E_USAGE, "'assay roster export' wants no argument");
	TRY(workspace_open(x->cli, x->cli->path == NULL ? "." : x->cli->path, &x->w, err));
	if (!x->w.roster.present) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is no " ROSTER_PATH);
		return assay_error_todo(err, ASSAY_E_USAGE, "'assay init' proposes one");
	}
	return allowed_signers_write(&x->w.roster, &x->out, err);
}

static enum assay_status
print(struct exchange *x, struct assay_error *err)
{
	if (!x->cli->json)
		return cli_print(&x->out, err);
	CLEANUP(buf_done) struct buf out = BUF_INIT((size_t)2 * OUT_MAX);
	CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:s, s:o}", "schema", "assay-roster-exchange/1",
	    "format", strcmp(x->cli->args[0], "export") == 0 ? "allowed_signers" : "roster.yaml", "text", canon_text(buf_span(&x->out)));
	TRY(root == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer") : canon_write(root, &out, err));
	buf_add_byte(&out, '\n');
	return cli_print(&out, err);
}

static enum assay_status
run(struct exchange *x, struct assay_error *err)
{
	static const struct {
		const char *name;
		enum assay_status (*run)(struct exchange *x, struct assay_error *err);
	} rows[] = { { "import", import }, { "export", export } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].name, x->cli->args[0]) != 0)
			continue;
		TRY(rows[i].run(x, err));
		return print(x, err);
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "'assay roster' doesn't know '%s'", x->cli->args[0]);
	return assay_error_todo(err, ASSAY_E_USAGE, "'import FILE' or 'export'");
}

int
verb_roster(struct cli *cli, struct assay_error *err)
{
	CLEANUP(exchange_done) struct exchange x = { .cli = cli, .file = BUF_INIT(ALLOWED_SIGNERS_MAX), .out = BUF_INIT(OUT_MAX) };
	return run(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
