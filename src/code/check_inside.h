/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the rules: one file being judged, and what checks ask of it.
 */
#pragma once

#include <code/rules.h>
#include <string.h>

#include "check_words.h"

/* The words that checks know by themselves; they come first, so that their numbers are these. */
#define CHECK_WORD_NUMBER(word, text) word,
enum check_word { W_NONE, CHECK_WORDS(CHECK_WORD_NUMBER) W_COUNT };

struct judging {
	const struct code_unit *u;
	const struct code_rule *rule;
	const struct code_rules *rules;
	struct code_reports *out;
	struct arena *arena;
	uint32_t *first_use; /* per word of the rules: its first token, or CODE_NONE */
	uint32_t *next_use;  /* per token: the next one of that word */
	bool *handler;       /* per function: the file installs it for a signal, or what it calls for one */
	bool *thread;        /* or starts it as a thread */
	bool full;
};

struct code_check {
	const char *name;
	void (*run)(struct judging *j);
};

/* Reports the rule at a token of the unit, or at one of the file; name may be 0: what "{name}" in its message is. */
void judging_report(struct judging *j, uint32_t token, uint32_t name);
void judging_report_raw(struct judging *j, const struct code_token *token, uint32_t name);

const struct code_check *check_find(const char *name);

/* pattern.c */
ASSAY_MUST_USE enum assay_status pattern_compile(struct code_rules *r, const char *text, struct rule_pattern *ret_pattern,
    const char **ret_why);
size_t pattern_size(void);
void judging_patterns(struct judging *j);
enum rule_is { RULE_IS_ANY, RULE_IS_STRING, RULE_IS_NUMBER, RULE_IS_NAME, RULE_IS_CHAR, RULE_IS_CALL };
enum rule_place { RULE_AT_NONE, RULE_AT_LOOP, RULE_AT_CONDITION, RULE_AT_HANDLER, RULE_AT_THREAD };
/* The number of a word in all units that these rules are asked of. */
uint32_t rules_word(struct code_rules *r, const char *text);

/* ask.c: questions about a unit. */
typedef const struct code_unit unit;
/* The first and next calls of a name. */
#define FOR_CALLS(u, c, name)                                                                                  \
	for (const struct code_call *c = ask_call((u), (u)->call_of[(name)]); c != NULL; c = ask_call((u), c->next_same))
const struct code_call *ask_call(unit *u, uint32_t index);
bool ask_named(const struct code_rule *r, uint32_t name);
/* An argument that is one identifier, or "&name" (then *ret_address), cast aside; 0 for others. */
uint32_t ask_argument_name(unit *u, const struct code_call *c, uint32_t n, bool *ret_address);
/* Whether an argument is the one word, as NULL. */
bool ask_argument_is(unit *u, const struct code_call *c, uint32_t n, uint32_t word);
/* Name of the variable that a call's result goes to: "x = f()", "T *x = f()"; 0 for none. */
uint32_t ask_assigned(unit *u, const struct code_call *c);
/* Nothing is done with what a call returns; not when it is cast to void. */
bool ask_ignored(unit *u, const struct code_call *c);
/* A loop or condition around a token, by the statements around statement s; CODE_NONE for none. */
uint32_t ask_loop(unit *u, uint32_t s, uint32_t token);
bool ask_in_condition(unit *u, uint32_t s, uint32_t token);
/* The next use of a name from token i to the last one, as a variable (not a member); CODE_NONE for none. */
uint32_t ask_use(unit *u, uint32_t i, uint32_t last, uint32_t name);
/* Whether the name at token i is declared there. */
bool ask_declares(unit *u, uint32_t function, uint32_t i);
/* Whether the use at token i writes to the variable, or to what it points to. */
bool ask_written(unit *u, uint32_t i);
bool ask_written_through(unit *u, uint32_t i);
/* Whether a use is compared, negated or stands alone as a condition. */
bool ask_tested(unit *u, uint32_t function, uint32_t i);
/* The function of that name in the file, or CODE_NONE. */
uint32_t ask_function(unit *u, uint32_t name);
/* The first call of a name in a function from token i on; NULL for none. */
const struct code_call *ask_call_in(unit *u, uint32_t function, uint32_t name, uint32_t from);
/* Finds which functions are installed for signals, or started as threads, in this file; false without memory. */
bool ask_roles(struct judging *j);
/* Whether a function calls anything with "lock" in its name. */
bool ask_locks(unit *u, uint32_t function);
/* Whether any thread is started. */
bool ask_threads(unit *u);
/* The statement that holds a token of a function most closely, or CODE_NONE. */
uint32_t ask_statement(unit *u, uint32_t function, uint32_t token);
/* Both ranges of tokens are spelled alike. */
bool ask_same(unit *u, uint32_t a, uint32_t a_last, uint32_t b, uint32_t b_last);
