/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search: one pass over the bytes for all marks at once. Four bytes at every second place are looked up in a table of bits, with
 * letters folded; what is in it is compared with the marks, and a mark starts the parser of its row.
 */
#include "inside.h"

#include <base/catch.h>

#include <stdlib.h>

#define GRAM 4
#define MARK_MIN (GRAM + 1)
#define HASHES 65536u
#define ENTRIES_MAX 2048
#define NONE UINT16_MAX
/* Bytes that parsers may look at, for each byte of the content and in all. */
#define WORK_A_BYTE 64u
#define WORK_LEAST ((uint64_t)64 << 20)

typedef void action(struct view *v, size_t at);

struct mark {
	const char *bytes;
	size_t len;
	bool any_case;
	bool any_last;  /* the last byte is any */
	action *act;
};

#define EXACT(text, act) { (text), sizeof(text) - 1, false, false, (act) }
#define FOLDED(text, act) { (text), sizeof(text) - 1, true, false, (act) }
#define OPEN_END(text, act) { (text), sizeof(text) - 1, false, true, (act) }
/* A SEQUENCE of DER of this length whose first element is a version. */
#define HEAD_OF_DIGITS(len) FOLDED("30:" len ":02:01", act_hex), FOLDED("30 " len " 02 01", act_hex)
#define HEAD_OF_NUMBERS(len) EXACT("48," len ",2,1,", act_array), EXACT("48, " len ", 2, 1,", act_array)

