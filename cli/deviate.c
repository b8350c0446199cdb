/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay deviate: writes the record of a deviation of code. What would not hold isn't written: a refused reason, lines that aren't
 * there, an end too far ahead. Signing is 'assay signoff's.
 */
#include "deviate.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/when.h>
#include <code/identity.h>
#include <codec/canon.h>
#include <errno.h>
#include <fcntl.h>
#include <sca/deviation.h>
#include <sca/records.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_LEN_MAX ((size_t)16 << 20)
#define RECORD_LEN_MAX YAML_SIZE_MAX
#define FILES_MAX (SCA_DEVIATION_SCOPE_MAX + SCA_DEVIATION_PREMISES_MAX)

struct deviating {
	struct cli *cli;
	struct workspace w;
	struct buf yaml, record, out;
	struct sca_deviation d;
	struct sca_deviation_place place;
	struct sca_premise premises[SCA_DEVIATION_PREMISES_MAX];
	struct source_file files[FILES_MAX]; /* of the work tree, by path */
	size_t file_count;
	const char *path;                    /* of the record */
	int tree;
};

static void
deviating_done(struct deviating *x)
{
	buf_done(&x->yaml);
	buf_done(&x->record);
	buf_done(&x->out);
	if (x->tree >= 0)
		(void)close(x->tree);
	workspace_done(&x->w);
}

/* ---- what is asked for ---- */

static enum assay_status
missing(const char *option, const char *todo, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "a deviation needs '--%s'", option);
	return assay_error_todo(err, ASSAY_E_USAGE, "%s", todo);
}

/* What the register of findings says of one: its rule and its place. */
static enum assay_status
read_finding(struct deviating *x, struct assay_error *err)
{
	const struct cli *cli = x->cli;
	struct sca_register r;
	bool differs;
	if (cli->finding == NULL || (cli->file != NULL && cli->rule != NULL))
		return ASSAY_OK;
	const enum assay_status status = repository_policy_file(x->w.repository, REGISTER_PATH, &x->yaml, &differs, err);
	if (status == ASSAY_E_NOT_FOUND) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is no " REGISTER_PATH " to look the finding up in");
		return assay_error_todo(err, ASSAY_E_USAGE, "give --rule, --file and --symbol as well");
	}
	TRY(status);
	TRY(sca_register_parse(buf_span(&x->yaml), REGISTER_PATH, x->w.arena, &r, err));
	const struct sca_entry *e = sca_register_find(&r, cli->finding);
	if (e == NULL)
		return assay_fail(err, ASSAY_E_USAGE, REGISTER_PATH " has no finding '%s'", cli->finding);
	x->d.rule = x->d.rule == NULL ? e->rule : x->d.rule;
	x->place.path = x->place.path == NULL ? e->path : x->place.path;
	if (x->place.symbol == NULL && e->symbol != NULL && e->symbol[0] != '\0')
		x->place.symbol = e->symbol;
	if (x->d.checks.count == 0)
		x->d.checks = e->checks;
	return ASSAY_OK;
}

static enum assay_status
read_words(struct deviating *x, struct assay_error *err)
{
	struct cli *cli = x->cli;
	x->place = (struct sca_deviation_place){ .path = cli->file, .symbol = cli->symbol, .finding = cli->finding };
	x->d = (struct sca_deviation){ .rule = cli->rule, .permit = cli->permit, .scope = &x->place, .scope_count = 1, .reason = cli->reason,
		.risk = cli->risk, .requester = cli->person, .checks = { cli->checks.items, cli->checks.count }, .premises = x->premises };
	TRY(read_finding(x, err));
	if (x->d.rule == NULL)
		return missing("rule", "name it as STANDARD/RULE: cert-c/EXP34-C", err);
	if (x->place.path == NULL)
		return missing("file", "name the file by its path in the repository", err);
	if (cli->reason == NULL)
		return missing("reason", "say what makes the code safe though it breaks the rule", err);
	if (cli->risk == NULL)
		return missing("risk", "say what may come of it", err);
	if (cli->person == NULL)
		return missing("requester", "name who asks for it, by the id in " ROSTER_PATH, err);
	if (cli->until == NULL)
		return missing("until", "name the first day on which it doesn't count any more: 2027-06-01", err);
	for (size_t i = 0; i < x->w.roster.count; i++) {
		const struct roster_entry *e = &x->w.roster.entries[i];
		if (e->kind == ROSTER_PERSON && strcmp(e->id, cli->person) == 0)
			return when_parse(assay_span_str(cli->until), &x->d.until, err);
	}
	return assay_fail(err, ASSAY_E_USAGE, "there is no person '%s' in " ROSTER_PATH, cli->person);
}

