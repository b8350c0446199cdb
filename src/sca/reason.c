/* SPDX-License-Identifier: Apache-2.0 */
#include <base/buf.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/embedded.h>
#include <codec/yaml.h>
#include <sca/reason.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LIST_VERSION 1
#define COUNT(table) (sizeof(table) / sizeof(table)[0])
/* A reason of fewer words than this gives none. */
#define WORDS_LEAST 3

extern const struct embedded_file sca_reason_files[];

static const char *const kinds[] = { [SCA_REASON_ALLOWED] = "allowed", [SCA_REASON_PERFORMANCE] = "performance",
	[SCA_REASON_CONVENIENCE] = "convenience", [SCA_REASON_NOTHING] = "nothing", [SCA_REASON_UNREAD] = "unread" };

const char *
sca_reason_name(enum sca_reason_kind kind)
{
	return (size_t)kind < COUNT(kinds) ? kinds[kind] : "unknown";
}

/* ---- letters ---- */

/* What letters of Latin scripts are without their marks; U+00C0 to U+017F, in rows of 16. '.': two letters, see below; ' ': none. */
static const char latin[] = "aaaa.a.ceeeeiiii"
			    "dnooooo .uuu.yt."
			    "aaaa.a.ceeeeiiii"
			    "dnooooo .uuu.yty"
			    "aaaaaaccccccccdd"
			    "ddeeeeeeeeeegggg"
			    "gggghhhhiiiiiiii"
			    "iiiijjkkklllllll"
			    "lllnnnnnnnnnoooo"
			    "oo..rrrrrrssssss"
			    "ssttttttuuuuuuuu"
			    "uuuuwwyyyzzzzzzs";
#define LATIN_FIRST 0xC0u
#define LATIN_LAST 0x17Fu
#define MARK_FIRST 0x300u
#define MARK_LAST 0x36Fu
#define DIAERESIS 0x308u

static const struct {
	uint32_t point;
	const char *as;
} doubles[] = { { 0xC4, "ae" }, { 0xE4, "ae" }, { 0xD6, "oe" }, { 0xF6, "oe" }, { 0xDC, "ue" }, { 0xFC, "ue" }, { 0xDF, "ss" },
	{ 0xC6, "ae" }, { 0xE6, "ae" }, { 0xD8, "oe" }, { 0xF8, "oe" }, { 0x152, "oe" }, { 0x153, "oe" } };

/* Signs that separate words. What looks like nothing or turns the direction isn't among them, nor what looks like a letter. */
static const struct {
	uint32_t first, last;
} signs[] = { { 0xA0, 0xAC }, { 0xAE, 0xBF }, { 0x2000, 0x200A }, { 0x2010, 0x2029 }, { 0x202F, 0x205F }, { 0x20A0, 0x20BF },
	{ 0x2190, 0x22FF }, { 0x2500, 0x27BF } };

static bool
is_sign(uint32_t c)
{
	for (size_t i = 0; i < COUNT(signs); i++) {
		if (c >= signs[i].first && c <= signs[i].last)
			return true;
	}
	return false;
}

/* The next code point; false when there is none, or no UTF-8. YAML gives UTF-8 alone. */
static bool
next_point(const unsigned char **at, uint32_t *ret_point)
{
	const unsigned char *p = *at;
	const size_t more = p[0] < 0x80 ? 0 : p[0] >= 0xF0 ? 3 : p[0] >= 0xE0 ? 2 : 1;
	uint32_t c = more == 0 ? p[0] : p[0] & (0x3Fu >> more);
	if (p[0] == '\0' || (more > 0 && p[0] < 0xC2))
		return false;
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return false;
		c = c << 6 | (p[i] & 0x3Fu);
	}
	*at = p + more + 1;
	*ret_point = c;
	return true;
}

/* Two letters for one, and marks that stand apart from their letters; false when it is neither. */
static bool
fold_special(uint32_t c, struct buf *out)
{
	for (size_t i = 0; i < COUNT(doubles); i++) {
		if (doubles[i].point == c) {
			buf_add_str(out, doubles[i].as);
			return true;
		}
	}
	const unsigned char last = out->len > 0 ? out->data[out->len - 1] : ' ';
	if (c == DIAERESIS && strchr("aou", last) != NULL)
		buf_add_byte(out, 'e');
	return c >= MARK_FIRST && c <= MARK_LAST;
}

/* Adds what a code point is worth, letters or a blank; false for one that can't be told. */
static bool
fold(uint32_t c, struct buf *out)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	if (fold_special(c, out))
		return true;
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if (c >= LATIN_FIRST && c <= LATIN_LAST)
		buf_add_byte(out, (unsigned char)latin[c - LATIN_FIRST]);
	else if (c < 0x80 || is_sign(c))
		buf_add_byte(out, c < 0x80 && strchr(letters, (int)c) != NULL ? (unsigned char)c : ' ');
	else
		return false;
	return true;
}

/* ---- words ---- */

/*
 * Words with one blank between them and around them all. Letters that stand alone are drawn together: "f a s t e r". joined: a
 * hyphen is nothing, else it separates.
 */
