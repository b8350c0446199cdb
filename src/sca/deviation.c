/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <sca/deviation.h>
#include <stddef.h>
#include <string.h>

#define KEY "assay-code-deviation"
#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define NAME_MAX_LEN 256
#define IDENTITY_MIN 16
#define IDENTITY_MAX 64

bool
sca_deviation_is(struct assay_span yaml)
{
	const size_t n = strlen(KEY);
	for (size_t at = 0; at < yaml.len;) {
		const unsigned char *lf = memchr(yaml.data + at, '\n', yaml.len - at);
		const size_t end = lf == NULL ? yaml.len : (size_t)(lf - yaml.data);
		if (end - at >= n && memcmp(yaml.data + at, KEY, n) == 0)
			return true;
		if (yaml.data[at] != '#' && yaml.data[at] != '\n' && yaml.data[at] != '\r' && yaml.data[at] != '-')
			return false;
		at = end + 1;
	}
	return false;
}

/* ---- words ---- */

/* One word for a machine: printable ASCII without a blank, so that it reads the same everywhere. */
static enum assay_status
decode_word(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	TRY(yaml_str(c, node, where, err));
	for (size_t i = 0; i < node->text_len; i++) {
		if (node->text[i] <= ' ' || node->text[i] > '~')
			return yaml_fail(c, node, err, "a blank or a sign beyond ASCII in '%s'", node->key == NULL ? "a list" : node->key);
	}
	if (node->text_len > NAME_MAX_LEN)
		return yaml_fail(c, node, err, "longer than %d bytes", NAME_MAX_LEN);
	return ASSAY_OK;
}

/* "STANDARD/RULE" or "ENGINE/CHECK". */
static enum assay_status
decode_pair(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	TRY(decode_word(c, node, where, err));
	const char *slash = strchr(node->text, '/');
	if (slash != NULL && slash != node->text && slash[1] != '\0' && strchr(node->text, '*') == NULL)
		return ASSAY_OK;
	(void)yaml_fail(c, node, err, "'%s' names none: it takes the form NAME/NAME, without '*'", node->text);
	return assay_error_todo(err, ASSAY_E_FORMAT, "a rule: cert-c/EXP34-C; a check: gcc/-Wanalyzer-null-dereference");
}

static enum assay_status
decode_rule(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct sca_deviation *d = where;
	d->rule_line = node->line;
	return decode_pair(c, node, &d->rule, err);
}

static enum assay_status
decode_reason(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct sca_deviation *d = where;
	d->reason_line = node->line;
	return yaml_str(c, node, &d->reason, err);
}

static enum assay_status
decode_until(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct sca_deviation *d = where;
	d->until_line = node->line;
	return yaml_time(c, node, &d->until, err);
}

static enum assay_status
decode_checks(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct yaml_strings *list = where;
	const char *check;
	if (node->kind != YAML_SEQUENCE || node->count > SCA_DEVIATION_CHECKS_MAX)
		return yaml_fail(c, node, err, "checks must be a list of at most %d", SCA_DEVIATION_CHECKS_MAX);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next)
		TRY(decode_pair(c, n, &check, err));
	return node->count == 0 ? ASSAY_OK : yaml_str_list(c, node, list, err);
}

/* ---- places ---- */

/* As it would stand in a tree: no step up, no empty part, nothing before the first part. */
static enum assay_status
decode_path(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	TRY(yaml_str(c, node, where, err));
	const char *p = node->text;
	bool good = *p != '/' && strlen(p) <= TEXT_PATTERN_MAX;
	while (good) {
		const size_t n = strcspn(p, "/");
		good = n > 0 && !(n == 1 && p[0] == '.') && !(n == 2 && p[0] == '.' && p[1] == '.');
		if (p[n] == '\0')
			break;
		p += n + 1;
	}
	return good ? ASSAY_OK : yaml_fail(c, node, err, "'%s' is no path of a file in the repository", node->text);
}

static enum assay_status
decode_finding(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	TRY(yaml_str(c, node, where, err));
	const bool hex = strspn(node->text, "0123456789abcdef") == node->text_len;
	if (hex && node->text_len >= IDENTITY_MIN && node->text_len <= IDENTITY_MAX)
		return ASSAY_OK;
	(void)yaml_fail(c, node, err, "'%s' is no finding's identity: %d to %d hex digits", node->text, IDENTITY_MIN, IDENTITY_MAX);
	return assay_error_todo(err, ASSAY_E_FORMAT, "reports have it in 'partialFingerprints'");
}

