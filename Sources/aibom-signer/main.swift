import Glibc
import Signing

let arguments = CommandLine.arguments
exit(
    PlatformProcess.isMeant(by: arguments)
        ? PlatformProcess.run(arguments: arguments) : SignerProcess.run(arguments: arguments))
