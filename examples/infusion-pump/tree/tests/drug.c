/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "library.h"

static char bytes[4096];
static struct drug_library library;

static enum pump_status
parse(const char *lines, unsigned *ret_line)
{
	return drug_library_parse(library_sealed(lines, bytes, sizeof bytes), &library, ret_line);
}

static void
reads_a_library(void)
{
	const struct drug *drug = NULL;
	unsigned line;
	CHECK(parse(LIBRARY_LINES, &line) == PUMP_OK);
	CHECK(library.count == 3);
	CHECK(drug_find(&library, text_of("noradrenaline"), &drug) == PUMP_OK);
	CHECK(drug != NULL && drug->ng_per_ml == 80000 && drug->hard.least == 10 && drug->hard.most == 3000);
	CHECK(drug_find(&library, text_of("Noradrenaline"), &drug) == PUMP_E_NOT_FOUND);
	CHECK(drug_find(&library, text_of(""), &drug) == PUMP_E_NOT_FOUND);
}

static void
names_the_bad_line(void)
{
	static const char *const bad[] = {
		"noradrenaline|0.08 mg/ml|ug/kg/min|hard 0.01 3\n",
		"noradrenaline|0.08 mg/ml|ug/kg/min|hard 0.01 3|soft 0.02 1|more\n",
		"noradrenaline|0.08 mg|ug/kg/min|hard 0.01 3|soft 0.02 1\n",
		"noradrenaline|0 mg/ml|ug/kg/min|hard 0.01 3|soft 0.02 1\n",
		"noradrenaline|0.08 mg/ml|ug/kg/min|hard 3 0.01|soft 0.02 1\n",
		"noradrenaline|0.08 mg/ml|ug/kg/min|soft 0.01 3|hard 0.02 1\n",
		"noradrenaline|0.08 mg/ml|ug/kg/min|hard 0.01 3|soft 0.02 4\n",
		"noradrenaline|0.08 mg/ml|ug/kg/min|hard 0.01 3|soft 0.001 1\n",
		"Noradrenaline|0.08 mg/ml|ug/kg/min|hard 0.01 3|soft 0.02 1\n",
		"morphine|1 mg/ml|mg/h|hard 0.1 20|soft 0.5 10\n",
		"\n",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char lines[1024];
		unsigned line = 0;
		(void)snprintf(lines, sizeof lines, "pump-drugs 1\nmorphine|1 mg/ml|mg/h|hard 0.1 20|soft 0.5 10\n%s", bad[i]);
		memset(&library, 0, sizeof library);
		CHECK(parse(lines, &line) != PUMP_OK);
		CHECK(line == 3);
		CHECK(library.count == 0);
	}
}

static void
notices_what_changed_behind_its_back(void)
{
	unsigned line;
	struct text file = library_sealed(LIBRARY_LINES, bytes, sizeof bytes);
	char *digit = strstr(bytes, "3|soft");
	*digit = '9'; /* a hard limit, three times as high */
	CHECK(drug_library_parse(file, &library, &line) == PUMP_E_INTEGRITY);
	file = library_sealed(LIBRARY_LINES, bytes, sizeof bytes);
	file.len = strlen(LIBRARY_LINES);
	CHECK(drug_library_parse(file, &library, &line) == PUMP_E_INTEGRITY);
	CHECK(drug_library_parse(text_of("pump-drugs 1\ncrc32 0000000\n"), &library, &line) == PUMP_E_FORMAT);
	CHECK(drug_library_parse(text_of("pump-drugs 2\n"), &library, &line) == PUMP_E_FORMAT);
	CHECK(drug_library_parse(text_of(""), &library, &line) == PUMP_E_FORMAT);
}

static void
keeps_its_bounds(void)
{
	static char many[DRUG_FILE_MAX + 2];
	unsigned line;
	memset(many, 'a', sizeof many - 1);
	CHECK(drug_library_parse(text_of(many), &library, &line) == PUMP_E_FULL);
	size_t at = (size_t)snprintf(many, sizeof many, "pump-drugs 1\n");
	for (unsigned i = 0; i <= DRUGS_MAX; i++)
		at += (size_t)snprintf(many + at, sizeof many - at, "d%u|1 mg/ml|mg/h|hard 0.1 20|soft 0.5 10\n", i);
	CHECK(drug_library_parse(text_of(many), &library, &line) == PUMP_E_FULL);
	CHECK(line == DRUGS_MAX + 2);
}

static void
tells_hard_from_soft(void)
{
	const struct drug *drug = NULL;
	CHECK(drug_find(library_of_tests(), text_of("morphine"), &drug) == PUMP_OK);
	CHECK(drug_check(drug, 99) == PUMP_E_LIMIT);
	CHECK(drug_check(drug, 100) == PUMP_E_SOFT_LIMIT);
	CHECK(drug_check(drug, 500) == PUMP_OK);
	CHECK(drug_check(drug, 10000) == PUMP_OK);
	CHECK(drug_check(drug, 10001) == PUMP_E_SOFT_LIMIT);
	CHECK(drug_check(drug, 20001) == PUMP_E_LIMIT);
}

static const struct check_case cases[] = {
	{ "reads a library", reads_a_library },
	{ "names the bad line", names_the_bad_line },
	{ "notices what changed behind its back", notices_what_changed_behind_its_back },
	{ "keeps its bounds", keeps_its_bounds },
	{ "tells hard from soft", tells_hard_from_soft },
};

int
main(void)
{
	return check_main(cases, sizeof cases / sizeof cases[0]);
}
