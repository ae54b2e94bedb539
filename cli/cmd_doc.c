/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_doc.c: act doc; the work is done by the library's module act_doc. */
#include "cli/command.h"
#include "cli/machine.h"
#include "cli/run_options.h"
#include "cli/stdlib_modules.h"

int cmd_doc(int count, char **words)
{
    RunOptions options = {0};
    run_options_to_front(count, words);
    int at = run_options_read(&options, "doc", count, words);
    int status = STATUS_USAGE;
    if (at > 0 && at < count) {
        options.sources.headers = stdlib_headers;
        options.sources.header_count = stdlib_header_count;
        sources_ready(&options.sources);
        machine_options(&options.vm, &options.sources);
        status = machine_run(&options.vm, "act_doc", (const char *const *)words + at,
                             (size_t)(count - at));
    } else if (at > 0) {
        status = command_usage("doc", "which module or function?");
    }
    run_options_free(&options);
    return status;
}
