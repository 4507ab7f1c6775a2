#include "policy/signature.h"

#include <stdio.h>
#include <stdlib.h>

#include "event/event.h"
#include "util/memory.h"

#define DIGEST_BYTES 32
#define MESSAGE_BYTES 128
#define BASE64 sodium_base64_VARIANT_ORIGINAL

void terms_digest(const json_t *terms, char ret_digest[static TERMS_DIGEST_TEXT_BYTES]) {
    unsigned char digest[DIGEST_BYTES];
    json_t *kept = json_object(), *value;
    for (size_t i = 0; i < policy_proposed_fields.n; i++) {
        const char *name = policy_proposed_fields.list[i].name;
        value = json_object_get(terms, name);
        if (value && !json_is_null(value))
            json_object_set(kept, name, value);
    }
    char *text = memory_checked(json_dumps(kept, JSON_COMPACT | JSON_SORT_KEYS));
    json_decref(kept);
    crypto_generichash(digest, sizeof digest, (const unsigned char *)text, strlen(text), NULL, 0);
    free(text);
    sodium_bin2hex(ret_digest, TERMS_DIGEST_TEXT_BYTES, digest, sizeof digest);
}

const char *signer_parse(struct str text, struct signer *ret_signer) {
    const char *colon = text.size ? memrchr(text.data, ':', text.size) : NULL;
    size_t name_size = colon ? (size_t)(colon - text.data) : 0, size = 0;
    if (!colon || name_size == 0 || name_size > SIGNER_NAME_BYTES ||
        !identifier_is_valid((struct str){text.data, name_size}))
        return "a signer reads \"name:KEY\", the name an identifier";
    if (sodium_base642bin(ret_signer->key, sizeof ret_signer->key, colon + 1,
                          text.size - name_size - 1, NULL, &size, NULL, BASE64) != 0 ||
        size != sizeof ret_signer->key)
        return "the key is not a public key: volunteerctl key new prints the whole line";
    memcpy(ret_signer->name, text.data, name_size);
    ret_signer->name[name_size] = 0;
    return NULL;
}

/* What a signature stands under says what it is for. */
static size_t message_of(const char *digest, char message[static MESSAGE_BYTES]) {
    return (size_t)snprintf(message, MESSAGE_BYTES, "volunteerd policy terms 1\n%.64s\n", digest);
}

void terms_sign(const char *digest, const unsigned char secret[static crypto_sign_SECRETKEYBYTES],
                char ret_signature[static SIGNATURE_TEXT_BYTES]) {
    unsigned char signature[crypto_sign_BYTES];
    char message[MESSAGE_BYTES];
    size_t size = message_of(digest, message);
    crypto_sign_detached(signature, NULL, (const unsigned char *)message, size, secret);
    sodium_bin2base64(ret_signature, SIGNATURE_TEXT_BYTES, signature, sizeof signature, BASE64);
}

const struct signer *terms_verify(const struct signers *signers, const char *digest,
                                  struct str signature) {
    unsigned char bytes[crypto_sign_BYTES];
    char message[MESSAGE_BYTES];
    size_t size = 0, message_size = message_of(digest, message);
    if (sodium_base642bin(bytes, sizeof bytes, signature.data, signature.size, NULL, &size, NULL,
                          BASE64) != 0 ||
        size != sizeof bytes)
        return NULL;
    for (size_t i = 0; i < signers->n; i++)
        if (crypto_sign_verify_detached(bytes, (const unsigned char *)message, message_size,
                                        signers->items[i].key) == 0)
            return &signers->items[i];
    return NULL;
}
