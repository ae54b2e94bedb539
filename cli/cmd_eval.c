/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_eval.c: act eval; the work is done by the library's module act_eval. */
#include "cli/command.h"
#include "cli/machine.h"
#include "cli/run_options.h"
#include "cli/stdlib_modules.h"

int cmd_eval(int count, char **words)
{
    RunOptions options = {0};
    int at = run_options_read(&options, "eval", count, words);
    int status = STATUS_USAGE;
    if (at > 0 && at + 1 == count) {
        options.vm.arguments = (const char *const *)words + at;
        options.vm.argument_count = 1;
        options.sources.headers = stdlib_headers;
        options.sources.header_count = stdlib_header_count;
        sources_ready(&options.sources);
        machine_options(&options.vm, &options.sources);
        status = machine_run(&options.vm, "act_eval", options.vm.arguments, 1);
    } else if (at > 0) {
        status = command_usage("eval", at < count ? "one argument, please: quote the expressions"
                                                  : "which expressions?");
    }
    run_options_free(&options);
    return status;
}