static const struct yaml_field place_fields[] = {
	{ "path", true, offsetof(struct sca_deviation_place, path), decode_path },
	{ "symbol", false, offsetof(struct sca_deviation_place, symbol), decode_word },
	{ "finding", false, offsetof(struct sca_deviation_place, finding), decode_finding },
};

static enum assay_status
decode_scope(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct sca_deviation *d = where;
	if (node->kind != YAML_SEQUENCE || node->count == 0 || node->count > SCA_DEVIATION_SCOPE_MAX)
		return yaml_fail(c, node, err, "scope must be a list of 1 to %d places", SCA_DEVIATION_SCOPE_MAX);
	d->scope = arena_array(c->arena, node->count, sizeof d->scope[0]);
	if (d->scope == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		struct sca_deviation_place *place = &d->scope[d->scope_count++];
		place->line = n->line;
		TRY(yaml_decode(c, n, place_fields, COUNT(place_fields), place, err));
	}
	return ASSAY_OK;
}

/* "12" or "12-20". */
static enum assay_status
decode_lines(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct sca_premise *p = where;
	const char *text;
	uint64_t first, last;
	TRY(yaml_str(c, node, &text, err));
	const size_t n = strcspn(text, "-");
	const struct assay_span from = { (const unsigned char *)text, n };
	if (text_to_u64(from, &first) != ASSAY_OK
	    || text_to_u64(text[n] == '-' ? assay_span_str(text + n + 1) : from, &last) != ASSAY_OK || first == 0 || last < first
	    || last > SCA_DEVIATION_LINES_MAX)
		return yaml_fail(c, node, err, "'%s' is no range of lines: 12, or 12-20", text);
	p->first = (unsigned)first;
	p->last = (unsigned)last;
	return ASSAY_OK;
}

static enum assay_status
decode_sha256(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char *text;
	TRY(yaml_str(c, node, &text, err));
	if (text_unhex(assay_span_str(text), where, ASSAY_SHA256_SIZE) != ASSAY_OK)
		return yaml_fail(c, node, err, "'%s' isn't 64 hex digits", text);
	return ASSAY_OK;
}

static const struct yaml_field premise_fields[] = {
	{ "path", true, offsetof(struct sca_premise, path), decode_path },
	{ "lines", true, 0, decode_lines },
	{ "sha256", true, offsetof(struct sca_premise, sha256), decode_sha256 },
};

static enum assay_status
decode_premises(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct sca_deviation *d = where;
	if (node->kind != YAML_SEQUENCE || node->count > SCA_DEVIATION_PREMISES_MAX)
		return yaml_fail(c, node, err, "premises must be a list of at most %d", SCA_DEVIATION_PREMISES_MAX);
	d->premises = arena_array(c->arena, node->count + 1, sizeof d->premises[0]);
	if (d->premises == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		struct sca_premise *p = &d->premises[d->premise_count++];
		p->line = n->line;
		TRY(yaml_decode(c, n, premise_fields, COUNT(premise_fields), p, err));
	}
	return ASSAY_OK;
}

static const struct yaml_field fields[] = {
	{ KEY, true, 0, yaml_ignore },
	{ "rule", true, 0, decode_rule },
	{ "checks", false, offsetof(struct sca_deviation, checks), decode_checks },
	{ "permit", false, offsetof(struct sca_deviation, permit), yaml_bool },
	{ "scope", true, 0, decode_scope },
	{ "reason", true, 0, decode_reason },
	{ "risk", true, offsetof(struct sca_deviation, risk), yaml_str },
	{ "premises", false, 0, decode_premises },
	{ "requester", true, offsetof(struct sca_deviation, requester), decode_word },
	{ "until", true, 0, decode_until },
};

/* What people decide rests on something that can be looked at again; a permit rests on its reason. */
static enum assay_status
check_whole(const struct yaml_context *c, const struct yaml_node *root, const struct sca_deviation *d, struct assay_error *err)
{
	for (size_t i = 0; i < d->scope_count && d->permit; i++) {
		if (d->scope[i].symbol != NULL || d->scope[i].finding != NULL)
			return yaml_fail(c, root, err, "a permit is for paths: a symbol or finding takes a deviation of its own");
	}
	if (d->permit || d->premise_count > 0)
		return ASSAY_OK;
	(void)yaml_fail(c, root, err, "it takes nothing for granted: 'premises' is missing");
	return assay_error_todo(err, ASSAY_E_FORMAT, "name the lines without which the reason wouldn't hold: 'assay deviate' writes their digests");
}

