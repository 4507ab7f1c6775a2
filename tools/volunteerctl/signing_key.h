/* The file of a signer's key pair: lines of words and values, for its owner alone to read. Threads:
 * one. */
#pragma once

#include "command.h"
#include "policy/signature.h"

struct signing_key {
    char name[SIGNER_NAME_BYTES + 1];
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
};

/* Complains where it cannot be read, is open to others, or is no such file. */
int signing_key_read(const struct call *call, const char *path, struct signing_key *ret_key);
void signing_key_deinit(struct signing_key *key);
