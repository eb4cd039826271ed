import Glibc
import Signing

exit(SignerProcess.run(arguments: CommandLine.arguments))
