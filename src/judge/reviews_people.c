/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who had a part in a commit. A line that names a co-author is looked for in all of a message: who hides one in the midst of it has
 * named them all the same.
 */
#include "reviews.h"
#include "standing.h"

#include <base/catch.h>
#include <string.h>

#define TRAILER "co-authored-by:"

static bool
same_text(struct assay_span a, const char *b)
{
	if (a.len != strlen(b))
		return false;
	for (size_t i = 0; i < a.len; i++) {
		const unsigned char x = a.data[i], y = (unsigned char)b[i];
		const unsigned char low = x >= 'A' && x <= 'Z' ? x + ('a' - 'A') : x, other = y >= 'A' && y <= 'Z' ? y + ('a' - 'A') : y;
		if (low != other)
			return false;
	}
	return true;
}

/* A forge, or a bot that the roster lists beside it, is nobody. */
static bool
is_platform(const struct roster *r, struct assay_span email)
{
	for (size_t i = 0; r != NULL && i < r->count; i++) {
		for (size_t k = 0; r->entries[i].kind == ROSTER_PLATFORM && k < r->entries[i].emails.count; k++) {
			if (same_text(email, r->entries[i].emails.items[k]))
				return true;
		}
	}
	return false;
}

static void
add_person(struct review_people *p, const struct roster_entry *who)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->who[i] == who)
			return;
	}
	p->more |= p->count == REVIEW_PEOPLE_MAX;
	if (p->count < REVIEW_PEOPLE_MAX)
		p->who[p->count++] = who;
}

static void
add_email(const struct reviews *s, struct assay_span email, struct review_people *p)
{
	const struct roster *r = s->c->input->roster;
	const struct roster_entry *who = roster_by_email(r, email);
	if (who != NULL) {
		add_person(p, who);
		return;
	}
	if (is_platform(r, email))
		return;
	p->more |= p->stranger_count == REVIEW_PEOPLE_MAX;
	if (p->stranger_count < REVIEW_PEOPLE_MAX)
		p->strangers[p->stranger_count++] = email;
}

/* "Co-authored-by: Name <address>": what stands between the last brackets, else what follows the colon. */
static void
add_co_author(const struct reviews *s, struct assay_span line, struct review_people *p)
{
	const size_t head = strlen(TRAILER);
	if (line.len <= head || !same_text((struct assay_span){ line.data, head }, TRAILER))
		return;
	struct assay_span rest = { line.data + head, line.len - head };
	for (size_t i = rest.len; i > 0; i--) {
		if (rest.data[i - 1] != '<')
			continue;
		rest = (struct assay_span){ rest.data + i, rest.len - i };
		const unsigned char *end = rest.len > 0 ? memchr(rest.data, '>', rest.len) : NULL;
		rest.len = end != NULL ? (size_t)(end - rest.data) : rest.len;
		break;
	}
	while (rest.len > 0 && (rest.data[0] == ' ' || rest.data[0] == '\t')) {
		rest.data++;
		rest.len--;
	}
	while (rest.len > 0 && (rest.data[rest.len - 1] == ' ' || rest.data[rest.len - 1] == '\t' || rest.data[rest.len - 1] == '\r'))
		rest.len--;
	add_email(s, rest, p);
}

static void
add_co_authors(const struct reviews *s, struct assay_span message, struct review_people *p)
{
	while (message.len > 0) {
		const unsigned char *lf = memchr(message.data, '\n', message.len);
		struct assay_span line = { message.data, lf != NULL ? (size_t)(lf - message.data) : message.len };
		const size_t taken = line.len + (lf != NULL);
		while (line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t')) {
			line.data++;
			line.len--;
		}
		add_co_author(s, line, p);
		message.data += taken;
		message.len -= taken;
	}
}

/* By the roster at hand: whose key it is doesn't change with who else had which rights. */
static void
add_signer(const struct reviews *s, const struct history_commit *commit, struct review_people *p)
{
	struct outcome_owner owner;
	if (commit->signature.key == HISTORY_NONE || commit->signature.format == SIG_NONE)
		return;
	outcome_owner_of(&s->h->keys[commit->signature.key], s->c->input->roster, &owner);
	if (owner.who != NULL && owner.who->kind == ROSTER_PERSON)
		add_person(p, owner.who);
}

void
reviews_people(const struct reviews *s, uint32_t commit, struct review_people *ret_people)
{
	const struct history_commit *c = &s->h->commits[commit];
	*ret_people = (struct review_people){ .count = 0 };
	add_email(s, c->author_email, ret_people);
	if (!assay_span_equal(c->author_email, c->email))
		add_email(s, c->email, ret_people);
	add_co_authors(s, c->message, ret_people);
	add_signer(s, c, ret_people);
}
