/* SPDX-License-Identifier: Apache-2.0 */
#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <sca/problems.h>
#include <stdlib.h>
#include <string.h>

struct csv {
	const char *name;
	const unsigned char *p, *end;
	unsigned line;
	unsigned char separator;
	struct arena *arena;
	struct buf cell;
	struct assay_error *err;
};

static void
csv_done(struct csv *c)
{
	buf_done(&c->cell);
}

static enum assay_status
bad(const struct csv *c, const char *what)
{
	(void)assay_fail(c->err, ASSAY_E_FORMAT, "%s", what);
	return assay_error_at(c->err, ASSAY_E_FORMAT, c->name, c->line, 0);
}

static bool
at_end_of_row(const struct csv *c)
{
	return c->p == c->end || *c->p == '\n' || (*c->p == '\r' && c->p + 1 < c->end && c->p[1] == '\n');
}

/* Behind the quote that opens it. Two quotes are one of the text. */
static enum assay_status
read_quoted(struct csv *c)
{
	while (c->p < c->end) {
		const unsigned char byte = *c->p++;
		c->line += byte == '\n';
		if (byte != '"') {
			buf_add_byte(&c->cell, byte);
			continue;
		}
		if (c->p < c->end && *c->p == '"') {
			buf_add_byte(&c->cell, *c->p++);
			continue;
		}
		return at_end_of_row(c) || *c->p == c->separator ? ASSAY_OK : bad(c, "there is text behind a closing quote");
	}
	return bad(c, "a quote isn't closed");
}

static enum assay_status
read_cell(struct csv *c, const char **ret_cell)
{
	buf_reset(&c->cell);
	if (c->p < c->end && *c->p == '"') {
		c->p++;
		TRY(read_quoted(c));
	} else {
		while (!at_end_of_row(c) && *c->p != c->separator) {
			if (*c->p == '"' || *c->p == '\r')
				return bad(c, "a quote or line end stands in a cell without quotes");
			buf_add_byte(&c->cell, *c->p++);
		}
	}
	TRY(buf_status(&c->cell, "a cell", c->err));
	*ret_cell = arena_copy(c->arena, buf_span(&c->cell));
	return *ret_cell == NULL ? arena_full(c->err) : ASSAY_OK;
}

static void
end_row(struct csv *c)
{
	c->p += c->p < c->end && *c->p == '\r';
	c->p += c->p < c->end;
	c->line++;
}

/* At most room cells; those that aren't there are empty. */
static enum assay_status
read_row(struct csv *c, const char **cells, size_t room, size_t *ret_count)
{
	size_t count = 0;
	for (;;) {
		if (count == room)
			return bad(c, "a row has more cells than the first one, or than are read");
		TRY(read_cell(c, &cells[count++]));
		if (at_end_of_row(c))
			break;
		c->p++;
	}
	*ret_count = count;
	end_row(c);
	return ASSAY_OK;
}

/* What stands first of them outside of quotes, in the first row. */
static unsigned char
guess_separator(const struct csv *c)
{
	bool quoted = false;
	for (const unsigned char *p = c->p; p < c->end && *p != '\n'; p++) {
		quoted ^= *p == '"';
		if (!quoted && (*p == ',' || *p == ';' || *p == '\t'))
			return *p;
	}
	return ',';
}

static int
by_id(const void *a, const void *b)
{
	const struct sca_problem *x = a, *y = b;
	return strcmp(x->id, y->id);
}

static enum assay_status
read_rows(struct csv *c, size_t columns, size_t id, struct sca_problem *items, size_t *ret_count)
{
	size_t count = 0;
	while (c->p < c->end) {
		const unsigned line = c->line;
		if (at_end_of_row(c)) {
			end_row(c);
			continue;
		}
		size_t found = 0;
		const char **cells = arena_array(c->arena, columns + 1, sizeof(const char *));
		if (cells == NULL)
			return arena_full(c->err);
		if (count == PROBLEMS_ROWS_MAX)
			return bad(c, "there are too many rows");
		TRY(read_row(c, cells, columns, &found));
		for (; found < columns; found++)
			cells[found] = "";
		if (cells[id][0] == '\0')
			return bad(c, "an entry has no id");
		items[count++] = (struct sca_problem){ cells[id], cells, line };
	}
	*ret_count = count;
	return ASSAY_OK;
}

static size_t
count_lines(struct assay_span s)
{
	size_t lines = 1;
	for (size_t i = 0; i < s.len; i++)
		lines += s.data[i] == '\n';
	return lines;
}

enum assay_status
sca_problems_parse(struct assay_span csv, const char *name, struct arena *arena, struct sca_problems *ret_problems,
    struct assay_error *err)
{
	static const unsigned char mark[] = { 0xef, 0xbb, 0xbf };
	CLEANUP(csv_done) struct csv c = { .name = name, .line = 1, .arena = arena, .cell = BUF_INIT(1u << 20), .err = err };
	const char *head[PROBLEMS_COLUMNS_MAX];
	size_t columns = 0, id = 0, count = 0;
	if (csv.len > PROBLEMS_SIZE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "'%s' has %zu bytes, %u are read at most", name, csv.len, PROBLEMS_SIZE_MAX);
	const bool marked = csv.len >= sizeof mark && memcmp(csv.data, mark, sizeof mark) == 0;
	c.p = csv.data + (marked ? sizeof mark : 0);
	c.end = csv.data + csv.len;
	if (!text_is_utf8(csv) || c.p == c.end)
		return bad(&c, "this is no text in UTF-8, or nothing at all");
	c.separator = guess_separator(&c);
	TRY(read_row(&c, head, PROBLEMS_COLUMNS_MAX, &columns));
	for (size_t i = columns; i > 0; i--)
		id = strcasecmp(head[i - 1], "id") == 0 ? i - 1 : id;
	const size_t room = count_lines(csv);
	struct sca_problem *items = arena_array(arena, room < PROBLEMS_ROWS_MAX ? room : PROBLEMS_ROWS_MAX, sizeof *items);
	if (items == NULL)
		return arena_full(err);
	TRY(read_rows(&c, columns, id, items, &count));
	qsort(items, count, sizeof *items, by_id);
	for (size_t i = 1; i < count; i++) {
		c.line = items[i].line;
		if (strcmp(items[i - 1].id, items[i].id) == 0)
			return bad(&c, "an id stands twice");
	}
	*ret_problems = (struct sca_problems){ items, count, columns };
	return ASSAY_OK;
}

const struct sca_problem *
sca_problems_find(const struct sca_problems *p, const char *id)
{
	const struct sca_problem wanted = { .id = id };
	return p->count == 0 ? NULL : bsearch(&wanted, p->items, p->count, sizeof *p->items, by_id);
}

bool
sca_problem_names(const struct sca_problems *p, const struct sca_problem *one, const char *identity, const char *path)
{
	char digits[PROBLEMS_DIGITS_LEAST + 1];
	memcpy(digits, identity, PROBLEMS_DIGITS_LEAST);
	digits[PROBLEMS_DIGITS_LEAST] = '\0';
	for (size_t i = 0; i < p->columns; i++) {
		if (strstr(one->cells[i], digits) != NULL || (path != NULL && strstr(one->cells[i], path) != NULL))
			return true;
	}
	return false;
}
