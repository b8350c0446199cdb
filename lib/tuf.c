/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/tuf.h>

enum assay_status
assay_json_canonical(struct assay_span text, unsigned char *room, size_t room_size, struct assay_span *ret_canonical, struct assay_error *err)
{
	(void)text;
	(void)room;
	(void)room_size;
	(void)ret_canonical;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_parse(struct assay_span file, struct assay_tuf_room *room, struct assay_tuf_meta *ret_meta, struct assay_error *err)
{
	(void)file;
	(void)room;
	(void)ret_meta;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_fingerprint(const struct assay_tuf_meta *meta, char ret_hex[ASSAY_TUF_HEX_SIZE])
{
	(void)meta;
	(void)ret_hex;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_role(const struct assay_tuf_meta *root, const char *name, struct assay_tuf_role *ret_role)
{
	(void)root;
	(void)name;
	(void)ret_role;
	return ASSAY_E_UNSUPPORTED;
}

bool
assay_tuf_next_delegation(const struct assay_tuf_meta *targets, size_t *cursor, struct assay_tuf_role *ret_role)
{
	(void)targets;
	(void)cursor;
	(void)ret_role;
	return false;
}

bool
assay_tuf_next_key(const struct assay_tuf_role *role, size_t *cursor, struct assay_tuf_key *ret_key)
{
	(void)role;
	(void)cursor;
	(void)ret_key;
	return false;
}

bool
assay_tuf_covers(const struct assay_tuf_role *role, struct assay_span path)
{
	(void)role;
	(void)path;
	return false;
}

enum assay_status
assay_tuf_tally(const struct assay_tuf_meta *meta, const struct assay_tuf_role *role, struct assay_tuf_tally *ret_tally, struct assay_error *err)
{
	(void)meta;
	(void)role;
	(void)ret_tally;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_signed_by(const struct assay_tuf_meta *meta, const struct assay_tuf_key *key)
{
	(void)meta;
	(void)key;
	return ASSAY_E_UNSUPPORTED;
}

bool
assay_tuf_next_target(const struct assay_tuf_meta *targets, size_t *cursor, struct assay_tuf_target *ret_target)
{
	(void)targets;
	(void)cursor;
	(void)ret_target;
	return false;
}

bool
assay_tuf_next_file(const struct assay_tuf_meta *meta, size_t *cursor, struct assay_tuf_file *ret_file)
{
	(void)meta;
	(void)cursor;
	(void)ret_file;
	return false;
}

enum assay_status
assay_tuf_begin(struct assay_tuf_room room, int64_t now, struct assay_span root, const char *fingerprint, struct assay_tuf_state *ret_state, struct assay_error *err)
{
	(void)room;
	(void)now;
	(void)root;
	(void)fingerprint;
	(void)ret_state;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_update_root(struct assay_tuf_state *state, struct assay_span file, bool *ret_new, struct assay_error *err)
{
	(void)state;
	(void)file;
	(void)ret_new;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_roots_done(struct assay_tuf_state *state, struct assay_error *err)
{
	(void)state;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_load_timestamp(struct assay_tuf_state *state, struct assay_span file, struct assay_error *err)
{
	(void)state;
	(void)file;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_update_timestamp(struct assay_tuf_state *state, struct assay_span file, bool *ret_new, struct assay_error *err)
{
	(void)state;
	(void)file;
	(void)ret_new;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_load_snapshot(struct assay_tuf_state *state, struct assay_span file, struct assay_error *err)
{
	(void)state;
	(void)file;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_update_snapshot(struct assay_tuf_state *state, struct assay_span file, struct assay_error *err)
{
	(void)state;
	(void)file;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_update_targets(struct assay_tuf_state *state, struct assay_span file, struct assay_error *err)
{
	(void)state;
	(void)file;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_update_delegated(struct assay_tuf_state *state, const struct assay_tuf_meta *from, const char *role, struct assay_span file, struct assay_tuf_meta *ret_meta, struct assay_error *err)
{
	(void)state;
	(void)from;
	(void)role;
	(void)file;
	(void)ret_meta;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_find(struct assay_tuf_state *state, struct assay_span path, assay_tuf_fetch fetch, void *ctx, struct assay_tuf_target *ret_target, struct assay_error *err)
{
	(void)state;
	(void)path;
	(void)fetch;
	(void)ctx;
	(void)ret_target;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_target_check(const struct assay_tuf_target *target, struct assay_span file, struct assay_error *err)
{
	(void)target;
	(void)file;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_file_name(const struct assay_tuf_state *state, const char *role, uint64_t version, char ret_name[ASSAY_TUF_FILE_NAME_SIZE])
{
	(void)state;
	(void)role;
	(void)version;
	(void)ret_name;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_target_name(const struct assay_tuf_state *state, const struct assay_tuf_target *target, char *out, size_t room)
{
	(void)state;
	(void)target;
	(void)out;
	(void)room;
	return ASSAY_E_UNSUPPORTED;
}

bool
assay_tuf_in_policy(struct assay_span path)
{
	(void)path;
	return false;
}

enum assay_status
assay_tuf_policy_digest(const struct assay_tuf_meta *policy, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	(void)policy;
	(void)ret_digest;
	return ASSAY_E_UNSUPPORTED;
}

bool
assay_tuf_next_difference(const struct assay_tuf_meta *policy, const struct assay_tuf_role *role, const struct assay_tuf_policy_file *files, size_t count, struct assay_tuf_policy_cursor *cursor, enum assay_tuf_difference *ret_what, struct assay_span *ret_path)
{
	(void)policy;
	(void)role;
	(void)files;
	(void)count;
	(void)cursor;
	(void)ret_what;
	(void)ret_path;
	return false;
}

enum assay_status
assay_tuf_key_from_ssh(const struct assay_pubkey *ssh, struct assay_span person, struct assay_span role, struct assay_tuf_key *ret_key, struct assay_error *err)
{
	(void)ssh;
	(void)person;
	(void)role;
	(void)ret_key;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_key_parse(struct assay_span json, struct assay_tuf_room *room, struct assay_tuf_key *ret_key, struct assay_error *err)
{
	(void)json;
	(void)room;
	(void)ret_key;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_key_json(const struct assay_tuf_key *key, char ret_json[ASSAY_TUF_KEY_JSON_SIZE])
{
	(void)key;
	(void)ret_json;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_key_verify(const struct assay_tuf_key *key, struct assay_span signature, struct assay_span payload)
{
	(void)key;
	(void)signature;
	(void)payload;
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_tuf_signature_from_ssh(const struct assay_tuf_key *key, struct assay_span blob, char ret_hex[ASSAY_TUF_SIGNATURE_SIZE], struct assay_error *err)
{
	(void)key;
	(void)blob;
	(void)ret_hex;
	(void)err;
	return ASSAY_E_UNSUPPORTED;
}
