/* Who signs what is put in force: an Ed25519 key pair (libsodium), one for each signer, whose
 * public half stands in the configuration. What is signed is the digest of everything that was
 * proposed: text, libraries, parameters, scope, dates, retroactivity. Threads: pure. */
#pragma once

#include <jansson.h>
#include <sodium.h>

#include "util/str.h"

#define TERMS_DIGEST_TEXT_BYTES (2 * 32 + 1)
/* BLAKE2b-256 as hexadecimal text of the members that are fields of policy.proposed and not null,
 * as JSON with sorted names: the same of the event's data and of what policy.get gives. */
void terms_digest(const json_t *terms, char ret_digest[static TERMS_DIGEST_TEXT_BYTES]);

#define SIGNER_LIMIT 8
#define SIGNER_NAME_BYTES 64
struct signer {
    char name[SIGNER_NAME_BYTES + 1]; /* an identifier: of a person */
    unsigned char key[crypto_sign_PUBLICKEYBYTES];
};
struct signers {
    size_t n;
    struct signer items[SIGNER_LIMIT];
};

/* "name:KEY", KEY in base64. NULL, or what is wrong (static text). */
const char *signer_parse(struct str text, struct signer *ret_signer);

#define SIGNATURE_TEXT_BYTES 128
/* In base64. */
void terms_sign(const char *digest, const unsigned char secret[static crypto_sign_SECRETKEYBYTES],
                char ret_signature[static SIGNATURE_TEXT_BYTES]);
/* The signer whose key made it, or NULL. */
const struct signer *terms_verify(const struct signers *signers, const char *digest,
                                  struct str signature);
