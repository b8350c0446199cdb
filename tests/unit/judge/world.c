/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_BLOB_SIZE 8

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "world: %s failed\n", what);
	exit(3);
}

static void
add_control(struct world *w, const char *id, struct clause *clause, enum grade_source source)
{
	struct control *c = &w->controls[w->catalog.control_count];
	*c = (struct control){ .id = id, .clause = clause, .title = id, .mend = "mend it",
		.least = { source, GRADE_OBSERVED }, .index = (unsigned)w->catalog.control_count };
	w->catalog.control_count++;
}

struct world *
world_new(void)
{
	struct world *w = calloc(1, sizeof *w);
	must(w != NULL && arena_new(256u << 20, &w->arena) == ASSAY_OK, "making a world");
	w->h.commits = w->commits;
	w->h.tags = w->tags;
	w->h.refs = w->refs;
	w->h.keys = w->keys;
	w->h.shallow = w->shallow;
	w->h.head = "refs/heads/main";
	w->roster = (struct roster){ w->entries, 0, true };
	policy_defaults(&w->policy);
	w->clause.id = "5.1.2";
	w->other_clause.id = "5.8.3";
	w->catalog.controls = w->controls;
	add_control(w, "repo.signed", &w->clause, GRADE_RECOMPUTED);
	add_control(w, "repo.honest-time", &w->clause, GRADE_RECOMPUTED);
	add_control(w, "repo.trusted-clone", &w->clause, GRADE_ASSERTED);
	add_control(w, "repo.moonlit", &w->clause, GRADE_ASSERTED);
	add_control(w, "seal.tight", &w->other_clause, GRADE_ASSERTED);
	struct clause *clauses = arena_array(w->arena, 2, sizeof *clauses);
	must(clauses != NULL, "making clauses");
	clauses[0] = w->clause;
	clauses[1] = w->other_clause;
	for (size_t i = 0; i < w->catalog.control_count; i++)
		w->controls[i].clause = i < 4 ? &clauses[0] : &clauses[1];
	w->catalog.clauses = clauses;
	w->catalog.clause_count = 2;
	w->items[0] = (struct evidence){ .kind = HISTORY_KIND, .subject = "test",
		.grade = { GRADE_RECOMPUTED, GRADE_OBSERVED }, .facts = &w->h };
	w->items[1] = (struct evidence){ .kind = CLONE_KIND, .subject = "test",
		.grade = { GRADE_ASSERTED, GRADE_OBSERVED }, .facts = &w->clone };
	w->set = (struct evidence_set){ w->items, 2 };
	w->input = (struct judge_input){ .catalog = &w->catalog, .policy = &w->policy,
		.roster = &w->roster, .evidence = &w->set, .subject = "test", .date = WORLD_DAY };
	return w;
}

void
world_free(struct world *w)
{
	arena_free(&w->arena);
	free(w);
}

uint32_t
world_stranger(struct world *w)
{
	uint32_t at = w->h.key_count++;
	struct history_key *k = &w->keys[at];
	unsigned char *blob = arena_alloc(w->arena, KEY_BLOB_SIZE);
	must(blob != NULL && at < 2 * WORLD_PEOPLE, "adding a key");
	blob[0] = (unsigned char)(at + 1);
	k->plain = k->field = (struct assay_span){ blob, KEY_BLOB_SIZE };
	(void)snprintf(k->fingerprint, sizeof k->fingerprint, "SHA256:key-%u", at);
	return at;
}

uint32_t
world_owner(struct world *w, enum roster_owner kind, const char *id, const char *email)
{
	uint32_t at = world_stranger(w);
	size_t row = w->roster.count++;
	struct roster_entry *e = &w->entries[row];
	must(row == at && row < WORLD_PEOPLE, "adding an owner: owners come before strangers");
	w->emails[row] = email;
	*e = (struct roster_entry){ .kind = kind, .id = id, .name = id,
		.emails = { &w->emails[row], email != NULL }, .keys = &w->roster_keys[row],
		.key_count = 1 };
	w->roster_keys[row] = (struct roster_key){ .owner = e, .key = { .blob = w->keys[at].plain },
		.from = WHEN_MIN, .until = WHEN_MAX, .retired = WHEN_MAX, .compromised_since = WHEN_MAX };
	memcpy(w->roster_keys[row].fingerprint, w->keys[at].fingerprint, ASSAY_FINGERPRINT_SIZE);
	return at;
}

static struct history_signature
sound(uint32_t key)
{
	if (key == UNSIGNED)
		return (struct history_signature){ .key = HISTORY_NONE };
	return (struct history_signature){ SIG_SSH, SIG_VALID, SIG_CODE_NONE, key, { 0 } };
}

