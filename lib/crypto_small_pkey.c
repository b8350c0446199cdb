/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECDSA and RSA by mbedTLS 2.28, from its modules for curves, ECDSA and RSA alone: no containers, no certificates. It takes
 * memory from calloc() for its numbers, so it may run out of it.
 */
#include "crypto.h"

#include <mbedtls/bignum.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/md.h>
#include <mbedtls/rsa.h>

static const mbedtls_ecp_group_id groups[] = {
	[CRYPTO_P256] = MBEDTLS_ECP_DP_SECP256R1,
	[CRYPTO_P384] = MBEDTLS_ECP_DP_SECP384R1,
	[CRYPTO_P521] = MBEDTLS_ECP_DP_SECP521R1,
};

/* An error of a module may hold another one, of what it called, in its lowest bits (mbedtls/error.h). */
#define LOW_ERROR 0x7f

/* As libcrypto_failure(): a good signature isn't called a bad one for want of memory. */
static enum assay_status
status_of(int failure)
{
	if (failure == 0)
		return ASSAY_OK;
	if ((-failure & LOW_ERROR) == -MBEDTLS_ERR_MPI_ALLOC_FAILED || failure == MBEDTLS_ERR_ECP_ALLOC_FAILED ||
	    failure == MBEDTLS_ERR_MD_ALLOC_FAILED)
		return ASSAY_E_MEMORY;
	return ASSAY_E_VERIFY;
}

static int
read_point(mbedtls_ecp_group *group, mbedtls_ecp_point *point, enum crypto_curve curve,
    struct assay_span bytes)
{
	int failure = mbedtls_ecp_group_load(group, groups[curve]);

	if (failure == 0)
		failure = mbedtls_ecp_point_read_binary(group, point, bytes.data, bytes.len);
	if (failure == 0)
		failure = mbedtls_ecp_check_pubkey(group, point);
	return failure;
}

enum assay_status
backend_point(enum crypto_curve curve, struct assay_span bytes)
{
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;

	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&point);
	int failure = read_point(&group, &point, curve, bytes);
	mbedtls_ecp_point_free(&point);
	mbedtls_ecp_group_free(&group);
	return status_of(failure);
}

enum assay_status
backend_ecdsa(enum crypto_curve curve, struct assay_span bytes, struct assay_span r_bytes,
    struct assay_span s_bytes, struct assay_span digest)
{
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;
	mbedtls_mpi r, s;

	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&point);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	int failure = read_point(&group, &point, curve, bytes);
	if (failure == 0)
		failure = mbedtls_mpi_read_binary(&r, r_bytes.data, r_bytes.len);
	if (failure == 0)
		failure = mbedtls_mpi_read_binary(&s, s_bytes.data, s_bytes.len);
	if (failure == 0)
		failure = mbedtls_ecdsa_verify(&group, digest.data, digest.len, &point, &r, &s);
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&r);
	mbedtls_ecp_point_free(&point);
	mbedtls_ecp_group_free(&group);
	return status_of(failure);
}

enum assay_status
backend_rsa(enum crypto_padding padding, enum assay_hash hash, struct assay_span n,
    struct assay_span e, struct assay_span signature, struct assay_span digest)
{
	mbedtls_rsa_context rsa;
	const mbedtls_md_type_t md = hash == ASSAY_SHA256 ? MBEDTLS_MD_SHA256 :
	    hash == ASSAY_SHA384                          ? MBEDTLS_MD_SHA384 :
	                                                    MBEDTLS_MD_SHA512;

	mbedtls_rsa_init(&rsa, padding == CRYPTO_PSS ? MBEDTLS_RSA_PKCS_V21 : MBEDTLS_RSA_PKCS_V15, (int)md);
	int failure = mbedtls_rsa_import_raw(&rsa, n.data, n.len, NULL, 0, NULL, 0, NULL, 0, e.data, e.len);
	if (failure == 0)
		failure = mbedtls_rsa_complete(&rsa);
	if (failure == 0 && mbedtls_rsa_get_len(&rsa) != signature.len)
		failure = MBEDTLS_ERR_RSA_BAD_INPUT_DATA;
	if (failure == 0 && padding == CRYPTO_PSS)
		failure = mbedtls_rsa_rsassa_pss_verify_ext(&rsa, NULL, NULL, MBEDTLS_RSA_PUBLIC, md, (unsigned)digest.len,
		    digest.data, md, (int)digest.len, signature.data);
	else if (failure == 0)
		failure = mbedtls_rsa_rsassa_pkcs1_v15_verify(&rsa, NULL, NULL, MBEDTLS_RSA_PUBLIC, md, (unsigned)digest.len,
		    digest.data, signature.data);
	mbedtls_rsa_free(&rsa);
	return status_of(failure);
}
