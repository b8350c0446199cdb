/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.operator: what the operator's instructions say is to be typed. Whoever wrote them may have meant well; what counts is that nothing in
 * them asks the delivery whom to trust, and that no answer of the verifier gets lost.
 */
#include "operator.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/shell.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define DIGEST_DIGITS ((size_t)2 * ASSAY_SHA256_SIZE)
#define ROOT_OPTION "--root"

/* Options of the verifier; false: no value follows. What shows something else than the outcome isn't among them. */
static const struct {
	const char *name;
	bool value;
} options[] = {
	{ ROOT_OPTION, true }, { "--state", true }, { "--seal", true }, { "--install", false }, { "--rollback", true }, { "--product", true },
	{ "--receipt", true }, { "--site", true }, { "--threads", true }, { "--quiet", false }, { "-q", false },
};

/* Which words of a program are followed. */
enum care {
	CARE_NONE,    /* whatever they are, it does no more */
	CARE_OPTIONS, /* an option may have it run, write or show something else */
	CARE_FORMATS, /* it only tells, unless it is told something */
	CARE_ESCAPES, /* they may move on the screen */
};

/* Programs of the system that leave what is checked as it is, or bring it where it is installed. */
static const struct harmless {
	const char *name;
	enum care care;
	bool shows; /* files, byte by byte */
} harmless[] = {
	{ "cat", CARE_NONE, true }, { "cd", CARE_NONE, false }, { "cp", CARE_NONE, false }, { "date", CARE_FORMATS, false }, { "df", CARE_NONE, false },
	{ "echo", CARE_ESCAPES, false }, { "head", CARE_NONE, true }, { "id", CARE_NONE, false }, { "install", CARE_NONE, false },
	{ "less", CARE_OPTIONS, true }, { "ls", CARE_NONE, false }, { "lsblk", CARE_NONE, false }, { "mkdir", CARE_NONE, false },
	{ "more", CARE_OPTIONS, true }, { "mount", CARE_NONE, false }, { "pwd", CARE_NONE, false }, { "sha256sum", CARE_NONE, false },
	{ "sync", CARE_NONE, false }, { "tail", CARE_NONE, true }, { "umount", CARE_NONE, false }, { "uname", CARE_NONE, false },
};

static struct operator_at
at_word(const struct seal_block *block, const struct shell_word *w)
{
	return (struct operator_at){ w->raw, block->line + w->line - 1, w->column };
}

static struct operator_at
at_command(const struct seal_block *block, const struct shell_command *c)
{
	return (struct operator_at){ c->words == NULL ? "" : c->words->raw, block->line + c->line - 1, c->column };
}

enum assay_status
operator_say(const struct operator_page *p, bool gap, const char *id, struct operator_at at, const char *words)
{
	const struct judge_place place = { at.what, OPERATOR_PAGE, at.line, at.column, arena_printf(p->b->c->arena, "%u", at.line) };
	return judge_find_at(p->b->c, p->b->v, gap, id, &place, p->b->err, "%s", words);
}

/* ---- one run of the verifier ---- */

struct call {
	const struct shell_word *root; /* the word that has it */
	const char *fingerprint;       /* when it is literal */
	const char *state, *seal;
	const struct shell_word *tree;
	const struct shell_word *odd;  /* a word that isn't followed here */
	bool install;
	size_t trees;
};

/* The value of "--option=value" or of the word behind; NULL where it isn't literal. *at is the last word that was taken. */
static const char *
value_of(const struct shell_word **at, size_t name)
{
	if ((*at)->raw[name] == '=')
		return (*at)->text == NULL ? NULL : (*at)->text + name + 1;
	*at = (*at)->next;
	return *at == NULL ? NULL : (*at)->text;
}

static size_t
option_of(const struct shell_word *w)
{
	for (size_t i = 0; i < COUNT(options); i++) {
		const size_t len = strlen(options[i].name);
		if (strncmp(w->raw, options[i].name, len) == 0 && (w->raw[len] == '\0' || (w->raw[len] == '=' && options[i].value)))
			return i;
	}
	return COUNT(options);
}

