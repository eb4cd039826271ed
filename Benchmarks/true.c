// The program that launch benchmarks run: static, so that what is timed is the launch and not the dynamic linker.
int main(void) { return 0; }
