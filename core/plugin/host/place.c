#include "plugin/host/place.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define HOST_BYTES 64 /* of an address in numbers */

static bool is_loopback(const char *host) {
    struct in_addr address;
    if (!strcmp(host, "localhost") || !strcmp(host, "[::1]"))
        return true;
    return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

static bool is_plain(const char *text) {
    for (; *text; text++)
        if (!isgraph((unsigned char)*text))
            return false;
    return true;
}

static uint16_t port_of(const char *text) {
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    return isdigit((unsigned char)*text) && !*end && port <= UINT16_MAX ? (uint16_t)port : 0;
}

static const char *look(CURLU *url, uint16_t *ret_port) {
    char *scheme = NULL, *host = NULL, *port = NULL, *user = NULL;
    const char *fault = NULL;
    if (curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) ||
        curl_url_get(url, CURLUPART_HOST, &host, 0) ||
        curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT))
        fault = "must be a URL such as https://example.org/api";
    else if (strcmp(scheme, "https") != 0 && (strcmp(scheme, "http") != 0 || !is_loopback(host)))
        fault = "must begin with https://; http:// is for loopback alone, because what goes over "
                "it can be read and changed on its way";
    else if (curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK)
        fault = "has a name or password in it: give those as an option of their own";
    else if (!(*ret_port = port_of(port)))
        fault = "has no port from 1 to 65535";
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(user);
    return fault;
}

const char *place_url(const char *text, uint16_t *ret_port) {
    if (!is_plain(text))
        return "must be a URL without spaces, in which others than ASCII characters are written "
               "with %";
    CURLU *url = curl_url();
    if (!url)
        return "cannot be read, because memory is out";
    const char *fault = curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME)
                            ? "must be a URL such as https://example.org/api"
                            : look(url, ret_port);
    curl_url_cleanup(url);
    return fault;
}

const char *place_listen(const char *text, uint16_t *ret_port) {
    static const char fault[] = "must be ADDRESS:PORT, such as 127.0.0.1:9187 or [::1]:9187";
    char host[HOST_BYTES];
    struct in6_addr address;
    const char *colon = strrchr(text, ':');
    size_t size = colon ? (size_t)(colon - text) : 0;
    if (size == 0 || size >= sizeof host || !(*ret_port = port_of(colon + 1)))
        return fault;
    memcpy(host, text, size);
    host[size] = '\0';
    if (*host == '[' && host[size - 1] == ']') {
        host[size - 1] = '\0';
        return inet_pton(AF_INET6, host + 1, &address) == 1 ? NULL : fault;
    }
    return inet_pton(AF_INET, host, &address) == 1 ? NULL : fault;
}