static void
take_option(struct call *c, const struct shell_word **at, size_t option)
{
	const struct shell_word *w = *at;
	const char *name = options[option].name;
	const char *value = options[option].value ? value_of(at, strlen(name)) : "";
	if (strcmp(name, ROOT_OPTION) == 0) {
		c->root = w;
		c->fingerprint = value;
		return;
	}
	if (value == NULL)
		c->odd = w;
	if (strcmp(name, "--state") == 0)
		c->state = value;
	if (strcmp(name, "--seal") == 0)
		c->seal = value;
	c->install = c->install || strcmp(name, "--install") == 0;
}

static struct call
read_call(const struct shell_word *program)
{
	struct call c = { 0 };
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		const size_t option = option_of(w);
		if (option < COUNT(options))
			take_option(&c, &w, option);
		else if (w->text == NULL || w->text[0] == '-')
			c.odd = w;
		else {
			c.tree = w;
			c.trees++;
		}
		if (w == NULL)
			break;
	}
	return c;
}

/* The machine remembers the trust root by then. */
static bool
is_remembered(const struct operator_page *p, const char *memory)
{
	return memory != NULL && p->pinned != NULL && strcmp(memory, p->pinned) == 0;
}

static enum assay_status
judge_root(struct operator_page *p, const struct seal_block *block, const struct shell_word *program, const struct call *c)
{
	const struct operator_at where = at_word(block, c->root == NULL ? program : c->root);
	const char *memory = NULL;
	bool kept = true;
	if (c->state != NULL)
		TRY(operator_memory(p, where, c->state, &memory, &kept));
	if (CATCH(operator_root_missing, c->root == NULL && !is_remembered(p, memory)))
		return operator_say(p, true, "root-missing", where, "the verifier isn't told whom to trust, and doesn't remember it by then");
	if (CATCH(operator_root_computed, c->root != NULL && c->fingerprint == NULL))
		return operator_say(p, true, "root-computed", where, "the trust root is taken from what is checked, and not from this page");
	if (CATCH(operator_root_other, c->fingerprint != NULL && strcmp(c->fingerprint, p->b->seal->fingerprint) != 0))
		return operator_say(p, true, "root-other", where, "this isn't the fingerprint of the root that the release is signed under");
	if (c->install && kept && memory != NULL && c->fingerprint != NULL)
		p->pinned = memory;
	return ASSAY_OK;
}

/* Whether what follows in the block goes on whatever this one says. A block is typed, or pasted, as a whole. */
static bool
goes_on(const struct shell_pipeline *in)
{
	for (const struct shell_pipeline *x = in; x != NULL; x = x->next) {
		if (x->next == NULL ? x->join == SHELL_BACKGROUND : x->join != SHELL_AND)
			return true;
	}
	return false;
}

static enum assay_status
judge_call(struct operator_page *p, struct operator_block *to, const struct shell_command *c, const struct shell_word *program,
    const struct shell_pipeline *in, const struct shell_pipeline *before)
{
	const struct call call = read_call(program);
	const bool lost = in->negated || in->first->next != NULL || c->redirects != NULL || goes_on(in) || (before != NULL && before->join == SHELL_OR);
	if (CATCH(operator_call_odd, call.odd != NULL || call.trees != 1))
		return operator_say(p, false, "command-unread", at_word(to->block, call.odd != NULL ? call.odd : program),
		    "what the verifier is asked isn't told by this");
	p->calls++;
	to->verifies = true;
	bool compared = false;
	TRY(operator_may_run(p, program, &compared));
	if (CATCH(operator_unchecked_verifier, !compared))
		TRY(operator_say(p, true, "verifier-unchecked", at_word(to->block, program), "a program of the delivery is run before anybody compared its digest"));
	if (call.tree != NULL)
		TRY(operator_verified(p, call.tree, call.seal));
	if (CATCH(operator_result_lost, lost))
		TRY(operator_say(p, true, "result-ignored", at_word(to->block, program), "what the verifier answers is hidden, or the rest goes on whatever it answers"));
	return judge_root(p, to->block, program, &call);
}

/* ---- commands ---- */

/* NULL: there is none. */
static const struct harmless *
harmless_of(const char *name)
{
	for (size_t i = 0; i < COUNT(harmless); i++) {
		if (strcmp(harmless[i].name, name) == 0)
			return &harmless[i];
	}
	return NULL;
}

