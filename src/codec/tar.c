/* SPDX-License-Identifier: Apache-2.0 */
/*
 * There is one function that makes the blocks before a member's bytes. The reader takes name and size out of what it
 * is given, makes those blocks anew, and compares: so there is no second form to be lenient about.
 */
#include <codec/tar.h>

#include <base/cleanup.h>
#include <base/text.h>

#define BLOCK ((size_t)512)
#define NAME_FIELD 100u
/* The largest size that eleven octal digits hold. */
#define SIZE_FIELD_MAX 077777777777ull
/* A pax header, at most three blocks of its record, and the member's own header. */
#define HEAD_MAX (5 * BLOCK)

#define AT_NAME 0u
#define AT_MODE 100u
#define AT_UID 108u
#define AT_GID 116u
#define AT_SIZE 124u
#define AT_MTIME 136u
#define AT_CHECKSUM 148u
#define AT_TYPE 156u
#define AT_MAGIC 257u
#define AT_DEVMAJOR 329u
#define AT_DEVMINOR 337u

static size_t
padding(uint64_t size)
{
	return (size_t)((BLOCK - size % BLOCK) % BLOCK);
}

/* digits octal digits; the NUL behind them is there already. */
static void
put_octal(unsigned char *field, size_t digits, uint64_t value)
{
	for (size_t i = digits; i > 0; i--) {
		field[i - 1] = (unsigned char)('0' + (value & 7));
		value >>= 3;
	}
}

static void
make_block(unsigned char block[BLOCK], const char *name, size_t name_len, uint64_t size, char type)
{
	unsigned sum = 0;
	memset(block, 0, BLOCK);
	memcpy(block + AT_NAME, name, name_len < NAME_FIELD ? name_len : NAME_FIELD);
	put_octal(block + AT_MODE, 7, 0644);
	put_octal(block + AT_UID, 7, 0);
	put_octal(block + AT_GID, 7, 0);
	put_octal(block + AT_SIZE, 11, size);
	put_octal(block + AT_MTIME, 11, 0);
	block[AT_TYPE] = (unsigned char)type;
	memcpy(block + AT_MAGIC, "ustar\0" "00", 8);
	put_octal(block + AT_DEVMAJOR, 7, 0);
	put_octal(block + AT_DEVMINOR, 7, 0);
	/* The sum is taken with the field itself as spaces. */
	memset(block + AT_CHECKSUM, ' ', 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += block[i];
	put_octal(block + AT_CHECKSUM, 6, sum);
	block[AT_CHECKSUM + 6] = '\0';
}

/* "LEN path=NAME LF", where LEN counts itself; returns its length. */
static size_t
make_record(unsigned char *out, const char *name, size_t name_len)
{
	size_t rest = strlen(" path=") + name_len + 1;
	size_t digits = rest + 2 < 100 ? 2 : rest + 3 < 1000 ? 3 : 4;
	size_t total = digits + rest;
	char length[24];
	text_put(length, sizeof length, "%zu", total);
	for (size_t i = 0; i < digits; i++)
		out[i] = (unsigned char)length[i];
	memcpy(out + digits, " path=", 6);
	memcpy(out + digits + 6, name, name_len);
	out[total - 1] = '\n';
	return total;
}

/* All blocks before the member's bytes; returns how many bytes. */
static size_t
make_head(unsigned char head[HEAD_MAX], const char *name, uint64_t size)
{
	size_t len = strlen(name);
	size_t at = 0;
	memset(head, 0, HEAD_MAX);
	if (len > NAME_FIELD) {
		size_t record = make_record(head + BLOCK, name, len);
		make_block(head, "pax", 3, record, 'x');
		at = BLOCK + record + padding(record);
	}
	make_block(head + at, name, len, size, '0');
	return at + BLOCK;
}

static bool
good_component(const char *part, size_t len)
{
	if (len == 0 || (len == 1 && part[0] == '.'))
		return false;
	return !(len == 2 && part[0] == '.' && part[1] == '.');
}

static const char *
name_fault(const char *name)
{
	size_t len = strlen(name);
	const char *part = name;
	if (len == 0 || len > TAR_NAME_MAX)
		return "is empty or too long";
	if (!text_is_utf8(assay_span_str(name)))
		return "isn't UTF-8";
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7F)
			return "holds a control character";
	}
	for (;;) {
		size_t n = strcspn(part, "/");
		if (!good_component(part, n))
			return "has an empty, '.' or '..' component, or begins or ends with '/'";
		if (part[n] == '\0')
			return NULL;
		part += n + 1;
	}
}

enum assay_status
tar_add_head(struct buf *out, const char *name, uint64_t size, struct assay_error *err)
{
	unsigned char head[HEAD_MAX];
	const char *fault = name_fault(name);
	if (fault != NULL)
		return assay_fail(err, ASSAY_E_USAGE, "archive member's name %s", fault);
	if (size > SIZE_FIELD_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "archive member '%s' is larger than 8 GiB",
		    name);
	buf_add(out, head, make_head(head, name, size));
	return buf_status(out, "archive", err);
}

