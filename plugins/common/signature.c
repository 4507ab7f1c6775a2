#include "signature.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "whsec_"
#define VERSION "v1,"
#define MAC_TEXT 44
#define ID_MOST 128
#define TIMESTAMP_MOST 12
#define SIGNATURES_MOST 16 /* that are looked at */

static bool key_read(struct signature_keys *keys, const char *text, size_t size) {
    size_t at = keys->n;
    if (at >= SIGNATURE_SECRETS || size <= strlen(PREFIX) ||
        strncmp(text, PREFIX, strlen(PREFIX)) != 0)
        return false;
    if (sodium_base642bin(keys->key[at].bytes, SIGNATURE_SECRET_MOST, text + strlen(PREFIX),
                          size - strlen(PREFIX), NULL, &keys->key[at].size, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    keys->n++;
    return keys->key[at].size >= SIGNATURE_SECRET_LEAST;
}

bool signature_keys_read(struct signature_keys *ret_keys, const char *text) {
    static const char space[] = " \t\r\n";
    memset(ret_keys, 0, sizeof *ret_keys);
    for (text += strspn(text, space); *text; text += strspn(text, space)) {
        size_t size = strcspn(text, space);
        if (!key_read(ret_keys, text, size))
            return false;
        text += size;
    }
    return ret_keys->n > 0;
}

static void mac_make(const struct signature_keys *keys, size_t key, const char *id,
                     const char *timestamp, const char *body, size_t size,
                     uint8_t mac[static crypto_auth_hmacsha256_BYTES]) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, keys->key[key].bytes, keys->key[key].size);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)id, strlen(id));
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)timestamp, strlen(timestamp));
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)body, size);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
}

void signature_make(const struct signature_keys *keys, const char *id, const char *timestamp,
                    const char *body, size_t size, char *ret_header) {
    for (size_t i = 0; i < keys->n; i++) {
        uint8_t mac[crypto_auth_hmacsha256_BYTES];
        mac_make(keys, i, id, timestamp, body, size, mac);
        memcpy(ret_header, VERSION, strlen(VERSION));
        ret_header += strlen(VERSION);
        sodium_bin2base64(ret_header, MAC_TEXT + 1, mac, sizeof mac,
                          sodium_base64_VARIANT_ORIGINAL);
        ret_header += MAC_TEXT;
        *ret_header++ = i + 1 < keys->n ? ' ' : '\0';
    }
}

static bool timestamp_read(const char *text, int64_t *ret_s) {
    size_t size = strspn(text, "0123456789");
    if (size == 0 || size > TIMESTAMP_MOST || text[size] != '\0')
        return false;
    *ret_s = 0;
    for (; *text; text++)
        *ret_s = *ret_s * 10 + (*text - '0');
    return true;
}

/* Whether one of the header's signatures is that one; all are looked at. */
static bool header_has(const char *header, const uint8_t *mac) {
    bool found = false;
    for (size_t n = 0; n < SIGNATURES_MOST && *header; n++) {
        size_t size = strcspn(header, " ");
        uint8_t theirs[crypto_auth_hmacsha256_BYTES] = {0};
        size_t n_bytes = 0;
        if (size == strlen(VERSION) + MAC_TEXT && strncmp(header, VERSION, strlen(VERSION)) == 0 &&
            sodium_base642bin(theirs, sizeof theirs, header + strlen(VERSION), MAC_TEXT, NULL,
                              &n_bytes, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
            n_bytes == sizeof theirs)
            found |= sodium_memcmp(theirs, mac, sizeof theirs) == 0;
        header += size;
        header += strspn(header, " ");
    }
    return found;
}

int signature_check(const struct signature_keys *keys, const char *id, const char *timestamp,
                    const char *header, const char *body, size_t size, int64_t now_s) {
    int64_t signed_s;
    if (!id || !timestamp || !header || *id == '\0' || strlen(id) > ID_MOST ||
        !timestamp_read(timestamp, &signed_s))
        return SIGNATURE_MISSING;
    bool right = false;
    for (size_t i = 0; i < keys->n; i++) {
        uint8_t mac[crypto_auth_hmacsha256_BYTES];
        mac_make(keys, i, id, timestamp, body, size, mac);
        right |= header_has(header, mac);
    }
    if (!right)
        return SIGNATURE_WRONG;
    int64_t apart = signed_s > now_s ? signed_s - now_s : now_s - signed_s;
    return apart > SIGNATURE_TOLERANCE_S ? SIGNATURE_STALE : 0;
}