/* ---- files ---- */

static enum assay_status
open_tree(struct deviating *x, struct assay_error *err)
{
	const char *tree = x->w.repository->work_tree;
	if (tree == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "a bare repository has no work tree to write into");
	x->tree = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return x->tree >= 0 ? ASSAY_OK : assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", tree, text_errno(errno));
}

/* Reads a file of the work tree once; *ret_file stays good until the next one is read. */
static enum assay_status
read_source(struct deviating *x, const char *path, const struct source_file **ret_file, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(FILE_LEN_MAX);
	const struct sources s = { .files = x->files, .count = x->file_count };
	*ret_file = sources_find(&s, path);
	if (*ret_file != NULL)
		return ASSAY_OK;
	if (x->file_count == FILES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %d files", FILES_MAX);
	TRY(file_read_beneath(x->tree, path, &bytes, err));
	const char *copy = arena_copy(x->w.arena, buf_span(&bytes));
	if (copy == NULL)
		return arena_full(err);
	size_t at = x->file_count++;
	for (; at > 0 && strcmp(x->files[at - 1].path, path) > 0; at--)
		x->files[at] = x->files[at - 1];
	x->files[at] = (struct source_file){ .path = path, .mode = 0100644, .has_bytes = true,
		.bytes = { (const unsigned char *)copy, bytes.len } };
	*ret_file = &x->files[at];
	return ASSAY_OK;
}

/* ---- premises ---- */

static enum assay_status
add_premise(struct deviating *x, const char *path, unsigned first, unsigned last, struct assay_error *err)
{
	const struct source_file *f;
	bool there = false;
	if (x->d.premise_count == SCA_DEVIATION_PREMISES_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "more than %d premises", SCA_DEVIATION_PREMISES_MAX);
	struct sca_premise *p = &x->premises[x->d.premise_count++];
	*p = (struct sca_premise){ .path = path, .first = first, .last = last };
	TRY(read_source(x, path, &f, err));
	TRY(sca_premise_digest(f->bytes, first, last, p->sha256, &there));
	return there ? ASSAY_OK
		     : assay_fail(err, ASSAY_E_USAGE, "lines %u to %u of '%s' aren't there, or say nothing", first, last, path);
}

/* "FILE:12" or "FILE:12-20". */
static enum assay_status
read_premise(struct deviating *x, const char *text, struct assay_error *err)
{
	const char *colon = strrchr(text, ':');
	const size_t digits = colon == NULL ? 0 : strcspn(colon + 1, "-");
	uint64_t first = 0, last = 0;
	const struct assay_span from = { (const unsigned char *)(colon == NULL ? "" : colon + 1), digits };
	const bool range = colon != NULL && colon[1 + digits] == '-';
	if (colon == NULL || text_to_u64(from, &first) != ASSAY_OK
	    || text_to_u64(range ? assay_span_str(colon + 2 + digits) : from, &last) != ASSAY_OK || first == 0 || last < first
	    || last > SCA_DEVIATION_LINES_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "'--premise' wants FILE:LINE or FILE:FIRST-LAST, not '%s'", text);
	const char *path = arena_copy(x->w.arena, (struct assay_span){ (const unsigned char *)text, (size_t)(colon - text) });
	return path == NULL ? arena_full(err) : add_premise(x, path, (unsigned)first, (unsigned)last, err);
}

/* What the deviation is about is what it rests on, when nothing else is named: from the function's first statement to its last. */
static enum assay_status
rest_on_function(struct deviating *x, struct assay_error *err)
{
	const struct source_file *f;
	enum code_language language;
	struct code_tokens t;
	struct code_statements s = { 0 };
	unsigned first = 0, last = 0;
	TRY(read_source(x, x->place.path, &f, err));
	if (x->place.symbol != NULL && code_language_of(x->place.path, &language)) {
		TRY(code_lex(f->bytes, language, x->w.arena, &t, err));
		TRY(code_statements_of(&t, x->w.arena, &s, err));
	}
	for (size_t i = 0; i < s.count; i++) {
		if (strcmp(s.items[i].symbol, x->place.symbol) != 0)
			continue;
		first = first == 0 ? s.items[i].line : first;
		last = s.items[i].last_line;
	}
	if (first > 0)
		return add_premise(x, x->place.path, first, last, err);
	(void)assay_fail(err, ASSAY_E_USAGE, "it takes nothing for granted: no '--premise' is given, and no function is found to rest on");
	return assay_error_todo(err, ASSAY_E_USAGE, "add --premise FILE:FIRST-LAST, the lines without which the reason wouldn't hold");
}

static enum assay_status
read_premises(struct deviating *x, struct assay_error *err)
{
	const struct cli_list *list = &x->cli->premises;
	const struct source_file *f;
	for (size_t i = 0; i < list->count; i++)
		TRY(read_premise(x, list->items[i], err));
	if (x->d.permit)
		return ASSAY_OK;
	TRY(read_source(x, x->place.path, &f, err));
	return list->count > 0 ? ASSAY_OK : rest_on_function(x, err);
}

/* ---- writing ---- */

/* Whether a permit's files exist isn't looked for here: nothing of the tree but what is named was read. */
static enum assay_status
refuse_faults(const struct deviating *x, struct assay_error *err)
{
	const struct sources s = { .files = x->files, .count = x->file_count };
	struct sca_fault *f;
	int64_t date;
	bool given;
	TRY(workspace_date(x->cli, &date, &given, err));
	TRY(sca_deviation_faults(&x->d, &s, date, x->w.policy.exception_days, x->w.arena, &f, err));
	for (; f != NULL; f = f->next) {
		if (x->d.permit && strcmp(f->code, "deviation-stale") == 0)
			continue;
		(void)assay_fail(err, ASSAY_E_USAGE, "this deviation would not hold: %s", f->why);
		return assay_error_todo(err, ASSAY_E_USAGE, "see assay-deviation(5)");
	}
	return ASSAY_OK;
}

/* Written as it will be read: what the format refuses is refused here. */
static enum assay_status
compose(struct deviating *x, struct assay_error *err)
{
	struct sca_deviation again;
	TRY(sca_deviation_write(&x->d, &x->record, err));
	TRY(sca_deviation_parse(buf_span(&x->record), "the deviation", x->w.arena, &again, err));
	return refuse_faults(x, err);
}

/* "exp34-c-level-of" of rule and place; NULL: no memory. */
static const char *
make_name(const struct deviating *x)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	const char *slash = strchr(x->d.rule, '/'), *base = strrchr(x->place.path, '/');
	const char *about = x->place.symbol != NULL ? x->place.symbol : base == NULL ? x->place.path : base + 1;
	char *name = arena_printf(x->w.arena, "%.40s-%.60s", slash == NULL ? x->d.rule : slash + 1, about);
	for (char *p = name; p != NULL && *p != '\0'; p++) {
		const char c = text_lower(*p);
		*p = (char)(strchr(letters, c) != NULL ? c : '-');
	}
	return name;
}

