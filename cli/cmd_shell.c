/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_shell.c: act shell; the shell is the library's module of that name. */
#include "cli/command.h"
#include "cli/line_editor.h"
#include "cli/machine.h"
#include "cli/run_options.h"
#include "cli/stdlib_modules.h"

int cmd_shell(int count, char **words)
{
    static const char *const arguments[] = {ACT_VERSION};
    RunOptions options = {0};
    int at = run_options_read(&options, "shell", count, words);
    int status = STATUS_USAGE;
    if (at == count) {
        LineEditor *editor = line_editor_new();
        options.vm.editor = line_editor_interface(editor);
        options.vm.arguments = arguments;
        options.vm.argument_count = 1;
        options.sources.headers = stdlib_headers;
        options.sources.header_count = stdlib_header_count;
        sources_ready(&options.sources);
        machine_options(&options.vm, &options.sources);
        status = machine_run(&options.vm, "act_shell", arguments, 1);
        line_editor_free(editor);
    } else if (at > 0) {
        status = command_usage("shell", "`%s` is not understood", words[at]);
    }
    run_options_free(&options);
    return status;
}
