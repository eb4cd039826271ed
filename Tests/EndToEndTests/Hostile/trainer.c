// A trainer that does what the first line of the model file names, word for word: what the supervisor must bear from any job.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REPORT = 3 };
static const char model[] = "/out/trained_model.keras", metrics[] = "/out/metrics.json";

static void put(int fd, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0) exit(40);
        bytes += written, size -= (size_t)written;
    }
}

static void say(int fd, const char *text) { put(fd, text, strlen(text)); }

static void leave(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) exit(41);
    say(fd, text);
    close(fd);
}

static int outputs(void) {
    leave(model, "not really a model\n");
    leave(metrics, "{}\n");
    return 0;
}

static void flood(int fd, size_t total) {
    static char block[65536];
    memset(block, 'x', sizeof block);
    for (size_t done = 0; done < total; done += sizeof block) put(fd, block, sizeof block);
}

static int with_model_as(int result, const char *what) {
    leave(metrics, "{}\n");
    if (result != 0) fprintf(stderr, "%s: %s\n", what, strerror(errno));
    return 0;
}

static int report_lines(void) {
    flood(REPORT, 1 << 18);
    say(REPORT, "\n");
    for (int i = 0; i < 4000; i++) say(REPORT, "[");
    say(REPORT, "\n{\"event\":\"start\",\"framework\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{}}}}}}}}\n");
    put(REPORT, "\0\xff\xfe{\n\n\r\n{\"event\":1}\n[]\nnull\n\"\xed\xa0\x80\"\n", 37);
    say(REPORT, "{\"event\":\"epoch\",\"epoch\":-9223372036854775808,\"epochs\":9223372036854775807,\"metrics\":{}}\n");
    say(REPORT, "{\"event\":\"epoch\",\"epoch\":1e400,\"epochs\":0,\"metrics\":{\"\\u0000\":\"\\u001b[2J\"}}\n");
    say(REPORT, "{\"event\":\"start\",\"framework\":\"survivor\",\"framework\":\"twin\"}\n");
    say(REPORT, "{\"event\":\"start\",\"framework\":\"survivor\"}\n");
    return outputs();
}

static int lies(void) {
    say(REPORT, "{\"event\":\"start\",\"framework\":\"liar\",\"framework_version\":\"9\",\"sha256\":\"00\",\"outcome\":\"failed\","
                "\"builder_id\":\"urn:evil\",\"aibomgen:trust\":\"observed\",\"exit_status\":\"exited 7\"}\n");
    say(REPORT, "{\"event\":\"result\",\"facts\":{\"effective_seed\":666,\"trust\":\"observed\",\"policy\":\"none\","
                "\"model\":{\"sha256\":\"00\"},\"layers\":[{\"name\":\"\\u001b[31m\",\"type\":7}]}}\n");
    return outputs();
}

static int odd_facts(void) {
    say(REPORT, "{\"event\":\"start\",\"framework\":[1,2],\"framework_version\":null,\"backend\":{},\"python_version\":1e999}\n");
    say(REPORT, "{\"event\":\"result\",\"facts\":{\"layers\":\"none\",\"parameters_total\":-1,\"label_map\":[[]],\"dataset\":[],"
                "\"metrics\":7,\"rows\":{\"training\":\"many\"},\"effective_seed\":-0.5,\"framework\":\"\\u0000\"}}\n");
    return outputs();
}

static int epoch_flood(void) {
    for (int i = 0; i < 15000; i++) say(REPORT, "{\"event\":\"epoch\",\"epoch\":1,\"epochs\":1,\"metrics\":{}}\n");
    return outputs();
}

static void finish(int signal) { _exit(signal); }

static int last(unsigned seconds, void (*action)(int)) {
    signal(SIGTERM, action);
    if (fork() == 0) {
        setsid();
        for (;;) pause();
    }
    say(1, "waiting\n");
    for (unsigned left = seconds; left > 0;) left = sleep(left);
    return outputs();
}

static int big(void) {
    outputs();
    int fd = open(model, O_WRONLY | O_APPEND);
    flood(fd, 48 << 20);
    return 0;
}

static int large_metrics(void) {
    outputs();
    return truncate(metrics, 1 << 21);
}

static int refuse(void) {
    say(REPORT, "{\"event\":\"error\",\"code\":\"made-up\",\"message\":\"the \\u001b[31mfirst\",\"where\":\"here\",\"remedy\":\"none\"}\n");
    say(REPORT, "{\"event\":\"error\",\"code\":\"second\",\"message\":\"the second\",\"where\":\"there\",\"remedy\":\"some\"}\n");
    return 2;
}

static int act(const char *name) {
    if (!strcmp(name, "obey")) return outputs();
    if (!strcmp(name, "nothing")) return 0;
    if (!strcmp(name, "no-metrics")) return leave(model, "m"), 0;
    if (!strcmp(name, "symlink")) return with_model_as(symlink("/etc/shadow", model), name);
    if (!strcmp(name, "fifo")) return with_model_as(mkfifo(model, 0644), name);
    if (!strcmp(name, "folder")) return with_model_as(mkdir(model, 0755), name);
    if (!strcmp(name, "hard-link")) return leave("/out/a", "x"), with_model_as(link("/out/a", model), name);
    if (!strcmp(name, "unreadable")) return outputs(), chmod(model, 0);
    if (!strcmp(name, "large-metrics")) return large_metrics();
    if (!strcmp(name, "big")) return big();
    if (!strcmp(name, "log-flood")) return flood(1, 16 << 20), outputs();
    if (!strcmp(name, "report-lines")) return report_lines();
    if (!strcmp(name, "report-flood")) return flood(REPORT, (size_t)1 << 30), outputs();
    if (!strcmp(name, "epoch-flood")) return epoch_flood();
    if (!strcmp(name, "lies")) return lies();
    if (!strcmp(name, "odd-facts")) return odd_facts();
    if (!strcmp(name, "refuse")) return refuse();
    if (!strcmp(name, "status")) return 77;
    if (!strcmp(name, "crash")) __builtin_trap();
    if (!strcmp(name, "forbidden")) return chroot("/tmp") == 0 ? 0 : 78;
    if (!strcmp(name, "stubborn")) return last(600, SIG_IGN);
    if (!strcmp(name, "patient")) return last(600, finish);
    if (!strcmp(name, "slow")) return last(3, finish);
    return 90;
}

int main(void) {
    char name[64] = "";
    int fd = open("/in/model.keras", O_RDONLY);
    if (fd < 0 || read(fd, name, sizeof name - 1) < 0) return 91;
    close(fd);
    name[strcspn(name, "\n")] = 0;
    return act(name);
}
