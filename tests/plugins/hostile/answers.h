/* What the bad plugin answers to a read, by HOW_…. After struct hostile, TEXT and descriptions.h; any thread.
 */
#ifndef HOSTILE_ANSWERS_H
#define HOSTILE_ANSWERS_H

#if defined(HOW_KEEPS_READS)
/* A read is answered by nobody before it is cancelled or the plugin stops. */
static void keep(struct hostile* self, cockpit_call call) {
  pthread_mutex_lock(&self->mutex);
  if (self->open_count < 64) self->open[self->open_count++] = call;
  pthread_mutex_unlock(&self->mutex);
}
#endif

/* What a list is answered with. */
static void answer(const struct hostile* self, cockpit_call call) {
  (void)self;
  (void)call;
#if defined(HOW_GARBAGE_BODY)
  self->host->complete(self->host, call, COCKPIT_OK, TEXT("{\"rows\":[}"));
#elif defined(HOW_DEEP_BODY)
  complete_filled(self, call, "{\"rows\":", '[', 200000, "}");
#elif defined(HOW_FORGED_EVENT)
  self->host->complete(self->host, call, COCKPIT_OK,
                       TEXT("{\"rows\":[],\r\n\r\nevent: run\r\ndata: {\"id\":\"forged\"}\n\n\"total\":0}"));
#elif defined(HOW_BLANK_LINES)
  self->host->complete(self->host, call, COCKPIT_OK,
                       TEXT("{\"rows\":[],\n\n\"note\":\"event: run\",\r\n\r\n\"total\":0}\n\n"));
#elif defined(HOW_ANSWERS_TWICE)
  self->host->complete(self->host, call, COCKPIT_OK, TEXT(ROWS));
  self->host->complete(self->host, call, COCKPIT_OK, TEXT("{\"rows\":[{\"id\":\"twice\"}],\"total\":1}"));
  self->host->complete(self->host, 77, COCKPIT_OK, TEXT("{}"));
#elif defined(HOW_NEVER_ANSWERS)
#elif defined(HOW_NO_ROWS)
  self->host->complete(self->host, call, COCKPIT_OK, TEXT("{\"rows\":\"none\"}"));
#elif defined(HOW_ODD_ROWS)
  self->host->complete(
      self->host, call, COCKPIT_OK,
      TEXT("{\"rows\":[7,{\"id\":\"flint\"},{\"id\":\"chert\"},{\"id\":\"flint\"},{\"name\":\"x\"}],"
           "\"total\":\"many\",\"totalKind\":3}"));
#elif defined(HOW_ODD_STATUS)
  self->host->complete(self->host, call, 4711, TEXT(ROWS));
#elif defined(HOW_EXITS_IN_READ)
  exit(0);
#elif defined(HOW_VANISHES_IN_READ)
  _exit(0);
#elif defined(HOW_CRASHES_IN_READ)
  abort();
#elif defined(HOW_KEEPS_READS)
  leave_trace("HOSTILE_TRACE");
  keep((struct hostile*)self, call);
#elif defined(HOW_LOG_FLOOD)
  int i;
  for (i = 0; i < 20000; ++i) self->log->log(self->host, COCKPIT_LOG_ERROR, TEXT("flood \033[31m\nof lines"));
  self->host->complete(self->host, call, COCKPIT_OK, TEXT(ROWS));
#elif defined(HOW_HANG_IN_INVOKE)
  wait_for_release();
  self->host->complete(self->host, call, COCKPIT_OK, TEXT(ROWS));
#else
  self->host->complete(self->host, call, COCKPIT_OK, TEXT(ROWS));
#endif
}

#endif
