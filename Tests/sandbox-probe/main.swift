// Uses the sandbox as a supervisor would, and prints what it saw as one JSON document on stdout.
//
//   sandbox-probe SCENARIO KEY=VALUE… [-- PROGRAM ARGUMENT…]
//
// A process of its own, because `Workplace` must be made before there is a second thread, and a test runner has many.
import Glibc
import JSON
import Sandbox

do {
    let request = try Request(CommandLine.arguments.dropFirst())
    let scenarios: [String: (Request) throws -> JSON] = [
        "run": runScenario, "leaks": leakScenario, "inject": injectionScenario, "crowd": crowdScenario,
        "resident": residentScenario,
    ]
    guard let scenario = scenarios[request.scenario] else { throw RequestFault("no scenario \(request.scenario)") }
    let document = try scenario(request)
    say(document.prettyBytes(), on: STDOUT_FILENO)
} catch let error as SandboxError {
    // A refusal to run is an answer, too.
    let document: JSON = ["failure": error.json]
    say(document.prettyBytes(), on: STDOUT_FILENO)
} catch {
    say(Array("sandbox-probe: \(error)\n".utf8), on: STDERR_FILENO)
    exit(70)
}
