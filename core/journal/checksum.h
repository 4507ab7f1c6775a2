/* CRC32C (Castagnoli) by ISA-L, which takes the processor's own instruction. For what the disk may
 * damage by itself; against people there are hashes. Threads: pure. */
#pragma once

#include <isa-l/crc.h>
#include <stddef.h>
#include <stdint.h>

/* The standard value ("123456789" gives 0xE3069283), continued from `before`; 0 begins. `size`
 * below 2 GiB. */
static inline uint32_t checksum_crc32c(uint32_t before, const void *data, size_t size) {
    /* The library inverts nothing by itself and forgot the const. */
    return ~crc32_iscsi((unsigned char *)(uintptr_t)data, (int)size, ~before);
}
