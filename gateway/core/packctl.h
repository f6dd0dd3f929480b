/* tocsinctl rules: which packs of rules were in force, and back to one of them. */
#ifndef TOCSIN_PACKCTL_H
#define TOCSIN_PACKCTL_H

#include "core/request.h"

/* rules list | show [PACK] | rollback [PACK|VERSION] */
enum ctl_exit packctl_command(struct request *);

#endif