static const struct mark marks[] = {
	/* DER: a version, and what follows it in each format. */
	EXACT("\x02\x01\x00\x02\x81", act_der), EXACT("\x02\x01\x00\x02\x82", act_der), EXACT("\x02\x01\x00\x02\x41", act_der),
	EXACT("\x02\x01\x00\x02\x40", act_der), EXACT("\x02\x01\x01\x04\x1c", act_der), EXACT("\x02\x01\x01\x04\x20", act_der),
	EXACT("\x02\x01\x01\x04\x30", act_der), EXACT("\x02\x01\x01\x04\x40", act_der), EXACT("\x02\x01\x01\x04\x42", act_der),
	EXACT("\x02\x01\x01\x04\x41", act_der), EXACT("\x02\x01\x01\x04\x1f", act_der), EXACT("\x02\x01\x01\x04\x2f", act_der),
	OPEN_END("\x02\x01\x00\x30?", act_der), OPEN_END("\x02\x01\x01\x30?", act_der), OPEN_END("\x02\x01\x03\x30?", act_der),
	EXACT("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05", act_der_sealed), EXACT("\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01", act_der_sealed),
	/* Formats of text and their like. */
	EXACT("PRIVATE KEY", act_armour), EXACT("openssh-key-v1", act_openssh), EXACT("PuTTY-User-Key-File-", act_ppk),
	EXACT("\"kty\"", act_jwk), EXACT("\"kty\\", act_jwk), EXACT("'kty'", act_jwk), EXACT("RWRTY0Iy", act_minisign), EXACT("RWQAAEIy", act_minisign),
	EXACT("RWRCSwAA", act_minisign), FOLDED("AGE-SECRET-KEY-1", act_age), EXACT("\xfe\xed\xfe\xed\x00\x00\x00\x02", act_keystore),
	EXACT("\xce\xce\xce\xce\x00\x00\x00\x02", act_keystore), EXACT("\xfe\xed\xfe\xed\x00\x00\x00\x01", act_keystore),
	EXACT("SAKeyValue", act_xml_key), EXACT("== ed25519v1-secret: type0 ==", act_tor),
	/* Base64 of the above. */
	EXACT("IBAAKB", act_base64), EXACT("IBAAKC", act_base64), EXACT("IBAAJB", act_base64), EXACT("IBAAJA", act_base64),
	EXACT("AgEAAoGB", act_base64), EXACT("CAQEE", act_base64), EXACT("AgEBB", act_base64), EXACT("IBAQQ", act_base64),
	EXACT("CAQAw", act_base64), EXACT("CAQEw", act_base64), EXACT("IBADA", act_base64), EXACT("AgEAM", act_base64),
	EXACT("IBAzC", act_base64), EXACT("BgkqhkiG9w0BBQ", act_base64), EXACT("CSqGSIb3DQEF", act_base64), EXACT("JKoZIhvcNAQU", act_base64),
	EXACT("BgoqhkiG9w0BDA", act_base64), EXACT("UFJJVkFURSBLRV", act_base64), EXACT("BSSVZBVEUgS0VZ", act_base64),
	EXACT("QUklWQVRFIEtFW", act_base64), EXACT("b3BlbnNzaC1rZXktdjE", act_base64), EXACT("UHVUVFktVXNlci1LZXktRmlsZS", act_base64),
	EXACT("Imt0eS", act_base64), EXACT("JrdHki", act_base64), EXACT("ia3R5I", act_base64), EXACT("/u3+7QAAAA", act_base64),
	EXACT("U0FLZXlWYWx1ZT", act_base64), EXACT("NBS2V5VmFsdWU+", act_base64), EXACT("TQUtleVZhbHVlP", act_base64),
	EXACT("PT0gZWQyNTUxOXYxLXNlY3JldDog", act_base64), EXACT("zs7OzgAAAA", act_base64), EXACT("H4sIA", act_base64), EXACT("UEsDB", act_base64),
	/* Base64 of what is not looked into, or of an archive in which such may lie. */
	EXACT("/Td6WFoA", act_base64), EXACT("KLUv/", act_base64), EXACT("TFBWSZTW", act_base64), EXACT("N3q8rycc", act_base64),
	EXACT("UmFyIRoH", act_base64), EXACT("BCJNG", act_base64), EXACT("TFpJUAE", act_base64), EXACT("XQAAgAD//////", act_base64),
	EXACT("IyB2MiBnaXQgYnVuZGxl", act_base64), EXACT("IyB2MyBnaXQgYnVuZGxl", act_base64), EXACT("UEFDSwAAAAI", act_base64),
	EXACT("ITxhcmNoPg", act_base64),
	/* The same as digits and numbers. */
	EXACT("30820", act_hex), EXACT("302e02010", act_hex), EXACT("302E02010", act_hex), EXACT("30510201", act_hex), EXACT("30530201", act_hex),
	EXACT("30740201", act_hex), EXACT("30770201", act_hex), EXACT("30780201", act_hex), EXACT("30470201", act_hex), EXACT("30460201", act_hex),
	OPEN_END("3081?", act_hex),
	EXACT("30410201", act_hex), FOLDED("303e0201", act_hex), FOLDED("304e0201", act_hex), EXACT("30600201", act_hex),
	FOLDED("2d2d2d2d2d424547494e", act_hex),
	EXACT("30:82:0", act_hex), EXACT("30 82 0", act_hex), HEAD_OF_DIGITS("77"), HEAD_OF_DIGITS("2e"), HEAD_OF_DIGITS("3e"),
	HEAD_OF_DIGITS("41"), HEAD_OF_DIGITS("46"), HEAD_OF_DIGITS("47"), HEAD_OF_DIGITS("4e"), HEAD_OF_DIGITS("51"), HEAD_OF_DIGITS("53"), HEAD_OF_DIGITS("60"), HEAD_OF_DIGITS("74"),
	HEAD_OF_DIGITS("78"), EXACT("30:81:", act_hex), EXACT("30 81 ", act_hex),
	FOLDED("0x30,", act_array), FOLDED("0x2d,0x2d,0x2d", act_array), FOLDED("0x2d, 0x2d, 0x2d", act_array), EXACT("48, 130,", act_array),
	EXACT("48,130,", act_array), EXACT("48, -126,", act_array), EXACT("48,-126,", act_array),
	FOLDED("0x30u", act_array), FOLDED("0x30l", act_array), FOLDED("0x2du", act_array), FOLDED("0x2dl", act_array), FOLDED("48u, ", act_array),
	FOLDED("48u8,", act_array), EXACT("48, 129,", act_array), EXACT("48,129,", act_array), EXACT("48, -127,", act_array),
	EXACT("48,-127,", act_array), HEAD_OF_NUMBERS("46"), HEAD_OF_NUMBERS("62"), HEAD_OF_NUMBERS("65"), HEAD_OF_NUMBERS("70"),
	HEAD_OF_NUMBERS("71"), HEAD_OF_NUMBERS("78"), HEAD_OF_NUMBERS("81"), HEAD_OF_NUMBERS("83"), HEAD_OF_NUMBERS("96"),
	HEAD_OF_NUMBERS("116"), HEAD_OF_NUMBERS("119"), HEAD_OF_NUMBERS("120"),
	/* A number a line, and "-----B" as numbers. */
	OPEN_END("48,\n?", act_array), EXACT("48,\r\n", act_array), OPEN_END("45,\n?", act_array), EXACT("45,\r\n", act_array),
	EXACT("45,45,45,45,45,66", act_array), EXACT("45, 45, 45, 45, 45, 66", act_array),
	FOLDED("\\x30\\x8", act_escapes),
	FOLDED("\\x30\\x7", act_escapes), FOLDED("\\x30\\x2e", act_escapes), FOLDED("\\x30\\x5", act_escapes), FOLDED("\\x30\\x4", act_escapes),
	EXACT("B\0E\0G\0I\0N\0", act_utf16), EXACT("P\0u\0T\0T\0Y\0", act_utf16), EXACT("\"\0k\0t\0y\0", act_utf16),
	EXACT("S\0A\0K\0e\0y\0V\0", act_utf16), EXACT("B\0\0\0E\0\0\0G\0\0\0I\0\0\0N", act_utf32),
	OPEN_END("PK\x03\x04?", act_zip),
	/* Names of what is told by nothing else. */
	FOLDED("private", act_named), FOLDED("priv_key", act_named), FOLDED("privkey", act_named), FOLDED("priv-key", act_named),
	FOLDED("signing", act_named), FOLDED("sign_key", act_named), FOLDED("signkey", act_named), FOLDED("sign_seed", act_named),
	FOLDED("secret_key", act_named), FOLDED("secretkey", act_named), FOLDED("secret-key", act_named), FOLDED("_seed", act_named),
	FOLDED("yseed", act_named), FOLDED("seckey", act_named), FOLDED("sec_key", act_named),
};
#define MARKS (sizeof marks / sizeof marks[0])

