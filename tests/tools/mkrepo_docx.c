/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A DOCX file out of a text: "== NAME" begins a member of the archive with the lines that follow. Lines before the first of them are
 * the body: "# heading", "- item", "<w:...>" as it is, all else a paragraph. The members that every package has are added.
 */
#include "mkrepo.h"

#include <zlib.h>

#define WORDS_SPACE "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define DOCX_MAX (8u << 20)

struct archive {
	struct buf out, directory;
	unsigned count;
};

static void
put(struct buf *b, uint32_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_add_byte(b, (unsigned char)(value >> (8 * i)));
}

static void
put_member(struct archive *a, const char *name, struct assay_span bytes)
{
	const uint32_t at = (uint32_t)a->out.len, size = (uint32_t)bytes.len, names = (uint32_t)strlen(name);
	const uint32_t crc = (uint32_t)crc32(crc32(0, NULL, 0), bytes.data, (uInt)size);
	struct buf common = BUF_INIT(64);
	/* version, flags, stored, the time of 1980, checksum, sizes, length of the name, none of the extra field */
	put(&common, 20, 2);
	put(&common, 0, 2);
	put(&common, 0, 2);
	put(&common, 0x00210000, 4);
	put(&common, crc, 4);
	put(&common, size, 4);
	put(&common, size, 4);
	put(&common, names, 2);
	put(&common, 0, 2);
	buf_add_str(&a->out, "PK\3\4");
	buf_add_span(&a->out, buf_span(&common));
	buf_add_str(&a->out, name);
	buf_add_span(&a->out, bytes);
	buf_add_str(&a->directory, "PK\1\2");
	put(&a->directory, 20, 2);
	buf_add_span(&a->directory, buf_span(&common));
	/* comment, disk, kinds of attributes */
	put(&a->directory, 0, 4);
	put(&a->directory, 0, 2);
	put(&a->directory, 0, 4);
	put(&a->directory, at, 4);
	buf_add_str(&a->directory, name);
	a->count++;
	buf_done(&common);
}

static void
finish(struct archive *a)
{
	const uint32_t at = (uint32_t)a->out.len, size = (uint32_t)a->directory.len;
	buf_add_span(&a->out, buf_span(&a->directory));
	buf_add_str(&a->out, "PK\5\6");
	put(&a->out, 0, 4);
	put(&a->out, a->count, 2);
	put(&a->out, a->count, 2);
	put(&a->out, size, 4);
	put(&a->out, at, 4);
	put(&a->out, 0, 2);
}

static void
escape(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '&' || text[i] == '<' || text[i] == '>')
			buf_addf(out, "&#%d;", text[i]);
		else
			buf_add_byte(out, (unsigned char)text[i]);
	}
}

static void
put_line(struct buf *body, const char *line, size_t len)
{
	const bool heading = len > 2 && strncmp(line, "# ", 2) == 0, item = len > 2 && strncmp(line, "- ", 2) == 0;
	if (len > 0 && line[0] == '<') {
		buf_add(body, line, len);
		return;
	}
	if (len == 0)
		return;
	buf_addf(body, "<w:p>%s<w:r><w:t xml:space=\"preserve\">", heading ? "<w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr>"
		: item ? "<w:pPr><w:numPr/></w:pPr>" : "");
	escape(body, line + (heading || item ? 2 : 0), len - (heading || item ? 2 : 0));
	buf_add_str(body, "</w:t></w:r></w:p>");
}

static void
put_defaults(struct archive *a, const char *text)
{
	static const char types[] = "<Types xmlns=\"" PACKAGE "content-types\"/>";
	static const char rels[] = "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"a\" Type=\"" OFFICE
				   "officeDocument\" Target=\"word/document.xml\"/></Relationships>";
	put_member(a, "[Content_Types].xml", assay_span_str(types));
	if (strstr(text, "== _rels/.rels\n") == NULL)
		put_member(a, "_rels/.rels", assay_span_str(rels));
}

static void
put_body(struct archive *a, const char *text, const char *end)
{
	struct buf body = BUF_INIT(DOCX_MAX);
	buf_add_str(&body, "<w:document xmlns:w=\"" WORDS_SPACE
			   "\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><w:body>");
	while (text < end) {
		const size_t len = strcspn(text, "\n");
		put_line(&body, text, len);
		text += len + 1;
	}
	buf_add_str(&body, "</w:body></w:document>");
	put_member(a, "word/document.xml", buf_span(&body));
	buf_done(&body);
}

/* The beginning of the next member's line, or the end. */
static const char *
next_member(const char *text)
{
	if (strncmp(text, "== ", 3) == 0)
		return text;
	const char *found = strstr(text, "\n== ");
	return found != NULL ? found + 1 : text + strlen(text);
}

void
make_docx(const char *text, struct buf *out)
{
	struct archive a = { BUF_INIT(DOCX_MAX), BUF_INIT(DOCX_MAX), 0 };
	const char *member = next_member(text);
	put_defaults(&a, text);
	if (member != text)
		put_body(&a, text, member);
	while (*member != '\0') {
		char name[256];
		const size_t len = strcspn(member, "\n");
		(void)snprintf(name, sizeof name, "%.*s", (int)len - 3, member + 3);
		const char *from = member + len + (member[len] == '\n');
		member = next_member(from);
		put_member(&a, name, (struct assay_span){ (const unsigned char *)from, (size_t)(member - from) });
	}
	finish(&a);
	buf_add_span(out, buf_span(&a.out));
	buf_done(&a.out);
	buf_done(&a.directory);
}
