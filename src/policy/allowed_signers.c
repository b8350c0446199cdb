/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/base64.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <policy/allowed_signers.h>

struct reading {
	const char *name;
	struct arena *arena;
	struct assay_error *err;
	unsigned line;
	struct assay_span rest; /* of the line */
};

static enum assay_status
bad(const struct reading *r, const char *what)
{
	(void)assay_fail(r->err, ASSAY_E_FORMAT, "allowed_signers: %s", what);
	return assay_error_at(r->err, ASSAY_E_FORMAT, r->name, r->line, 1);
}

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static void
skip_blanks(struct assay_span *s)
{
	while (s->len > 0 && is_blank(s->data[0])) {
		s->data++;
		s->len--;
	}
}

/* Up to the next blank that no quotes hold; quotes stay. False when a quote isn't closed. */
static bool
take_word(struct assay_span *s, struct assay_span *ret_word)
{
	bool quoted = false;
	size_t i = 0;
	skip_blanks(s);
	for (; i < s->len && (quoted || !is_blank(s->data[i])); i++) {
		if (s->data[i] == '\\' && quoted && i + 1 < s->len && s->data[i + 1] == '"')
			i++;
		else if (s->data[i] == '"')
			quoted = !quoted;
	}
	*ret_word = (struct assay_span){ s->data, i };
	s->data += i;
	s->len -= i;
	return !quoted;
}

/* Without the quotes around it, \" inside as ". NULL when the arena is full. */
static const char *
unquoted(const struct reading *r, struct assay_span word)
{
	char *copy = arena_copy(r->arena, word);
	size_t n = 0;
	for (size_t i = 0; copy != NULL && i < word.len; i++) {
		if (copy[i] == '\\' && i + 1 < word.len && copy[i + 1] == '"')
			copy[n++] = copy[++i];
		else if (copy[i] != '"')
			copy[n++] = copy[i];
	}
	if (copy != NULL)
		copy[n] = '\0';
	return copy;
}

/* ---- options ---- */

/* "YYYYMMDD", "YYYYMMDDHHMM" or "YYYYMMDDHHMMSS", 'Z' behind when it is UTC. */
static enum assay_status
read_time(const struct reading *r, const char *text, struct allowed_signer *a, int64_t *ret_time)
{
	char iso[] = "0000-00-00T00:00:00Z";
	static const unsigned char places[] = { 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18 };
	const size_t digits = strspn(text, "0123456789");
	const bool utc = text[digits] == 'Z';
	if ((digits != 8 && digits != 12 && digits != 14) || text[digits + utc] != '\0')
		return bad(r, "a time is YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with 'Z' for UTC");
	for (size_t i = 0; i < digits; i++)
		iso[places[i]] = text[i];
	if (when_parse(assay_span_str(iso), ret_time, NULL) != ASSAY_OK)
		return bad(r, "a time that no calendar has");
	a->local_time |= !utc;
	return ASSAY_OK;
}

static enum assay_status
read_option(const struct reading *r, struct assay_span option, struct allowed_signer *a)
{
	const unsigned char *equals = memchr(option.data, '=', option.len);
	const size_t n = equals == NULL ? option.len : (size_t)(equals - option.data);
	const struct assay_span name = { option.data, n };
	const char *value = equals == NULL ? "" : unquoted(r, (struct assay_span){ equals + 1, option.len - n - 1 });
	if (value == NULL)
		return arena_full(r->err);
	if (equals == NULL && assay_span_equal(name, assay_span_str("cert-authority"))) {
		a->cert_authority = true;
		return ASSAY_OK;
	}
	if (equals != NULL && assay_span_equal(name, assay_span_str("namespaces"))) {
		a->namespaces = value;
		return ASSAY_OK;
	}
	if (equals != NULL && assay_span_equal(name, assay_span_str("valid-after")))
		return read_time(r, value, a, &a->from);
	if (equals == NULL || !assay_span_equal(name, assay_span_str("valid-before")))
		return bad(r, "an option that ssh-keygen(1) doesn't have");
	TRY(read_time(r, value, a, &a->until));
	a->until++; /* ssh-keygen takes the second itself, too */
	return ASSAY_OK;
}

