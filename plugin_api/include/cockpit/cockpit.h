/* cockpit.h: the whole plugin ABI, for those who want it in one line. */
#ifndef COCKPIT_H
#define COCKPIT_H

#include "authority.h"
#include "base.h"
#include "configuration.h"
#include "log.h"
#include "plugin.h"
#include "sign_in.h"
#include "view.h"
#include "watch.h"

#endif