static void
normalise(const char *text, bool joined, struct buf *out)
{
	size_t last = 2; /* length of the last word: none yet */
	buf_add_byte(out, ' ');
	for (const char *p = text; *p != '\0';) {
		const char *const blanks = joined ? " " : " -";
		p += strspn(p, blanks);
		const size_t n = strcspn(p, blanks);
		if (n == 1 && last == 1 && out->len > 1)
			out->len--;
		for (size_t i = 0; i < n; i++) {
			if (p[i] != '-')
				buf_add_byte(out, (unsigned char)p[i]);
		}
		if (n > 0)
			buf_add_byte(out, ' ');
		last = n > 0 ? n : last;
		p += n;
	}
}

static size_t
count_words(const char *words)
{
	size_t count = 0;
	for (const char *p = words; *p != '\0'; p++)
		count += *p == ' ' && p[1] != '\0';
	return count;
}

/* Whether the words of an entry stand among words at p, which is a blank. */
static bool
stands_at(const char *p, const char *entry)
{
	p++;
	for (; *entry != '\0' && *entry != '*'; entry++, p++) {
		if (*p != *entry)
			return false;
	}
	return *entry == '*' || *p == ' ';
}

static bool
stands_in(const char *words, const char *entry, bool whole)
{
	if (whole)
		return stands_at(words, entry) && strlen(words) == strlen(entry) + 2;
	for (const char *p = strchr(words, ' '); p != NULL; p = strchr(p + 1, ' ')) {
		if (stands_at(p, entry))
			return true;
	}
	return false;
}

/* ---- the list ---- */

struct entries {
	enum sca_reason_kind kind;
	bool whole;
	struct yaml_strings words;
};

static enum assay_status
decode_kind(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	enum sca_reason_kind *kind = where;
	size_t index;
	TRY(yaml_word(c, node, kinds, COUNT(kinds), &index, err));
	*kind = (enum sca_reason_kind)index;
	return ASSAY_OK;
}

static const struct yaml_field entry_fields[] = {
	{ "kind", true, offsetof(struct entries, kind), decode_kind },
	{ "whole", false, offsetof(struct entries, whole), yaml_bool },
	{ "words", true, offsetof(struct entries, words), yaml_str_list },
};

static void
look_up(const struct entries *e, const char *words, struct sca_reason *r)
{
	for (size_t i = 0; i < e->words.count && r->kind == SCA_REASON_ALLOWED; i++) {
		if (stands_in(words, e->words.items[i], e->whole))
			*r = (struct sca_reason){ e->kind, e->words.items[i] };
	}
}

static enum assay_status
search(const char *const texts[2], struct arena *arena, struct sca_reason *r, struct assay_error *err)
{
	const struct embedded_file *f = &sca_reason_files[0];
	const struct yaml_context c = { f->name, arena };
	struct yaml_node *root;
	TRY(yaml_open((struct assay_span){ f->data, f->len }, &c, "assay-refused-reasons", LIST_VERSION, &root, err));
	const struct yaml_node *list = yaml_get(root, "words");
	for (const struct yaml_node *n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		struct entries e = { 0 };
		TRY(yaml_decode(&c, n, entry_fields, COUNT(entry_fields), &e, err));
		for (size_t i = 0; i < 2; i++)
			look_up(&e, texts[i], r);
	}
	return ASSAY_OK;
}

static bool
fold_all(const char *reason, struct buf *out)
{
	const unsigned char *at = (const unsigned char *)reason;
	uint32_t c;
	while (next_point(&at, &c)) {
		if (!fold(c, out))
			return false;
	}
	return *at == '\0' && out->status == ASSAY_OK;
}

enum assay_status
sca_reason_judge(const char *reason, struct arena *arena, struct sca_reason *ret_reason, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf folded = BUF_INIT((size_t)2 * SCA_REASON_MAX), apart = BUF_INIT((size_t)2 * SCA_REASON_MAX + 2),
				     joined = BUF_INIT((size_t)2 * SCA_REASON_MAX + 2);
	struct sca_reason r = { SCA_REASON_ALLOWED, NULL };
	const bool read = strlen(reason) <= SCA_REASON_MAX && fold_all(reason, &folded);
	if (CATCH(deviation_reason_letters, !read)) {
		*ret_reason = (struct sca_reason){ SCA_REASON_UNREAD, NULL };
		return ASSAY_OK;
	}
	normalise(buf_str(&folded), false, &apart);
	normalise(buf_str(&folded), true, &joined);
	TRY(buf_status(&apart, "a reason", err));
	TRY(buf_status(&joined, "a reason", err));
	const char *const texts[2] = { buf_str(&apart), buf_str(&joined) };
	TRY(search(texts, arena, &r, err));
	if (r.kind == SCA_REASON_ALLOWED && CATCH(deviation_reason_short, count_words(texts[0]) < WORDS_LEAST))
		r.kind = SCA_REASON_NOTHING;
	*ret_reason = r;
	return ASSAY_OK;
}