static bool
is_followed(enum care care, const char *word)
{
	static const char *const formats[] = { "-u", "--utc", "-R", "--rfc-email", "-I" };
	if (care == CARE_OPTIONS)
		return word[0] != '-' && word[0] != '+';
	if (care != CARE_FORMATS)
		return care == CARE_NONE || strchr(word, '\\') == NULL;
	for (size_t i = 0; i < COUNT(formats); i++) {
		if (strcmp(word, formats[i]) == 0)
			return true;
	}
	return word[0] == '+';
}

static enum assay_status
judge_words(struct operator_page *p, const struct seal_block *block, const struct harmless *h, const struct shell_word *program)
{
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		if (CATCH(operator_word_unread, !is_followed(h->care, w->text)))
			return operator_say(p, false, "command-unread", at_word(block, w), "with this word the program may change, run or show something else");
	}
	return h->shows ? operator_show(p, at_word(block, program), program) : ASSAY_OK;
}

static bool
is_verifier(const struct operator_page *p, const struct shell_word *w)
{
	return strcmp(shell_name(w), p->program) == 0;
}

static bool
is_literal(const struct shell_command *c)
{
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		if (w->text == NULL)
			return false;
	}
	return c->words != NULL && c->redirects == NULL;
}

/* Whether it is carried out by then, and what it shows is to be seen. */
static bool
is_sure(const struct shell_pipeline *in, const struct shell_pipeline *before)
{
	const struct shell_pipeline *last = in;
	while (last->next != NULL && (last->join == SHELL_AND || last->join == SHELL_OR))
		last = last->next;
	return in->first->next == NULL && !in->negated && last->join != SHELL_BACKGROUND && (before == NULL || before->join != SHELL_OR);
}

/* Whether it isn't left out when something before it fails: a shell that is typed to goes on in the next line. */
static bool
is_always(const struct shell_pipeline *before)
{
	const bool joined = before != NULL && before->join == SHELL_AND;
	return !joined || strcmp(shell_name(before->first->words), "cd") == 0;
}

static enum assay_status
judge_other(struct operator_page *p, const struct seal_block *block, const struct shell_command *c, const struct shell_word *program,
    const struct shell_pipeline *in, const struct shell_pipeline *before)
{
	const bool surely = is_sure(in, before);
	const struct operator_at where = at_command(block, c);
	if (CATCH(operator_command_unread, !is_literal(c)))
		return operator_say(p, false, "command-unread", where, "what this does isn't told by its words");
	const struct harmless *h = harmless_of(program->text);
	if (CATCH(operator_command_unknown, h == NULL))
		return operator_say(p, false, "command-unknown", where, "this program isn't known to leave what is checked as it is");
	if (h == NULL || !is_literal(c))
		return ASSAY_OK;
	TRY(judge_words(p, block, h, program));
	if (strcmp(program->text, "sha256sum") == 0)
		return operator_digest(p, program, surely && is_always(before));
	if (strcmp(program->text, "cp") == 0 || strcmp(program->text, "install") == 0)
		return operator_copy(p, where, program, surely);
	if (strcmp(program->text, "mount") == 0 || strcmp(program->text, "umount") == 0)
		return operator_mount(p, program);
	bool is_read = true;
	if (strcmp(program->text, "cd") == 0)
		TRY(operator_cd(p, program, surely && is_always(before) && program == c->words, &is_read));
	return is_read ? ASSAY_OK : operator_say(p, false, "command-unread", where, "where the rest is typed isn't told by this");
}

static enum assay_status
judge_command(struct operator_page *p, struct operator_block *to, const struct shell_command *c, const struct shell_pipeline *in,
    const struct shell_pipeline *before)
{
	const struct shell_word *program = c->kind == SHELL_SIMPLE && c->assigns == NULL ? shell_program(c) : NULL;
	const bool plain = program != NULL && (program == c->words || strcmp(shell_name(c->words), "sudo") == 0);
	if (CATCH(operator_form_unread, !plain))
		return operator_say(p, false, "command-unread", at_command(to->block, c), "it isn't a plain command, which could be followed");
	if (!plain)
		return ASSAY_OK;
	/* Its options may lead to other files, by the same names. */
	const bool as_it_is = program == c->words || (program == c->words->next && strcmp(c->words->text, "sudo") == 0);
	if (CATCH(operator_sudo_unread, !as_it_is))
		return operator_say(p, false, "command-unread", at_command(to->block, c), "as whom and where this is run isn't told: write sudo and the command");
	return is_verifier(p, program) ? judge_call(p, to, c, program, in, before) : judge_other(p, to->block, c, program, in, before);
}