/* A mark that begins shift bytes before the place that was looked up. */
struct entry {
	uint16_t mark;
	uint16_t next;
	unsigned char shift;
};

struct leak_finder {
	unsigned char bits[HASHES / 8];
	uint16_t head[HASHES];
	struct entry entries[ENTRIES_MAX];
	size_t count;
};

struct scan {
	const struct leak_finder *finder;
	struct leak_found *found;
	uint64_t work, work_max;
	bool exhausted;
	enum assay_status status;
};

static inline uint32_t
gram_hash(const unsigned char *p)
{
	uint32_t gram;
	memcpy(&gram, p, sizeof gram);
	return (gram | 0x20202020u) * 0x9e3779b1u >> 16;
}

static enum assay_status
add_entry(struct leak_finder *f, const unsigned char *gram, size_t mark, unsigned char shift)
{
	const uint32_t hash = gram_hash(gram);
	for (uint16_t i = f->head[hash]; i != NONE; i = f->entries[i].next)
		if (f->entries[i].mark == mark && f->entries[i].shift == shift)
			return ASSAY_OK;
	if (f->count >= ENTRIES_MAX)
		return ASSAY_E_INTERNAL;
	f->entries[f->count] = (struct entry){ (uint16_t)mark, f->head[hash], shift };
	f->head[hash] = (uint16_t)f->count++;
	f->bits[hash >> 3] |= (unsigned char)(1u << (hash & 7));
	return ASSAY_OK;
}

static enum assay_status
add_mark(struct leak_finder *f, size_t mark)
{
	unsigned char bytes[MARK_MIN];
	const struct mark *m = &marks[mark];
	if (m->len < MARK_MIN)
		return ASSAY_E_INTERNAL;
	memcpy(bytes, m->bytes, sizeof bytes);
	TRY(add_entry(f, bytes, mark, 0));
	if (!m->any_last || m->len > MARK_MIN)
		return add_entry(f, bytes + 1, mark, 1);
	for (unsigned last = 0; last < 256; last++) {
		bytes[MARK_MIN - 1] = (unsigned char)last;
		TRY(add_entry(f, bytes + 1, mark, 1));
	}
	return ASSAY_OK;
}

