// What a job may open: for each path one line, `path  reading  writing  first line of it`.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *answer(int descriptor) { return descriptor < 0 ? strerrorname_np(errno) : "done"; }

int look(int count, char **paths) {
    for (int i = 0; i < count; i++) {
        char text[256] = "";
        int reader = open(paths[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        printf("%s\t%s", paths[i], answer(reader));
        int writer = open(paths[i], O_WRONLY | O_CLOEXEC | O_NONBLOCK);
        printf("\t%s", answer(writer));
        ssize_t size = reader < 0 ? 0 : read(reader, text, sizeof text - 1);
        text[size > 0 ? size : 0] = 0;
        text[strcspn(text, "\n")] = 0;
        printf("\t%s\n", text);
        close(reader);
        close(writer);
    }
    return 0;
}
