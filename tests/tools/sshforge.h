/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sshforge writes SSHSIG signatures, good and broken, for tests/suites/ssh-oracle to put before ssh-keygen
 * and before libassay.
 */
#pragma once

#include "sshmake.h"

/* One signature put before both. Text fields may not hold tabs or line ends. */
struct forged {
	const char *about;
	const char *class_name; /* documented difference that it may show; "-" when none may be */
	const char *name_space; /* what the verifier asks for */
	unsigned message;       /* 0 or 1: which of the two messages it is held against */
	unsigned allowed;       /* number of the allowed-signers file for "-Y verify", 0 for none */
};

extern const char *const messages[2];

/* Writes it under the next number and tells standard output what libassay says to it. */
void forge_text(const struct forged *how, const char *text, size_t len);
void forge_binary(const struct forged *how, const struct blob *binary);
/* Writes allowed-signers file number n: principal "tester" or, for a CA, "alice@example.org". */
void forge_allowed(unsigned n, const struct blob *key, bool is_ca);
/* A number below limit, the same in every run. */
size_t forge_random(size_t limit);

/* The cases in which OpenSSH and assay may differ, and some in which they may not. */
void forge_special(void);