static enum assay_status
choose_path(struct deviating *x, struct assay_error *err)
{
	struct stat there;
	const char *name = make_name(x);
	x->path = x->cli->out != NULL || name == NULL ? x->cli->out : arena_printf(x->w.arena, SCA_DEVIATION_FOLDER "%s.yaml", name);
	if (x->path == NULL)
		return arena_full(err);
	if (!text_match(assay_span_str(SCA_DEVIATION_FOLDER "*.yaml"), assay_span_str(x->path)))
		return assay_fail(err, ASSAY_E_USAGE, "a deviation's record lies in '" SCA_DEVIATION_FOLDER "NAME.yaml', not in '%s'", x->path);
	if (fstatat(x->tree, x->path, &there, AT_SYMLINK_NOFOLLOW) != 0)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "there is a '%s' already", x->path);
	return assay_error_todo(err, ASSAY_E_USAGE, "give another name with --out, or remove that one");
}

static enum assay_status
write_record(struct deviating *x, struct assay_error *err)
{
	if ((mkdirat(x->tree, "assay", 0777) != 0 && errno != EEXIST)
	    || (mkdirat(x->tree, "assay/deviations", 0777) != 0 && errno != EEXIST))
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make '" SCA_DEVIATION_FOLDER "': %s", text_errno(errno));
	return file_write_atomic(x->tree, x->path, buf_span(&x->record), 0666, err);
}