enum assay_status
sca_deviation_parse(struct assay_span yaml, const char *name, struct arena *arena, struct sca_deviation *ret_deviation,
    struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct sca_deviation d = { 0 };
	TRY(yaml_open(yaml, &c, KEY, SCA_DEVIATION_VERSION, &root, err));
	TRY(yaml_decode(&c, root, fields, COUNT(fields), &d, err));
	TRY(check_whole(&c, root, &d, err));
	*ret_deviation = d;
	return ASSAY_OK;
}

/* ---- writing ---- */

/* Characters of more than one byte that YAML takes for a line's end or none at all, and what it is written as. */
static const struct {
	const char *bytes, *escape;
} specials[] = { { "\xC2\x85", "\\N" }, { "\xE2\x80\xA8", "\\L" }, { "\xE2\x80\xA9", "\\P" }, { "\xEF\xBB\xBF", "\\uFEFF" },
	{ "\xEF\xBF\xBE", "\\uFFFE" }, { "\xEF\xBF\xBF", "\\uFFFF" } };

/* Says how many bytes it was. */
static size_t
add_special(struct buf *out, const char *p)
{
	for (size_t i = 0; i < COUNT(specials); i++) {
		const size_t n = strlen(specials[i].bytes);
		if (strncmp(p, specials[i].bytes, n) == 0) {
			buf_add_str(out, specials[i].escape);
			return n;
		}
	}
	/* C1 controls. */
	if ((unsigned char)p[0] != 0xC2 || (unsigned char)p[1] >= 0xA0)
		return 0;
	buf_addf(out, "\\x%02X", (unsigned)(unsigned char)p[1]);
	return 2;
}

/* In double quotes, with what YAML would take for more than itself escaped. */
static void
add_quoted(struct buf *out, const char *text)
{
	buf_add_byte(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		const unsigned char c = (unsigned char)*p;
		const size_t special = c >= 0x80 ? add_special(out, p) : 0;
		if (special > 0) {
			p += special - 1;
			continue;
		}
		if (c == '"' || c == '\\')
			buf_add_byte(out, '\\');
		if (c < ' ' || c == 0x7F)
			buf_addf(out, "\\x%02X", (unsigned)c);
		else
			buf_add_byte(out, c);
	}
	buf_add_str(out, "\"\n");
}

static void
add_line(struct buf *out, const char *key, const char *text)
{
	if (text == NULL)
		return;
	buf_add_str(out, key);
	add_quoted(out, text);
}

static void
add_premise(struct buf *out, const struct sca_premise *p)
{
	add_line(out, "  - path: ", p->path);
	buf_addf(out, "    lines: \"%u-%u\"\n    sha256: ", p->first, p->last);
	buf_add_hex(out, (struct assay_span){ p->sha256, ASSAY_SHA256_SIZE });
	buf_add_byte(out, '\n');
}

enum assay_status
sca_deviation_write(const struct sca_deviation *d, struct buf *out, struct assay_error *err)
{
	char day[WHEN_TEXT_SIZE];
	when_format_date(d->until, day);
	buf_addf(out, KEY ": %d\n", SCA_DEVIATION_VERSION);
	add_line(out, "rule: ", d->rule);
	for (size_t i = 0; i < d->checks.count; i++) {
		if (i == 0)
			buf_add_str(out, "checks:\n");
		add_line(out, "  - ", d->checks.items[i]);
	}
	if (d->permit)
		buf_add_str(out, "permit: true\n");
	buf_add_str(out, "scope:\n");
	for (size_t i = 0; i < d->scope_count; i++) {
		add_line(out, "  - path: ", d->scope[i].path);
		add_line(out, "    symbol: ", d->scope[i].symbol);
		add_line(out, "    finding: ", d->scope[i].finding);
	}
	add_line(out, "reason: ", d->reason);
	add_line(out, "risk: ", d->risk);
	for (size_t i = 0; i < d->premise_count; i++) {
		if (i == 0)
			buf_add_str(out, "premises:\n");
		add_premise(out, &d->premises[i]);
	}
	add_line(out, "requester: ", d->requester);
	buf_addf(out, "until: %s\n", day);
	return buf_status(out, "a deviation", err);
}
