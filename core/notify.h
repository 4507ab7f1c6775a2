/* Tells systemd how the daemon is (sd_notify, by hand): nothing happens where it was not started by
 * systemd. Threads: any. Errors: none; it is only told. */
#pragma once

/* "READY=1", "STATUS=...", more than one with \n between. */
void notify(const char *format, ...) __attribute__((format(printf, 1, 2)));
