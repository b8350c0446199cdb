/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCI image layouts (image-spec 1.1, image-layout.md): that each blob has the digest that its name says, that indexes, manifests and configurations name what is
 * there, and what they let others fetch. Pure: bytes of the few files that are read come through the caller.
 */
#pragma once

#include <seal/coverage.h>

/* Largest index, manifest or configuration; deepest index in an index; most descriptors of one layout. */
#define SEAL_OCI_DOCUMENT_MAX (4u << 20)
#define SEAL_OCI_DEPTH_MAX 4u
#define SEAL_OCI_DESCRIPTORS_MAX 200000u

/* What can be said: weight, code, in words. Codes are stable. */
#define SEAL_OCI_MATTERS(M) \
	M(LAYOUT, GAP, "oci-layout-file", "'oci-layout' isn't there, or is of a version that isn't read here") \
	M(DOCUMENT, GAP, "oci-document", "it can't be read as what it should be") \
	M(NOTHING, GAP, "oci-nothing", "the layout names no image") \
	M(BLOB_NAME, GAP, "oci-blob-name", "a file among the blobs whose name is no digest") \
	M(BLOB_DIGEST, GAP, "oci-blob-digest", "the blob has another digest than its name says") \
	M(BLOB_ALGORITHM, QUESTION, "oci-blob-algorithm", "blobs by another digest than SHA-256 aren't checked here") \
	M(BLOB_MISSING, GAP, "oci-blob-missing", "the layout names this blob and lacks it") \
	M(BLOB_UNREFERENCED, QUESTION, "oci-blob-unreferenced", "nothing in the layout names this blob") \
	M(DESCRIPTOR, GAP, "oci-descriptor", "a descriptor without a sound media type, digest or size") \
	M(SIZE, GAP, "oci-size", "the blob has another size than is said of it") \
	M(MEDIA_TYPE, QUESTION, "oci-media-type", "a media type that isn't read here: what it holds wasn't looked at") \
	M(MEDIA_DIFFERS, GAP, "oci-media-differs", "it says of itself another media type than the descriptor, or reads as two things") \
	M(FOREIGN, QUESTION, "oci-foreign-layer", "who runs the image fetches this layer from elsewhere") \
	M(CONFIG, GAP, "oci-config", "the configuration and the manifest disagree on the layers") \
	M(TOO_DEEP, QUESTION, "oci-too-deep", "indexes in indexes, deeper than is read") \
	M(EXTRA, QUESTION, "oci-extra", "it is no part of a layout")

#define SEAL_OCI_ENUM(name, ...) SEAL_OCI_##name,
enum seal_oci_matter { SEAL_OCI_MATTERS(SEAL_OCI_ENUM) SEAL_OCI_MATTER_COUNT };
extern const struct seal_matter_row seal_oci_matters[SEAL_OCI_MATTER_COUNT];

struct seal_oci_fact {
	enum seal_oci_matter matter;
	const char *path;   /* of a file of the layout */
	const char *object; /* a digest, a media type, an address; or NULL */
	const struct seal_oci_fact *next;
};

struct seal_oci {
	const struct seal_oci_fact *facts;
	size_t fact_count;
	uint64_t more;      /* beyond SEAL_FACTS_MAX */
	uint64_t blobs, images, layers; /* blobs whose digest was compared; manifests of images; layers that are here */
};

struct seal_layout {
	const struct seal_entry *entries; /* of the tree, in the manifest's order; looked may be NULL */
	size_t count;
	/* All bytes of this entry, of at most SEAL_OCI_DOCUMENT_MAX, which stand until the check ends. */
	enum assay_status (*fetch)(void *context, const struct seal_entry *entry, struct assay_span *ret_bytes, struct assay_error *err);
	void *context;
};

/* Whether the tree says that it is one. */
bool seal_is_layout(const struct seal_entry *entries, size_t count);
/* Fails for what fetch fails with, and for want of memory. */
ASSAY_MUST_USE enum assay_status seal_oci_check(const struct seal_layout *layout, struct arena *arena, struct seal_oci *ret_oci,
    struct assay_error *err);
