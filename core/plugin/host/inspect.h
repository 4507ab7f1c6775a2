/* What a plugin's file declares, told without running it: as JSON for the daemon, as a page of the
 * manual for people. Both in a box that can read the file and its libraries and nothing else. */
#pragma once

/* Reads what the configuration says from stdin; prints one JSON object. The exit code. */
int inspect(const char *file);
/* Prints scdoc text. */
int manual(const char *file);
