/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <codec/yaml.h>
#include <policy/exception.h>
#include <stddef.h>
#include <string.h>

static enum assay_status
decode_kind(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const char *const words[] = { [EXCEPTION_DEVIATED] = "deviated", [EXCEPTION_NOT_APPLICABLE] = "not-applicable",
		[EXCEPTION_HISTORIC] = "historic-import" };
	enum exception_kind *kind = where;
	size_t index;
	TRY(yaml_word(c, node, words, sizeof words / sizeof words[0], &index, err));
	*kind = (enum exception_kind)index;
	return ASSAY_OK;
}

static enum assay_status
decode_control(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct exception *x = where;
	x->line = node->line;
	return yaml_str(c, node, &x->control, err);
}

static const struct yaml_field fields[] = {
	{ "assay-exception", true, 0, yaml_ignore },
	{ "control", true, 0, decode_control },
	{ "verdict", true, offsetof(struct exception, kind), decode_kind },
	{ "reason", true, offsetof(struct exception, reason), yaml_str },
	{ "risk", false, offsetof(struct exception, risk), yaml_str },
	{ "until", true, offsetof(struct exception, until), yaml_time },
};

enum assay_status
exception_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct exception *ret_exception, struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct exception x = { 0 };
	TRY(yaml_open(yaml, &c, "assay-exception", EXCEPTION_VERSION, &root, err));
	TRY(yaml_decode(&c, root, fields, sizeof fields / sizeof fields[0], &x, err));
	if (x.kind == EXCEPTION_DEVIATED && x.risk == NULL) {
		(void)yaml_fail(&c, root, err, "a deviation says what may come of it: 'risk' is missing");
		return assay_error_todo(err, ASSAY_E_FORMAT, "add 'risk: ...', one sentence");
	}
	if (x.kind == EXCEPTION_HISTORIC && strcmp(x.control, EXCEPTION_HISTORIC_CONTROL) != 0) {
		(void)yaml_fail(&c, root, err, "a historic import is about " EXCEPTION_HISTORIC_CONTROL ", not '%s'", x.control);
		return assay_error_todo(err, ASSAY_E_FORMAT, "write 'control: " EXCEPTION_HISTORIC_CONTROL "'");
	}
	*ret_exception = x;
	return ASSAY_OK;
}