enum assay_status
leak_finder_new(struct leak_finder **ret_finder, struct assay_error *err)
{
	CLEANUP(leak_finder_free) struct leak_finder *f = calloc(1, sizeof *f);
	if (f == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the table of marks");
	memset(f->head, 0xff, sizeof f->head);
	for (size_t i = 0; i < MARKS; i++)
		if (add_mark(f, i) != ASSAY_OK)
			return assay_fail(err, ASSAY_E_INTERNAL, "the table of marks doesn't hold mark %zu", i);
	*ret_finder = steal(&f);
	return ASSAY_OK;
}

void
leak_finder_free(struct leak_finder **finder)
{
	free(*finder);
	*finder = NULL;
}

void
leak_found_done(struct leak_found *found)
{
	free(found->items);
	*found = (struct leak_found){ 0 };
}

const char *
leak_state_name(enum leak_state state)
{
	static const char *const names[] = { [LEAK_KEY] = "key", [LEAK_ENCRYPTED] = "encrypted", [LEAK_BROKEN] = "looks-like",
		[LEAK_UNSEEN] = "not-looked-into" };
	return names[state];
}

/* ---- what was found ---- */

static bool
is_same(const struct leak_hit *a, const struct leak_hit *b)
{
	return a->state == b->state && a->public_count == b->public_count && memcmp(a->publics, b->publics, sizeof a->publics) == 0
	    && memcmp(a->digest, b->digest, sizeof a->digest) == 0 && strcmp(a->form, b->form) == 0;
}

static void
add_hit(struct scan *s, const struct leak_hit *hit)
{
	struct leak_found *f = s->found;
	for (size_t i = 0; i < f->count; i++)
		if (is_same(&f->items[i], hit))
			return;
	if (f->count >= LEAK_HITS_MAX) {
		f->more++;
		return;
	}
	if ((f->count & (f->count - 1)) == 0) {
		struct leak_hit *more = realloc(f->items, (f->count == 0 ? 1 : 2 * f->count) * sizeof *more);
		if (more == NULL) {
			s->status = ASSAY_E_MEMORY;
			return;
		}
		f->items = more;
	}
	f->items[f->count++] = *hit;
}

static uint64_t
place(const struct view *v, size_t at)
{
	return v->derived ? v->offset : v->offset + at;
}

void
scan_note(struct view *v, size_t at, enum verdict verdict, const struct key *key, struct assay_span container)
{
	static const enum leak_state states[] = { [IS_KEY] = LEAK_KEY, [IS_ENCRYPTED] = LEAK_ENCRYPTED, [IS_BROKEN] = LEAK_BROKEN,
		[IS_UNSEEN] = LEAK_UNSEEN };
	if (verdict == IS_NOTHING)
		return;
	struct leak_hit hit = { .state = states[verdict], .form = key->form, .offset = place(v, at), .public_count = key->public_count,
		.has_fingerprint = key->has_fingerprint };
	memcpy(hit.publics, key->publics, sizeof hit.publics);
	memcpy(hit.fingerprint, key->fingerprint, sizeof hit.fingerprint);
	if (hit.public_count == 0 && assay_sha256(container, hit.digest) != ASSAY_OK)
		v->scan->status = ASSAY_E_INTERNAL;
	add_hit(v->scan, &hit);
}

void
scan_unseen(struct view *v, size_t at, const char *what)
{
	const struct key key = { .form = what };
	scan_note(v, at, IS_UNSEEN, &key, v->bytes);
}

void
scan_no_memory(struct view *v)
{
	v->scan->status = ASSAY_E_MEMORY;
}

bool
scan_afford(struct view *v, size_t n)
{
	struct scan *s = v->scan;
	if (s->exhausted || n > s->work_max - s->work) {
		if (!s->exhausted)
			scan_unseen(v, 0, "more of what looks like keys than is followed");
		s->exhausted = true;
		return false;
	}
	s->work += n;
	return true;
}

/* ---- the pass ---- */

static bool
same_folded(const unsigned char *bytes, const char *mark, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const unsigned char a = bytes[i], b = (unsigned char)mark[i];
		const unsigned char lower = a >= 'A' && a <= 'Z' ? (unsigned char)(a | 0x20) : a;
		const unsigned char other = b >= 'A' && b <= 'Z' ? (unsigned char)(b | 0x20) : b;
		if (lower != other)
			return false;
	}
	return true;
}

