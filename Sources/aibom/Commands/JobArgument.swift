import ArgumentParser
import Jobs

extension JobID: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

/// A job, named on the command line.
struct JobArgument: ParsableArguments {
    @Argument(help: "The job's id, as submit and jobs print it.", completion: Completions.jobs)
    var id: JobID
}

/// One JSON document on stdout instead of words.
struct FormatOptions: ParsableArguments {
    @Flag(help: "Print one JSON document on stdout and nothing else there.")
    var json = false
}