static struct assay_span
email_of(const struct world *w, uint32_t key)
{
	bool known = key < WORLD_PEOPLE && w->emails[key] != NULL;
	return assay_span_str(known ? w->emails[key] : "nobody@example.org");
}

uint32_t
world_commit(struct world *w, int64_t time, uint32_t key, ...)
{
	uint32_t at = w->h.commit_count++;
	struct history_commit *c = &w->commits[at];
	va_list parents;
	must(at < WORLD_COMMITS, "adding a commit");
	*c = (struct history_commit){ .time = time, .author_time = time, .email = email_of(w, key),
		.parents = w->parents + w->parents_used, .signature = sound(key) };
	c->id.b[0] = 0x10;
	c->id.b[1] = (unsigned char)(at >> 8);
	c->id.b[2] = (unsigned char)at;
	va_start(parents, key);
	for (uint32_t p; (p = va_arg(parents, uint32_t)) != HISTORY_NONE;) {
		w->parents[w->parents_used++] = p;
		c->parent_count++;
	}
	va_end(parents);
	return at;
}

uint32_t
world_tag(struct world *w, const char *name, int64_t time, uint32_t key, uint32_t commit)
{
	uint32_t at = w->h.tag_count++;
	must(at < WORLD_TAGS, "adding a tag");
	w->tags[at] = (struct history_tag){ .target_type = GIT_COMMIT, .target_index = commit,
		.name = assay_span_str(name), .has_tagger = true, .time = time,
		.email = email_of(w, key), .signature = sound(key) };
	w->tags[at].id.b[0] = 0x20;
	w->tags[at].id.b[2] = (unsigned char)at;
	return at;
}

static struct history_ref *
add_ref(struct world *w, const char *name)
{
	struct history_ref *r = &w->refs[w->h.ref_count++];
	must(w->h.ref_count <= WORLD_REFS, "adding a ref");
	*r = (struct history_ref){ .name = name, .commit = HISTORY_NONE, .tag = HISTORY_NONE };
	return r;
}

void
world_ref(struct world *w, const char *name, uint32_t commit)
{
	add_ref(w, name)->commit = commit;
}

void
world_tag_ref(struct world *w, const char *name, uint32_t tag)
{
	add_ref(w, name)->tag = tag;
}

static const char *
hex_of(const struct oid *id, enum oid_algo algo)
{
	static char room[256][65];
	static size_t next;
	char *out = room[next++ % 256];
	oid_hex(id, algo, out);
	return out;
}

const char *
world_commit_hex(const struct world *w, uint32_t commit)
{
	return hex_of(&w->commits[commit].id, w->h.algo);
}

const char *
world_tag_hex(const struct world *w, uint32_t tag)
{
	return hex_of(&w->tags[tag].id, w->h.algo);
}

void
world_cut_over(struct world *w, const char *hex)
{
	const char **items = arena_array(w->arena, w->policy.cut_over.count + 1, sizeof(char *));
	must(items != NULL, "adding a cut-over");
	for (size_t i = 0; i < w->policy.cut_over.count; i++)
		items[i] = w->policy.cut_over.items[i];
	items[w->policy.cut_over.count] = hex;
	w->policy.cut_over.items = items;
	w->policy.cut_over.count++;
}

const struct control_verdict *
world_judge(struct world *w, const char *id)
{
	struct assay_error err = { 0 };
	must(oid_index_build(w->arena, w->commits, sizeof w->commits[0], w->h.commit_count,
		 &w->h.by_commit, &err) == ASSAY_OK,
	    "indexing");
	must(oid_index_build(w->arena, w->tags, sizeof w->tags[0], w->h.tag_count, &w->h.by_tag,
		 &err) == ASSAY_OK,
	    "indexing");
	if (judge_all(&w->input, w->arena, &w->verdicts, &err) != ASSAY_OK) {
		fprintf(stderr, "world: %s\n", err.what);
		exit(3);
	}
	for (size_t i = 0; i < w->verdicts->control_count; i++) {
		if (strcmp(w->verdicts->controls[i].control->id, id) == 0)
			return &w->verdicts->controls[i];
	}
	must(false, "finding the control");
	return NULL;
}

size_t
world_count(const struct control_verdict *v, const char *id, const char *object)
{
	size_t n = 0;
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		bool same = object == NULL || (f->object != NULL && strcmp(f->object, object) == 0);
		n += strcmp(f->id, id) == 0 && same;
	}
	return n;
}

uint64_t
world_number(const struct control_verdict *v, const char *name)
{
	for (size_t i = 0; i < v->count_count; i++) {
		if (strcmp(v->counts[i].name, name) == 0)
			return v->counts[i].value;
	}
	must(false, name);
	return 0;
}
