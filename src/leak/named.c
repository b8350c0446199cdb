/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raw seeds: 32 bytes that nothing but their name tells from any others, "signing_seed = 9d61b1...", PrivateKey of WireGuard. Which key
 * they make can't be seen, so all that they may make are computed.
 */
#include "text.h"

#include <base/catch.h>
#include <base/text.h>
#include <strings.h>

#define NAME_MAX_BYTES 64
#define BEFORE_VALUE 96
#define SEED_MIN 32u
#define SEED_AND_PUBLIC 64u
/* Fewer different bytes than a random seed ever has: a placeholder. */
#define DIFFERENT_MIN 16u

static bool
is_name(unsigned char c)
{
	return c < 0x80 && c != 0 && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", c) != NULL;
}

/* A name in its words, a blank behind each, and the same without blanks; letters are made small. */
struct name {
	char words[2 * NAME_MAX_BYTES];
	char joined[NAME_MAX_BYTES];
};

static bool
is_upper(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_lower(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

/* Of names like signing_key, signingKey and RSASigningKey; what stands before from and after end is none of the name's. */
static bool
word_begins(struct assay_span b, size_t from, size_t i, size_t end)
{
	if (i == from || !is_upper(b.data[i]))
		return false;
	return is_lower(b.data[i - 1]) || (is_upper(b.data[i - 1]) && i + 1 < end && is_lower(b.data[i + 1]));
}

static void
put_words(struct assay_span b, size_t from, size_t end, struct name *ret)
{
	size_t w = 0, n = 0;
	for (size_t i = from; i < end && n + 1 < sizeof ret->joined; i++) {
		const unsigned char c = b.data[i];
		const bool letter = is_upper(c) || is_lower(c);
		if ((!letter || word_begins(b, from, i, end)) && w > 0 && ret->words[w - 1] != ' ')
			ret->words[w++] = ' ';
		if (letter)
			ret->words[w++] = text_lower((char)c);
		if (strchr("_-. ", c) == NULL)
			ret->joined[n++] = text_lower((char)c);
	}
	ret->words[w] = '\0';
	ret->joined[n] = '\0';
}

/* The whole name around at. Returns where it ends. */
static size_t
whole_name(struct assay_span b, size_t at, struct name *ret)
{
	static const char key[] = " key";
	size_t begin = at, end = at;
	while (begin > 0 && at - begin < NAME_MAX_BYTES && is_name(b.data[begin - 1]))
		begin--;
	while (end < b.len && end - at < NAME_MAX_BYTES && is_name(b.data[end]))
		end++;
	/* "Private key: ..." of prose and of printed keys. */
	if (b.len - end > sizeof key && strncasecmp((const char *)b.data + end, key, sizeof key - 1) == 0)
		end += sizeof key - 1;
	put_words(b, begin, end, ret);
	return end;
}

/* Whether the name says that a signature can be made with it, only that it is some secret, or that something is private. */
enum said { SAYS_NOTHING, SAYS_SECRET, SAYS_PRIVATE, SAYS_KEY };

static bool
has_any(const char *name, const char *const *parts)
{
	for (; *parts != NULL; parts++)
		if (strstr(name, *parts) != NULL)
			return true;
	return false;
}

/* A word as a whole, or behind "key" as in "privatekeyhash": "len" stands in "challenge", too. */
static bool
is_other_word(const char *word, size_t len)
{
	static const char *const other[] = { "public", "size", "len", "length", "hash", "digest", "sha", "fingerprint", NULL };
	for (size_t i = 0; other[i] != NULL; i++) {
		const size_t tail = strlen(other[i]);
		if (len >= tail && memcmp(word + len - tail, other[i], tail) == 0
		    && (len == tail || (len >= tail + 3 && memcmp(word + len - tail - 3, "key", 3) == 0)))
			return true;
	}
	return len == 9 && memcmp(word, "publickey", 9) == 0;
}

static bool
is_of_something_else(const char *words)
{
	while (*words != '\0') {
		const size_t len = strcspn(words, " ");
		if (is_other_word(words, len))
			return true;
		words += len + (words[len] == ' ');
	}
	return false;
}

static enum said
what_it_says(const struct name *name)
{
	static const char *const key[] = { "privatekey", "privkey", "signingkey", "signkey", "signingsecret", "privateseed", "signingseed",
		"signseed", "keyseed", "ed25519seed", "seckey", "privatescalar", NULL };
	static const char *const doubtful[] = { "secretkey", "seed", NULL };
	if (is_of_something_else(name->words))
		return SAYS_NOTHING;
	if (has_any(name->joined, key))
		return SAYS_KEY;
	if (strcmp(name->joined, "private") == 0)
		return SAYS_PRIVATE;
	return has_any(name->joined, doubtful) ? SAYS_SECRET : SAYS_NOTHING;
}

/* ---- the value ---- */

/* A type or a function before the value: "[]byte{", "bytes.fromhex(", "bytes([", "b'". How many bytes; 0: there is none. */
static size_t
wrapper(struct assay_span b, size_t at)
{
	size_t i = at;
	while (i < b.len && i - at < 24 && (is_name(b.data[i]) || b.data[i] == ']' || b.data[i] == ' '))
		i++;
	return i < b.len && i - at < 24 && is_one_of(b.data[i], "{([\"'") ? i - at : 0;
}

/* Between a name and its value: "[32] = {", ": \"", "=", " := []byte{". A value has to come on the same statement. */
static bool
find_value(struct assay_span b, size_t at, size_t *ret)
{
	static const char before[] = " \t\r\n\"'`{([<>&,=:";
	bool assigned = false;
	size_t i = at;
	while (i < b.len && i - at < BEFORE_VALUE && b.data[i] != ';' && b.data[i] != '\0') {
		const unsigned char c = b.data[i];
		assigned |= c == '=' || c == ':' || c == '{';
		const bool escape = c == '\\' && i + 1 < b.len && (b.data[i + 1] | 0x20) == 'x';
		const bool skipped = !assigned || strchr(before, c) != NULL || (c == '\\' && !escape);
		const size_t more = skipped ? 1 : wrapper(b, i);
		if (more == 0) {
			*ret = i;
			return true;
		}
		i += more;
	}
	return false;
}

/* "private" is a word of many languages: as the name of a member of JSON or YAML it is followed by the value, on the same line. */
static bool
is_member(struct assay_span b, size_t at, size_t value)
{
	bool joined = false;
	for (size_t i = at; i < value; i++) {
		joined |= b.data[i] == ':' || b.data[i] == '=';
		if (!is_one_of(b.data[i], " \t\"'\\:="))
			return false;
	}
	return joined;
}

static bool
find_value_of(struct assay_span b, size_t at, enum said said, size_t *ret)
{
	return find_value(b, at, ret) && (said != SAYS_PRIVATE || is_member(b, at, *ret));
}

static bool
is_seed_size(size_t len)
{
	return len == SEED_MIN || len == SEED_AND_PUBLIC;
}

static bool
hex_value_at(struct assay_span b, size_t at, struct buf *out)
{
	size_t i = at + (b.len - at > 2 && b.data[at] == '0' && (b.data[at + 1] | 0x20) == 'x' ? 2 : 0);
	for (; i + 1 < b.len && out->len <= SEED_AND_PUBLIC; i += 2) {
		const int high = hex_value(b.data[i]), low = hex_value(b.data[i + 1]);
		if (high < 0 || low < 0)
			break;
		buf_add_byte(out, (unsigned char)(high << 4 | low));
	}
	return is_seed_size(out->len) && (i >= b.len || !is_name(b.data[i]));
}

static bool
base64_value_at(struct assay_span b, size_t at, struct buf *out)
{
	struct word w;
	size_t cursor = at;
	if (!text_word(b, true, &cursor, &w) || w.at != at || w.letters > 88)
		return false;
	base64_loose((struct assay_span){ b.data + w.at, w.len }, out);
	return (w.letters == 43 && out->len == SEED_MIN) || (w.letters == 86 && out->len == SEED_AND_PUBLIC);
}

static bool
read_value(struct assay_span b, size_t at, struct buf *out)
{
	if (hex_value_at(b, at, out))
		return true;
	buf_reset(out);
	if (base64_value_at(b, at, out))
		return true;
	buf_reset(out);
	(void)text_array(b, at, out);
	if (is_seed_size(out->len))
		return true;
	buf_reset(out);
	(void)text_escapes(b, at, out);
	return is_seed_size(out->len);
}

static bool
is_placeholder(struct assay_span seed)
{
	bool seen[256] = { false };
	size_t different = 0, steps = 0;
	for (size_t i = 0; i < SEED_MIN; i++) {
		different += !seen[seed.data[i]];
		seen[seed.data[i]] = true;
		steps += i > 0 && seed.data[i] == (unsigned char)(seed.data[i - 1] + 1);
	}
	return different < DIFFERENT_MIN || steps >= SEED_MIN / 2;
}

void
act_named(struct view *v, size_t at)
{
	CLEANUP(buf_done) struct buf value = BUF_INIT((size_t)1 << 20);
	struct name name;
	struct key key = { .form = "raw" };
	unsigned char public[32];
	size_t from;
	const size_t end = whole_name(v->bytes, at, &name);
	const enum said said = what_it_says(&name);
	if (said == SAYS_NOTHING || at < v->named_until || !scan_afford(v, NAME_MAX_BYTES) || !find_value_of(v->bytes, end, said, &from)
	    || !read_value(v->bytes, from, &value) || value.status != ASSAY_OK)
		return;
	const struct assay_span seed = { value.data, SEED_MIN };
	if (is_placeholder(seed) || !raw_public_bytes(RAW_ED25519, seed, public))
		return;
	/* Twice the size it has to be seed and public key, or it is something else. */
	if (value.len == SEED_AND_PUBLIC && memcmp(public, value.data + SEED_MIN, sizeof public) != 0)
		return;
	(void)public_raw_of(RAW_ED25519, seed, &key);
	(void)public_raw_of(RAW_X25519, seed, &key);
	(void)public_ec_of(curve_of_name(assay_span_str("P-256")), seed, &key);
	if (CATCH(leak_seed, key.public_count > 0))
		scan_note(v, at, said != SAYS_SECRET || value.len == SEED_AND_PUBLIC ? IS_KEY : IS_BROKEN, &key, seed);
	v->named_until = from + SEED_MIN;
}
