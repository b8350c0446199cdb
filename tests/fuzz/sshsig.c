/* SPDX-License-Identifier: Apache-2.0 */
/* Armored and binary SSHSIG. */
#include <assay/base64.h>
#include <assay/sshsig.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_binary(struct assay_span binary)
{
	struct assay_sshsig sig;
	struct assay_error err;
	char name_space[ASSAY_SSHSIG_NAMESPACE_MAX + 1];

	if (assay_sshsig_parse(binary, &sig, &err) != ASSAY_OK ||
	    sig.name_space.len >= sizeof name_space)
		return;
	memcpy(name_space, sig.name_space.data, sig.name_space.len);
	name_space[sig.name_space.len] = '\0';
	struct assay_sk_info sk = { .counter = 77 };
	enum assay_status status = assay_sshsig_verify(&sig, assay_span_str("hello\n"), name_space, &sk,
	    &err);
	if (status != ASSAY_OK && (sk.counter != 77 || sk.present || err.status != status))
		abort();
	/* Never good for another namespace, whatever it is. */
	if (assay_sshsig_verify(&sig, assay_span_str("hello\n"), "not this one", NULL, NULL) == ASSAY_OK &&
	    strcmp(name_space, "not this one") != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char room[ASSAY_SSHSIG_MAX];
	struct assay_span all = { data, size };
	size_t len = 0;

	try_binary(all);
	if (assay_sshsig_dearmor(all, room, sizeof room, &len, NULL) == ASSAY_OK) {
		if (len == 0 || len > size)
			abort();
		/* An own block, so that a sanitizer sees a look beyond its end. */
		unsigned char *exact = malloc(len);
		if (exact == NULL)
			return 0;
		memcpy(exact, room, len);
		try_binary((struct assay_span) { exact, len });
		free(exact);
	}
	return 0;
}
