/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/batch.h>

#include <base/cleanup.h>
#include <base/text.h>

/* "OID TYPE SIZE": 64 + 6 + 20 digits and two spaces. */
#define HEAD_MAX 96

static enum assay_status
parse_head(struct assay_span head, enum oid_algo algo, struct batch_object *ret_object,
    struct assay_error *err)
{
	size_t hex = 2 * oid_size(algo);
	struct batch_object o = { 0 };
	uint64_t size;
	if (head.len <= hex || head.data[hex] != ' '
	    || oid_parse((struct assay_span){ head.data, hex }, algo, &o.id) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_FORMAT, "batch stream: no object id where one must be");
	struct assay_span rest = { head.data + hex + 1, head.len - hex - 1 };
	const unsigned char *space = memchr(rest.data, ' ', rest.len);
	if (space == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "batch stream: an object without type and size");
	struct assay_span type = { rest.data, (size_t)(space - rest.data) };
	struct assay_span digits = { space + 1, rest.len - type.len - 1 };
	if (git_type_parse(type, &o.type) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_FORMAT, "batch stream: an object of unknown type");
	if ((digits.len > 1 && digits.data[0] == '0') || text_to_u64(digits, &size) != ASSAY_OK
	    || size > SIZE_MAX)
		return assay_fail(err, ASSAY_E_FORMAT, "batch stream: an object of bad size");
	o.bytes.len = (size_t)size;
	*ret_object = o;
	return ASSAY_OK;
}

enum assay_status
batch_next(struct assay_span stream, enum oid_algo algo, size_t *cursor,
    struct batch_object *ret_object, struct assay_error *err)
{
	struct batch_object o;
	if (*cursor >= stream.len)
		return ASSAY_E_NOT_FOUND;
	const unsigned char *at = stream.data + *cursor;
	size_t left = stream.len - *cursor;
	const unsigned char *end = memchr(at, '\n', left < HEAD_MAX ? left : HEAD_MAX);
	if (end == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "batch stream: no object head where one must be");
	struct assay_span head = { at, (size_t)(end - at) };
	TRY(parse_head(head, algo, &o, err));
	left -= head.len + 1;
	if (left == 0 || o.bytes.len > left - 1)
		return assay_fail(err, ASSAY_E_FORMAT, "batch stream: cut inside an object");
	o.bytes.data = end + 1;
	if (o.bytes.data[o.bytes.len] != '\n')
		return assay_fail(err, ASSAY_E_FORMAT, "batch stream: an object is longer than its size");
	*cursor += head.len + 1 + o.bytes.len + 1;
	*ret_object = o;
	return ASSAY_OK;
}
