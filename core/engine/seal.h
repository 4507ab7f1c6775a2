/* Sealing what an event says about a person before anything is written: each sealed field becomes a
 * blob under the key slot of the person or thing it is about, and its clear text is wiped from the
 * event. Threads: the engine's. */
#pragma once

#include "domain/context.h"
#include "keyring/keyring.h"

/* 0 (also where nothing is to seal), > 0 where the subject is not known (with the problem), < 0
 * fatal. */
int event_seal(struct event *event, struct context *context, struct keyring *keyring);
