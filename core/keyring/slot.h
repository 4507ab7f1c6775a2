/* One slot of the keys file as bytes: a key wrapped by the master key.
 *   magic u8 | algorithm u8 | state u8 | reserved u8 | nonce 24 | wrapped key 48 + tag 16 | zeros
 * to 124 | CRC32C u32 Algorithm 1: XChaCha20-Poly1305 by libsodium; the slot's number is
 * authenticated with it, so that slots cannot be swapped. Threads: pure. */
#pragma once

#include "util/io.h"

#define SLOT_SIZE 128
#define SLOT_MASTER_SIZE 32
#define SLOT_PLAIN_SIZE 48 /* slot 0: digest key 16, match key 32; others: key 32, zeros */
#define SLOT_KEY_SIZE 32

enum slot_state { SLOT_EMPTY, SLOT_LIVE, SLOT_ERASED, SLOT_DAMAGED, SLOT_FOREIGN };

void slot_make(const struct io *io, const uint8_t master[static SLOT_MASTER_SIZE], uint32_t slot,
               const uint8_t plain[static SLOT_PLAIN_SIZE], char ret_bytes[static SLOT_SIZE]);
void slot_make_erased(char ret_bytes[static SLOT_SIZE]);
/* By its outside alone: SLOT_EMPTY is all zeros, SLOT_DAMAGED does not fit its CRC32C. */
enum slot_state slot_state(const char bytes[static SLOT_SIZE]);
/* Of a live one, unwraps the key; SLOT_FOREIGN where the master key is not the one it was wrapped
 * with. */
enum slot_state slot_open(const uint8_t master[static SLOT_MASTER_SIZE], uint32_t slot,
                          const char bytes[static SLOT_SIZE],
                          uint8_t ret_plain[static SLOT_PLAIN_SIZE]);
