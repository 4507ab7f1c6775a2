/* What comes over a plugin's channel: frames, and the events in them. Each frame that is taken is
 * whole, put again gives its very bytes, and each event of a frame lies within it. */
#include "fuzz.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plugin/host/event_frame.h"
#include "plugin/protocol.h"

#define LIMIT 65536

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    return 0;
}

static int file_of(const uint8_t *data, size_t size) {
    int fd = memfd_create("channel", MFD_CLOEXEC);
    assert(fd >= 0);
    ssize_t written = write(fd, data, size);
    assert(written == (ssize_t)size);
    off_t begin = lseek(fd, 0, SEEK_SET);
    assert(begin == 0);
    return fd;
}

static bool lies_within(struct str body, const char *text, size_t size) {
    return text >= body.data && text + size < body.data + body.size && text[size] == '\0';
}

static void look_at_events(struct str body) {
    struct cursor cursor = cursor_from(body);
    struct vol_event event;
    const char *end = body.data;
    while (event_frame_next(&cursor, &event)) {
        reached("events");
        assert(lies_within(body, event.json, event.json_size));
        assert(event.type == end + EVENT_HEAD_BYTES && event.json > event.type);
        assert(event.json[-1] == '\0');
        end = event.json + event.json_size + 1;
    }
    if (!cursor.failed) {
        reached("frames of whole events");
        assert(end == body.data + body.size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct channel channel;
    struct frame frame;
    int result;
    channel_init(&channel, file_of(data, size), LIMIT);
    while ((result = channel_read(&channel)) == 0)
        ;
    assert(result == CHANNEL_CLOSED);
    assert(channel.in.size == size);
    while ((result = channel_take(&channel, &frame)) == 0) {
        reached("frames");
        assert(frame.body.size <= LIMIT && frame.body.data[frame.body.size] == '\0');
        channel_put(&channel, frame.kind, frame.number, frame.body);
        look_at_events(frame.body);
    }
    assert(result == CHANNEL_NOTHING || result == -EMSGSIZE || result == -EBADMSG);
    assert(channel.out.size == channel.taken && channel.taken <= size);
    assert(!channel.taken || memcmp(channel.out.data, data, channel.taken) == 0);
    channel_deinit(&channel);
    return 0;
}
