internal import ArgumentParser

struct Tmp: ParsableCommand { static let configuration = CommandConfiguration(commandName:"aibom", subcommands: [RunCommand.self, BenchLaunch.self]) }
Tmp.main()
