/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <keys/attestation.h>
#include <openssl/x509.h>

/* The vendor whose extensions the certificate has; false: none that is known here. */
bool attestation_vendor_of(const X509 *cert, enum attestation_vendor *ret_vendor);
/* Reads the vendor's extensions of the key's certificate: ATTESTATION_HOLDS, or what is wrong with them. */
enum attestation_code attestation_read(const X509 *cert, struct attestation *a);
