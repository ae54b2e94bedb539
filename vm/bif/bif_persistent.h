/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_persistent.h: the store of persistent_term; its head comment is in the .c. */
#ifndef ACT_BIF_BIF_PERSISTENT_H
#define ACT_BIF_BIF_PERSISTENT_H

#include "vm/host/host.h"

typedef struct PersistentTerms PersistentTerms;

/* An empty store, NULL without memory. At boot, before the first thread. */
PersistentTerms *bif_persistent_new(Host *host);
/* Gives it back; no thread uses it any more. NULL is fine. */
void bif_persistent_free(PersistentTerms *terms, Host *host);

#endif