static enum assay_status
answer(struct deviating *x, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	const char *role = x->w.policy.exception_role;
	TRY(assay_sha256(buf_span(&x->record), digest));
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	if (x->cli->json) {
		CLEANUP(canon_unref) json_t *root = json_pack("{s:o, s:i, s:s, s:s, s:s}", "path", canon_text(assay_span_str(x->path)),
		    "premises", (int)x->d.premise_count, "record-sha256", hex, "rule", x->d.rule, "schema", "assay-deviation-written/1");
		TRY(root == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer") : canon_write(root, &x->out, err));
		buf_add_byte(&x->out, '\n');
		return cli_print(&x->out, err);
	}
	buf_add_str(&x->out, "written     ");
	text_escape(&x->out, assay_span_str(x->path), false);
	buf_addf(&x->out, "\nsha256      %s\n", hex);
	for (size_t i = 0; i < x->d.premise_count; i++)
		buf_addf(&x->out, "rests on    %s:%u-%u\n", x->premises[i].path, x->premises[i].first, x->premises[i].last);
	buf_add_str(&x->out, "\nnext: read it, then have it signed, by its requester and by somebody else:\n  assay signoff ");
	text_escape(&x->out, assay_span_str(x->path), false);
	buf_add_str(&x->out, " --act request\n  assay signoff ");
	text_escape(&x->out, assay_span_str(x->path), false);
	buf_addf(&x->out, " --act approve --role %s\n", role == NULL ? "ROLE" : role);
	if (role == NULL)
		buf_add_str(&x->out, "policy.yaml names no role that approves exceptions yet: without one it doesn't count\n");
	return cli_print(&x->out, err);
}

static enum assay_status
deviate(struct deviating *x, struct assay_error *err)
{
	if (x->cli->list)
		return deviate_list(x->cli, err);
	TRY(workspace_open(x->cli, x->cli->path == NULL ? "." : x->cli->path, &x->w, err));
	TRY(read_words(x, err));
	TRY(open_tree(x, err));
	TRY(read_premises(x, err));
	TRY(compose(x, err));
	TRY(choose_path(x, err));
	TRY(write_record(x, err));
	return answer(x, err);
}

int
verb_deviate(struct cli *cli, struct assay_error *err)
{
	CLEANUP(deviating_done) struct deviating x = { .cli = cli, .tree = -1, .yaml = BUF_INIT(FILE_LEN_MAX),
		.record = BUF_INIT(RECORD_LEN_MAX), .out = BUF_INIT(FILE_LEN_MAX) };
	return deviate(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
