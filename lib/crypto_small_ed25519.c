/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto.h"

#include <sodium.h>

enum assay_status
backend_ed25519(const unsigned char key[32], const unsigned char signature[64],
    struct assay_span message)
{
	enum assay_status status = ASSAY_E_VERIFY;

	if (crypto_sign_verify_detached(signature, message.data, message.len, key) == 0)
		status = ASSAY_OK;
	return status;
}