static enum assay_status
judge_block(struct operator_page *p, struct operator_block *to)
{
	const struct shell_script *script = NULL;
	struct assay_error why = { 0 };
	const enum assay_status status = shell_parse(assay_span_str(to->block->text), p->b->c->arena, &script, &why);
	if (status == ASSAY_E_MEMORY)
		return arena_full(p->b->err);
	if (CATCH(operator_block_unread, status != ASSAY_OK))
		return operator_say(p, false, "command-unread", (struct operator_at){ "block", to->block->line, 1 }, "no shell would read this block");
	const struct shell_pipeline *before = NULL;
	operator_block_begins(p);
	for (const struct shell_pipeline *x = status == ASSAY_OK ? script->first : NULL; x != NULL; before = x, x = x->next) {
		for (const struct shell_command *c = x->first; c != NULL; c = c->next)
			TRY(judge_command(p, to, c, x, before));
	}
	operator_block_ends(p);
	return ASSAY_OK;
}

/* ---- what stands between the blocks ---- */

static bool
has(struct assay_span line, const char *text)
{
	return text[0] != '\0' && memmem(line.data, line.len, text, strlen(text)) != NULL;
}

static bool
is_link(struct assay_span text)
{
	static const char *const schemes[] = { "http://", "https://", "mailto:" };
	for (size_t i = 0; i < COUNT(schemes); i++) {
		const size_t len = strlen(schemes[i]);
		if (text.len > len && memcmp(text.data, schemes[i], len) == 0)
			return true;
	}
	return false;
}

/* HTML shows something else than what stands there, or nothing. */
static bool
has_html(struct assay_span line)
{
	for (size_t i = 0; i + 1 < line.len; i++) {
		const struct assay_span rest = { line.data + i + 1, line.len - i - 1 };
		const unsigned char next = rest.data[0];
		const bool tag = line.data[i] == '<' && (next == '!' || next == '/' || next == '?' || text_lower((char)next) != text_upper((char)next));
		if (tag && !is_link(rest))
			return true;
	}
	return false;
}

static enum assay_status
judge_prose(const struct operator_page *p, const struct seal_instructions *i)
{
	const char *call = arena_printf(p->b->c->arena, "%s -", p->program);
	if (call == NULL)
		return arena_full(p->b->err);
	for (size_t k = 0; k < i->prose_count; k++) {
		const struct seal_prose *line = &i->prose[k];
		if (CATCH(operator_outside, has(line->text, ROOT_OPTION) || has(line->text, call)))
			TRY(operator_say(p, false, "command-outside", (struct operator_at){ "line", line->line, 1 }, "a command stands here that belongs to no block, so that it isn't tried"));
		if (CATCH(operator_html, has_html(line->text)))
			TRY(operator_say(p, false, "page-hides", (struct operator_at){ "line", line->line, 1 }, "HTML may show another page than the one that is tried"));
	}
	return ASSAY_OK;
}

/* What readers see in another way than it was read here. */
static enum assay_status
judge_note(const struct operator_page *p, const struct seal_note *n)
{
	const struct operator_at at = { "line", n->line, 1 };
	if (CATCH(operator_code_indented, n->kind == SEAL_NOTE_CODE))
		return operator_say(p, false, "block-unnamed", at, "so far indented this is shown as a block, and whether it is to be typed isn't said");
	if (CATCH(operator_fence_inside, n->kind == SEAL_NOTE_FENCE))
		return operator_say(p, false, "block-unnamed", at, "whether a block begins here depends on the list or quotation around it: begin it at the margin");
	if (CATCH(operator_block_end, n->kind == SEAL_NOTE_END))
		return operator_say(p, false, "page-unread", at, "whether the block ends here depends on the list around it: write the block at the margin");
	if (CATCH(operator_prompt_unread, n->kind == SEAL_NOTE_PROMPT))
		return operator_say(p, false, "command-unread", at, "this may be a command behind a prompt: begin it with '$ ', and show answers in a block of ```text");
	if (CATCH(operator_definition, n->kind == SEAL_NOTE_DEFINITION))
		return operator_say(p, false, "page-hides", at, "Markdown doesn't show what defines a link: write the link where it belongs");
	return ASSAY_OK;
}

