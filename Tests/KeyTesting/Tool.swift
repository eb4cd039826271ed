internal import Foundation

/// A program of the machine's did not end well; with what it was asked and what it said.
package struct ToolFailure: Error, CustomStringConvertible { package let description: String }

/// Runs a program to its end.
///
/// - Parameters:
///   - arguments: the program, which is looked for in PATH, and its arguments.
///   - folder: where it works.
///   - environment: beside ours.
/// - Returns: all that it printed.
/// - Throws: `ToolFailure` for any status but 0.
@discardableResult
package func runTool(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ToolFailure(description: "\(arguments): \(output)") }
    return output
}