static void
candidates(struct view *v, size_t i, uint32_t hash)
{
	const struct leak_finder *f = v->scan->finder;
	for (uint16_t n = f->head[hash]; n != NONE; n = f->entries[n].next) {
		const struct entry *e = &f->entries[n];
		const struct mark *m = &marks[e->mark];
		if (i < e->shift || m->len > v->bytes.len - (i - e->shift))
			continue;
		const size_t at = i - e->shift, len = m->len - m->any_last;
		const unsigned char *p = v->bytes.data + at;
		if (m->any_case ? same_folded(p, m->bytes, len) : memcmp(p, m->bytes, len) == 0)
			m->act(v, at);
	}
}

static void
pass(struct view *v)
{
	const unsigned char *data = v->bytes.data;
	const unsigned char *bits = v->scan->finder->bits;
	for (size_t i = 0; i + GRAM <= v->bytes.len; i += 2) {
		const uint32_t hash = gram_hash(data + i);
		if ((bits[hash >> 3] & 1u << (hash & 7)) != 0)
			candidates(v, i, hash);
	}
}

/* ---- what is told by how it begins ---- */

static const struct {
	const char *bytes;
	size_t len;
	const char *what;
} beginnings[] = {
#define BEGINNING(bytes, what) { (bytes), sizeof(bytes) - 1, (what) }
	BEGINNING("\xfd" "7zXZ\0", "an xz archive"),
	BEGINNING("\x28\xb5\x2f\xfd", "a zstd archive"),
	BEGINNING("BZh", "a bzip2 archive"),
	BEGINNING("7z\xbc\xaf\x27\x1c", "a 7z archive"),
	BEGINNING("Rar!\x1a\x07", "a rar archive"),
	BEGINNING("\x04\x22\x4d\x18", "an lz4 archive"),
	BEGINNING("MSCF\0\0\0\0", "a cabinet archive"),
	BEGINNING("hsqs", "a squashfs image"),
	BEGINNING("LZIP", "an lzip archive"),
	BEGINNING("\x89LZO\0\r\n\x1a\n", "an lzop archive"),
	BEGINNING("\x1f\x9d\x90", "an archive of compress"),
	BEGINNING("# v2 git bundle\n", "a bundle of git"),
	BEGINNING("# v3 git bundle\n", "a bundle of git"),
	BEGINNING("PACK\0\0\0\2", "a pack of git"),
	BEGINNING("version https://git-lfs.github.com/spec/", "a pointer of Git LFS, whose content isn't here"),
#undef BEGINNING
};

void
look_opaque(struct view *v, size_t at)
{
	const size_t left = v->bytes.len - at;
	for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
		if (CATCH(leak_opaque, left > beginnings[i].len && memcmp(v->bytes.data + at, beginnings[i].bytes, beginnings[i].len) == 0))
			scan_unseen(v, at, beginnings[i].what);
	look_lzma(v, at);
}

static void
look_at_beginning(struct view *v)
{
	look_opaque(v, 0);
	look_openpgp(v);
	look_gzip(v, 0);
	look_in_tar(v);
	look_in_ar(v);
	look_zlib(v);
	look_png(v);
	look_pdf(v);
}

static void
look(struct view *v)
{
	if (v->bytes.len < GRAM)
		return;
	look_at_beginning(v);
	pass(v);
}

void
scan_inside(struct view *v, size_t at, struct assay_span inside)
{
	if (v->scan->status != ASSAY_OK || !scan_afford(v, inside.len))
		return;
	if (CATCH(leak_too_deep, v->depth + 1 > LEAK_DEPTH_MAX)) {
		scan_unseen(v, at, "something wrapped too often");
		return;
	}
	struct view inner = { .scan = v->scan, .bytes = inside, .depth = v->depth + 1, .derived = true, .offset = place(v, at) };
	look(&inner);
}

enum assay_status
leak_scan(const struct leak_finder *finder, struct assay_span content, struct leak_found *found, struct assay_error *err)
{
	struct scan s = { .finder = finder, .found = found, .work_max = WORK_LEAST + (uint64_t)content.len * WORK_A_BYTE };
	struct view v = { .scan = &s, .bytes = content };
	look(&v);
	if (s.status != ASSAY_OK)
		return assay_fail(err, s.status, "what was searched for private keys could not be kept");
	return ASSAY_OK;
}