/* ---- digits ---- */

/* Nobody sees what stands there. */
static bool
is_unseen(const struct seal_instructions *page, const unsigned char *at)
{
	for (size_t i = 0; i < page->note_count; i++) {
		const struct seal_note *n = &page->notes[i];
		if ((n->kind == SEAL_NOTE_DEFINITION || n->kind == SEAL_NOTE_INFO) && at >= n->text.data && at < n->text.data + n->text.len)
			return true;
	}
	return false;
}

static bool
is_digit(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static enum assay_status
judge_digits(const struct operator_page *p, const struct seal_instructions *page, struct assay_span text)
{
	bool printed = false;
	unsigned line = 1;
	for (size_t i = 0, n = 0; i < text.len; i += n + 1) {
		for (n = 0; i + n < text.len && is_digit(text.data[i + n]);)
			n++;
		const struct assay_span word = { text.data + i, n };
		const bool own = p->verifier != NULL && assay_span_equal(word, assay_span_str(p->verifier));
		const bool other = n == DIGEST_DIGITS && !own && !assay_span_equal(word, assay_span_str(p->b->seal->fingerprint));
		printed = printed || (own && !CATCH(operator_digest_unseen, is_unseen(page, word.data)));
		if (CATCH(operator_other_digits, other))
			TRY(operator_say(p, true, "digits-of-another", (struct operator_at){ "digits", line, 1 },
			    "these 64 digits are neither the trust root's nor the verifier's"));
		line += i + n < text.len && text.data[i + n] == '\n';
	}
	if (CATCH(operator_digest_missing, p->verifier != NULL && !printed))
		return operator_say(p, true, "verifier-digest-missing", (struct operator_at){ p->program, 0, 0 },
		    "the page doesn't print the digest of the release's verifier, so that nobody can compare it");
	return ASSAY_OK;
}

enum assay_status
operator_page_judge(struct operator_page *p, bool *ret_read)
{
	const struct assay_span text = p->b->seal->files[RELEASE_FILE_INSTRUCTIONS];
	struct seal_instructions i = { 0 };
	struct assay_error why = { 0 };
	const enum assay_status status = seal_instructions_read(text, OPERATOR_PAGE, p->b->c->arena, &i, &why);
	p->folder = ".";
	p->blocks = arena_array(p->b->c->arena, i.block_count + 1, sizeof p->blocks[0]);
	if (status == ASSAY_E_MEMORY || p->blocks == NULL)
		return arena_full(p->b->err);
	*ret_read = status == ASSAY_OK;
	if (CATCH(operator_page_unread, !*ret_read))
		return judge_find_at(p->b->c, p->b->v, false, "page-unread", &(struct judge_place){ OPERATOR_PAGE, OPERATOR_PAGE, why.line, why.column, NULL },
		    p->b->err, "the instructions can't be read: %s", why.what);
	for (size_t k = 0; k < i.block_count; k++) {
		const struct seal_block *block = &i.blocks[k];
		if (CATCH(operator_block_unnamed, block->kind == SEAL_BLOCK_UNNAMED))
			TRY(operator_say(p, false, "block-unnamed", (struct operator_at){ "block", block->line, 1 }, "whether this is to be typed isn't said: begin it with ```sh or ```text"));
		if (block->kind != SEAL_BLOCK_COMMANDS)
			continue;
		p->blocks[p->count] = (struct operator_block){ block, false };
		TRY(judge_block(p, &p->blocks[p->count++]));
	}
	TRY(judge_prose(p, &i));
	for (size_t k = 0; k < i.note_count; k++)
		TRY(judge_note(p, &i.notes[k]));
	TRY(judge_digits(p, &i, text));
	if (CATCH(operator_never_verified, p->calls == 0))
		return operator_say(p, true, "never-verified", (struct operator_at){ p->program, 0, 0 }, "nothing in the instructions runs the verifier");
	return ASSAY_OK;
}