enum assay_status
tar_add_padding(struct buf *out, uint64_t size, struct assay_error *err)
{
	static const unsigned char zeros[BLOCK];
	buf_add(out, zeros, padding(size));
	return buf_status(out, "archive", err);
}

enum assay_status
tar_end(struct buf *out, struct assay_error *err)
{
	static const unsigned char zeros[2 * BLOCK];
	buf_add(out, zeros, sizeof zeros);
	return buf_status(out, "archive", err);
}

static enum assay_status
odd(const struct tar_reader *r, struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_E_FORMAT, "archive member %zu (byte %zu): %s", r->members + 1,
	    r->at, what);
}

static bool
all_zero(const unsigned char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] != 0)
			return false;
	}
	return true;
}

/* Exactly eleven octal digits. */
static bool
get_size(const unsigned char *block, uint64_t *ret_size)
{
	uint64_t size = 0;
	for (size_t i = 0; i < 11; i++) {
		unsigned char c = block[AT_SIZE + i];
		if (c < '0' || c > '7')
			return false;
		size = size * 8 + (uint64_t)(c - '0');
	}
	*ret_size = size;
	return true;
}

/* The name out of a pax record, as far as it can be told; comparing decides. */
static bool
name_of_record(const unsigned char *record, uint64_t len, char name[TAR_NAME_MAX + 1])
{
	const unsigned char *space = memchr(record, ' ', (size_t)len);
	if (space == NULL)
		return false;
	size_t before = (size_t)(space - record) + strlen(" path=");
	if (len < before + 1 || len - before - 1 > TAR_NAME_MAX)
		return false;
	size_t n = (size_t)len - before - 1;
	memcpy(name, record + before, n);
	name[n] = '\0';
	return strlen(name) == n;
}

/* Name and size that the blocks at the reader's place tell of. */
static enum assay_status
guess(const struct tar_reader *r, char name[TAR_NAME_MAX + 1], uint64_t *ret_size,
    struct assay_error *err)
{
	const unsigned char *block = r->archive.data + r->at;
	size_t left = r->archive.len - r->at;
	uint64_t record;
	if (block[AT_TYPE] != 'x') {
		memcpy(name, block, NAME_FIELD);
		name[NAME_FIELD] = '\0';
		return get_size(block, ret_size) ? ASSAY_OK : odd(r, err, "bad size");
	}
	if (!get_size(block, &record) || record > 3 * BLOCK
	    || left < 2 * BLOCK + record + padding(record))
		return odd(r, err, "bad pax header");
	if (!name_of_record(block + BLOCK, record, name))
		return odd(r, err, "a pax record that isn't a path");
	block += BLOCK + record + padding(record);
	return get_size(block, ret_size) ? ASSAY_OK : odd(r, err, "bad size");
}

static enum assay_status
check_order(const struct tar_reader *r, const char *name, struct assay_error *err)
{
	if (r->members > 0 && strcmp(r->first, name) == 0)
		return odd(r, err, "the first member's name again");
	if (r->members > 1 && strcmp(r->last, name) >= 0)
		return odd(r, err, "names out of order or twice");
	return ASSAY_OK;
}

static enum assay_status
check_end(const struct tar_reader *r, struct assay_error *err)
{
	size_t left = r->archive.len - r->at;
	if (left != 2 * BLOCK || !all_zero(r->archive.data + r->at, left))
		return odd(r, err, "the archive doesn't end with two empty blocks and nothing after");
	return ASSAY_E_NOT_FOUND;
}

static enum assay_status
read_member(struct tar_reader *r, struct tar_member *m, struct assay_error *err)
{
	unsigned char head[HEAD_MAX];
	uint64_t size = 0;
	TRY(guess(r, m->name, &size, err));
	const char *fault = name_fault(m->name);
	if (fault != NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "archive member %zu: its name %s",
		    r->members + 1, fault);
	TRY(check_order(r, m->name, err));
	size_t head_len = make_head(head, m->name, size);
	size_t left = r->archive.len - r->at;
	if (left < head_len || memcmp(r->archive.data + r->at, head, head_len) != 0)
		return odd(r, err, "its header isn't in the one form that packs have");
	left -= head_len;
	if (size > left || padding(size) > left - size)
		return odd(r, err, "cut short");
	m->bytes = (struct assay_span){ r->archive.data + r->at + head_len, (size_t)size };
	if (!all_zero(m->bytes.data + size, padding(size)))
		return odd(r, err, "its padding isn't zero");
	r->at += head_len + (size_t)size + padding(size);
	return ASSAY_OK;
}

enum assay_status
tar_next(struct tar_reader *reader, struct tar_member *ret_member, struct assay_error *err)
{
	if (reader->archive.len - reader->at < BLOCK)
		return odd(reader, err, "cut short");
	if (all_zero(reader->archive.data + reader->at, BLOCK))
		return check_end(reader, err);
	if (reader->members >= TAR_MEMBERS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "archive of more than %d members",
		    TAR_MEMBERS_MAX);
	TRY(read_member(reader, ret_member, err));
	memcpy(reader->last, ret_member->name, sizeof reader->last);
	if (reader->members++ == 0)
		memcpy(reader->first, ret_member->name, sizeof reader->first);
	return ASSAY_OK;
}