static enum assay_status
read_options(const struct reading *r, struct assay_span word, struct allowed_signer *a)
{
	size_t from = 0;
	bool quoted = false;
	for (size_t i = 0; i <= word.len; i++) {
		if (i < word.len && word.data[i] == '"')
			quoted = !quoted;
		if (i < word.len && (quoted || word.data[i] != ','))
			continue;
		TRY(read_option(r, (struct assay_span){ word.data + from, i - from }, a));
		from = i + 1;
	}
	return ASSAY_OK;
}

/* ---- keys ---- */

static bool
is_key_type(struct assay_span word)
{
	static const char *const prefixes[] = { "ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-" };
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		const size_t n = strlen(prefixes[i]);
		if (word.len > n && memcmp(word.data, prefixes[i], n) == 0 && memchr(word.data, '=', word.len) == NULL)
			return true;
	}
	return false;
}

static enum assay_status
read_key(const struct reading *r, struct assay_span type, struct assay_span base64, struct allowed_signer *a)
{
	size_t len = 0;
	unsigned char *blob = arena_alloc(r->arena, ASSAY_BASE64_DECODED_MAX(base64.len) + 1);
	a->text = arena_printf(r->arena, "%.*s %.*s", (int)type.len, (const char *)type.data, (int)base64.len,
	    (const char *)base64.data);
	if (blob == NULL || a->text == NULL)
		return arena_full(r->err);
	if (base64.len > (size_t)2 * ALLOWED_SIGNERS_BLOB_MAX
	    || assay_base64_decode(base64, blob, ASSAY_BASE64_DECODED_MAX(base64.len), &len) != ASSAY_OK)
		return bad(r, "a key that isn't base64");
	if (assay_pubkey_parse((struct assay_span){ blob, len }, &a->key, NULL) != ASSAY_OK)
		return bad(r, "a key of a type that isn't known, or malformed");
	const char *weak = assay_pubkey_weakness(&a->key);
	return weak == NULL ? ASSAY_OK : bad(r, "a key that is too weak to be trusted");
}

static enum assay_status
read_line(struct reading *r, struct allowed_signer *a)
{
	struct assay_span principals, word, base64;
	*a = (struct allowed_signer){ .from = WHEN_MIN, .until = WHEN_MAX, .line = r->line };
	if (!take_word(&r->rest, &principals) || !take_word(&r->rest, &word))
		return bad(r, "a quote that isn't closed");
	if (!is_key_type(word)) {
		TRY(read_options(r, word, a));
		if (!take_word(&r->rest, &word))
			return bad(r, "a quote that isn't closed");
	}
	if (!is_key_type(word) || !take_word(&r->rest, &base64) || base64.len == 0)
		return bad(r, "no key where one must be");
	a->principals = unquoted(r, principals);
	if (a->principals == NULL)
		return arena_full(r->err);
	return read_key(r, word, base64, a);
}

static size_t
count_lines(struct assay_span text)
{
	size_t lines = 1;
	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	return lines;
}

enum assay_status
allowed_signers_parse(struct assay_span text, const char *name, struct arena *arena,
    struct allowed_signers *ret_signers, struct assay_error *err)
{
	struct reading r = { .name = name, .arena = arena, .err = err };
	const size_t lines = count_lines(text);
	if (text.len > ALLOWED_SIGNERS_MAX || lines > ALLOWED_SIGNERS_LINES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "'%s' has too many lines", name);
	struct allowed_signers found = { arena_array(arena, lines, sizeof found.items[0]), 0 };
	if (found.items == NULL)
		return arena_full(err);
	while (text.len > 0) {
		const unsigned char *lf = memchr(text.data, '\n', text.len);
		r.rest = (struct assay_span){ text.data, lf == NULL ? text.len : (size_t)(lf - text.data) };
		r.line++;
		text.data += r.rest.len + (lf != NULL);
		text.len -= r.rest.len + (lf != NULL);
		if (memchr(r.rest.data, '\0', r.rest.len) != NULL)
			return bad(&r, "a NUL");
		if (r.rest.len > 0 && r.rest.data[r.rest.len - 1] == '\r')
			r.rest.len--;
		skip_blanks(&r.rest);
		if (r.rest.len == 0 || r.rest.data[0] == '#')
			continue;
		TRY(read_line(&r, &found.items[found.count]));
		found.count++;
	}
	*ret_signers = found;
	return ASSAY_OK;
}

