/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <trust/agent_wire.h>

#define SSH_AGENT_FAILURE 5
#define SSH_AGENTC_REQUEST_IDENTITIES 11
#define SSH_AGENT_IDENTITIES_ANSWER 12
#define SSH_AGENT_RSA_SHA2_512 4
#define SSH_AGENTC_SIGN_REQUEST 13
#define SSH_AGENT_SIGN_RESPONSE 14

static bool
take_u32(struct assay_span *s, uint32_t *ret_value)
{
	if (s->len < 4)
		return false;
	*ret_value = (uint32_t)s->data[0] << 24 | (uint32_t)s->data[1] << 16 |
		     (uint32_t)s->data[2] << 8 | (uint32_t)s->data[3];
	s->data += 4;
	s->len -= 4;
	return true;
}

static bool
take_string(struct assay_span *s, struct assay_span *ret_string)
{
	uint32_t len = 0;

	if (!take_u32(s, &len) || len > s->len)
		return false;
	*ret_string = (struct assay_span){s->data, len};
	s->data += len;
	s->len -= len;
	return true;
}

static enum assay_status
garbled(struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_FORMAT, "the ssh-agent's answer is garbled");
	return assay_error_todo(err, ASSAY_E_FORMAT,
	    "check that SSH_AUTH_SOCK names an ssh-agent: ssh-add -l");
}

/* Takes the message's type off the front. */
static enum assay_status
take_type(
    struct assay_span *answer, unsigned char wanted, const char *declined, struct assay_error *err)
{
	if (answer->len == 0)
		return garbled(err);
	unsigned char type = answer->data[0];
	answer->data++;
	answer->len--;
	if (type == SSH_AGENT_FAILURE) {
		(void)assay_fail(err, ASSAY_E_SYSTEM, "the ssh-agent %s", declined);
		return assay_error_todo(err, ASSAY_E_SYSTEM,
		    "see whether it is locked (ssh-add -X) or asks for consent");
	}
	return type == wanted ? ASSAY_OK : garbled(err);
}

void
agent_ask_keys(struct buf *out)
{
	buf_add_byte(out, SSH_AGENTC_REQUEST_IDENTITIES);
}

void
agent_ask_signature(struct buf *out, struct assay_span blob, struct assay_span message)
{
	static const unsigned char rsa[] = "\0\0\0\x07ssh-rsa";
	const bool is_rsa = blob.len >= sizeof rsa - 1 && memcmp(blob.data, rsa, sizeof rsa - 1) == 0;
	buf_add_byte(out, SSH_AGENTC_SIGN_REQUEST);
	buf_add_ssh_string(out, blob);
	buf_add_ssh_string(out, message);
	buf_add_u32be(out, is_rsa ? SSH_AGENT_RSA_SHA2_512 : 0);
}

enum assay_status
agent_read_keys(struct assay_span answer, struct agent_keys *ret_keys, struct assay_error *err)
{
	uint32_t count = 0;

	TRY(take_type(&answer, SSH_AGENT_IDENTITIES_ANSWER, "does not list its keys", err));
	if (!take_u32(&answer, &count))
		return garbled(err);
	if (count > AGENT_KEYS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT,
		    "the ssh-agent says it holds %u keys, %u are read at most", (unsigned)count,
		    (unsigned)AGENT_KEYS_MAX);
	struct assay_span rest = answer;
	for (uint32_t i = 0; i < count; i++) {
		struct assay_span blob;
		struct assay_span comment;
		if (!take_string(&rest, &blob) || !take_string(&rest, &comment))
			return garbled(err);
	}
	if (rest.len != 0)
		return garbled(err);
	*ret_keys = (struct agent_keys){answer, count};
	return ASSAY_OK;
}

bool
agent_next_key(struct agent_keys *keys, struct agent_key *ret_key)
{
	if (keys->count == 0)
		return false;
	keys->count--;
	return take_string(&keys->rest, &ret_key->blob) &&
	       take_string(&keys->rest, &ret_key->comment);
}

enum assay_status
agent_read_signature(struct assay_span answer, struct assay_span *ret_blob, struct assay_error *err)
{
	struct assay_span blob;

	TRY(take_type(&answer, SSH_AGENT_SIGN_RESPONSE, "declined to sign", err));
	if (!take_string(&answer, &blob) || answer.len != 0)
		return garbled(err);
	*ret_blob = blob;
	return ASSAY_OK;
}
