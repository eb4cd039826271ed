internal import ArgumentParser

RunCommand.main()