/* ---- writing ---- */

/* "YYYYMMDDHHMMSSZ" */
static void
add_time(struct buf *out, const char *option, int64_t seconds)
{
	char when[WHEN_TEXT_SIZE];
	when_format(seconds, when);
	buf_addf(out, "%s=\"", option);
	for (size_t i = 0; when[i] != '\0'; i++) {
		if (when[i] != '-' && when[i] != ':' && when[i] != 'T')
			buf_add_byte(out, (unsigned char)when[i]);
	}
	buf_add_byte(out, '"');
}

static void
add_names(struct buf *out, const struct yaml_strings *names, bool *first)
{
	for (size_t i = 0; i < names->count; i++) {
		buf_addf(out, "%s%s", *first ? "" : ",", names->items[i]);
		*first = false;
	}
}

static void
add_principals(struct buf *out, const struct roster *r, const struct roster_entry *e)
{
	bool first = true;
	for (size_t i = 0; i < r->count; i++) {
		if (r->entries[i].kind != ROSTER_PERSON || (e->kind == ROSTER_PERSON && &r->entries[i] != e))
			continue;
		buf_addf(out, "%s%s", first ? "" : ",", r->entries[i].id);
		first = false;
		add_names(out, &r->entries[i].emails, &first);
		add_names(out, &r->entries[i].principals, &first);
	}
	if (first)
		buf_add_str(out, e->id);
}

static void
add_key(struct buf *out, const struct roster *r, const struct roster_key *k)
{
	const int64_t until = k->retired < k->until ? k->retired : k->until;
	const char *separator = " ";
	add_principals(out, r, k->owner);
	if (k->owner->kind == ROSTER_AUTHORITY) {
		buf_add_str(out, " cert-authority");
		separator = ",";
	}
	if (k->from != WHEN_MIN) {
		buf_add_str(out, separator);
		add_time(out, "valid-after", k->from);
		separator = ",";
	}
	if (until != WHEN_MAX) {
		buf_add_str(out, separator);
		add_time(out, "valid-before", until - 1);
	}
}

/* Why the key doesn't stand in the file; NULL when it does. */
static const char *
left_out(const struct roster_key *k)
{
	if (k->owner->kind == ROSTER_PLATFORM)
		return "a platform's";
	if (k->pending)
		return "pending";
	return k->compromised_since != WHEN_MAX ? "compromised" : NULL;
}

enum assay_status
allowed_signers_write(const struct roster *r, struct buf *out, struct assay_error *err)
{
	for (size_t i = 0; i < r->count; i++) {
		for (size_t n = 0; n < r->entries[i].key_count; n++) {
			const struct roster_key *k = &r->entries[i].keys[n];
			const char *why = left_out(k);
			if (why != NULL) {
				buf_addf(out, "# %s: a key of %s, %s\n", why, k->owner->id, k->fingerprint);
				continue;
			}
			const struct assay_span blob = k->key.blob;
			const size_t type_len = (size_t)blob.data[2] << 8 | blob.data[3];
			add_key(out, r, k);
			buf_addf(out, " %.*s ", (int)type_len, (const char *)blob.data + 4);
			buf_add_base64(out, blob);
			buf_addf(out, " %s\n", k->owner->id);
		}
	}
	return buf_status(out, "the allowed_signers file", err);
}
