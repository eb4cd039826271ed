// What a job may open: for each path one line, `path  reading  writing  what is in it`, lines joined by |.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *answer(int descriptor) { return descriptor < 0 ? strerrorname_np(errno) : "done"; }

int look(int count, char **paths) {
    for (int i = 0; i < count; i++) {
        char text[4096] = "";
        int reader = open(paths[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        printf("%s\t%s", paths[i], answer(reader));
        int writer = open(paths[i], O_WRONLY | O_CLOEXEC | O_NONBLOCK);
        printf("\t%s", answer(writer));
        ssize_t size = reader < 0 ? 0 : read(reader, text, sizeof text - 1);
        text[size > 0 ? size : 0] = 0;
        if (size > 0 && text[size - 1] == '\n') {
            text[size - 1] = 0;
        }
        for (char *end = text; (end = strchr(end, '\n')) != NULL;) {
            *end = '|';
        }
        printf("\t%s\n", text);
        close(reader);
        close(writer);
    }
    return 0;
}

/// A file as it is.
int print(int count, char **paths) {
    char text[4096];
    int file = count < 1 ? -1 : open(paths[0], O_RDONLY | O_CLOEXEC);
    for (ssize_t size; (size = file < 0 ? 0 : read(file, text, sizeof text)) > 0;) {
        fwrite(text, 1, (size_t)size, stdout);
    }
    return file < 0;
}
