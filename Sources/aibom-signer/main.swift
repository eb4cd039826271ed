import Signing

#if canImport(Glibc)
    import Glibc
#endif

exit(SignerProcess.run(arguments: CommandLine.arguments))
