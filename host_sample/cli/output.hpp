// Standard output, written so that a full disk or a closed pipe is noticed. Main thread.
#pragma once

namespace host::cli {

// Hands on what was written so far. False: some of it could not be written; the first time the reason goes to
// standard error, but for a reader that has seen enough and closed its end.
bool written();

}  // namespace host::cli
