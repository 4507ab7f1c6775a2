#include "signing_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "event/event.h"
#include "value.h"

#define HEADING "volunteerd signing key 1"
#define BASE64 sodium_base64_VARIANT_ORIGINAL
#define KEY_TEXT_BYTES 128

/* ---- read ---- */

static bool key_parse(const char *text, struct signing_key *ret_key) {
    char name[SIGNER_NAME_BYTES + 1], public[KEY_TEXT_BYTES], secret[KEY_TEXT_BYTES];
    size_t size = 0;
    bool parsed = sscanf(text, HEADING "\nname %64s\npublic %127s\nsecret %127s", name, public,
                         secret) == 3 &&
                  sodium_base642bin(ret_key->secret, sizeof ret_key->secret, secret, strlen(secret),
                                    NULL, &size, NULL, BASE64) == 0 &&
                  size == sizeof ret_key->secret;
    sodium_memzero(secret, sizeof secret);
    if (parsed)
        strcpy(ret_key->name, name);
    return parsed;
}

int signing_key_read(const struct call *call, const char *path, struct signing_key *ret_key) {
    char text[512];
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    int failure = errno;
    bool known = fd >= 0 && fstat(fd, &status) == 0;
    if (fd >= 0)
        close(fd);
    if (size < 0)
        return complain_json(call->json, REFUSED, NULL, _("%s cannot be read: %s."), path,
                             strerror(failure));
    text[size] = 0;
    bool open_to_others = known && (status.st_mode & 077) != 0;
    bool parsed = !open_to_others && key_parse(text, ret_key);
    sodium_memzero(text, sizeof text);
    if (open_to_others)
        return complain_json(call->json, REFUSED, NULL,
                             _("%s may be read by others: chmod 600 %s, or make a new key."), path,
                             path);
    if (!parsed)
        return complain_json(call->json, REFUSED, NULL,
                             _("%s is not a signing key: volunteerctl key new makes one."), path);
    return DONE;
}

void signing_key_deinit(struct signing_key *key) {
    sodium_memzero(key, sizeof *key);
}

/* ---- key new ---- */

static int key_put(const struct call *call, const char *path, const char *text, size_t size) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write(fd, text, size) == (ssize_t)size && fsync(fd) == 0;
    int failure = errno;
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !written)
        unlink(path);
    if (!written)
        return complain_json(call->json, REFUSED, NULL, _("%s cannot be written: %s."), path,
                             strerror(failure));
    return DONE;
}

int run_key_new(struct call *call) {
    const char *name = call_argument(call, 0), *path = call_argument(call, 1);
    unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    char public_text[KEY_TEXT_BYTES], secret_text[KEY_TEXT_BYTES], text[512];
    if (strlen(name) > SIGNER_NAME_BYTES || !identifier_is_valid(str_from(name)))
        return complain(USAGE, _("“%s”: a name is 1 to 64 letters, digits, - _ . : /"), name);
    if (sodium_init() < 0)
        return complain(REFUSED, _("libsodium does not start."));
    crypto_sign_keypair(public, secret);
    sodium_bin2base64(public_text, sizeof public_text, public, sizeof public, BASE64);
    sodium_bin2base64(secret_text, sizeof secret_text, secret, sizeof secret, BASE64);
    int size = snprintf(text, sizeof text, HEADING "\nname %s\npublic %s\nsecret %s\n", name,
                        public_text, secret_text);
    int code = key_put(call, path, text, (size_t)size);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(secret_text, sizeof secret_text);
    sodium_memzero(text, sizeof text);
    if (code != DONE)
        return code;
    if (call->json) {
        json_auto_t *result =
            json_pack("{s:s, s:s, s:s}", "name", name, "public", public_text, "file", path);
        return print_json(&call->terminal, result);
    }
    print_line(_("%s holds the secret half: nobody else may have it. For volunteerd.conf, in "
                 "policies:"),
               path);
    print("    signers = [ \"%s:%s\" ];\n", name, public_text);
    return DONE;
}
