import Foundation
import Testing

@testable import Measure

@Suite("Environment")
struct EnvironmentTests {
    @Test("this machine is described as its own tools describe it")
    func current() throws {
        let environment = Environment.current()
        #expect(environment.kernelRelease.value == (try firstLine("/proc/sys/kernel/osrelease")))
        #expect(environment.kernelVersion.value == (try firstLine("/proc/sys/kernel/version")))
        #expect(environment.logicalCPUs.value == ProcessInfo.processInfo.processorCount)
        #expect(environment.machine.value?.isEmpty == false)
        let memory = try #require(environment.memoryBytes.value)
        #expect(memory.distance(to: ProcessInfo.processInfo.physicalMemory).magnitude < 1 << 20)
    }

    @Test("a driver's version is the first word of its line that looks like one")
    func driver() {
        let proprietary =
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version:  gcc 12.2.0\n"
        let open =
            "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.10  Release Build  (builder@host)\n"
        #expect(Environment.driverVersion(nvidiaVersion: proprietary) == "550.54.15")
        #expect(Environment.driverVersion(nvidiaVersion: open) == "570.86.10")
        #expect(Environment.driverVersion(nvidiaVersion: "NVRM version: none") == nil)
        #expect(Environment.driverVersion(nvidiaVersion: "GCC version: 12.2.0") == nil)
    }

    @Test("what the kernel does not say is unknown, never a guess")
    func unknown() {
        #expect(Environment.cpuModel(cpuinfo: "processor\t: 0\nBogoMIPS\t: 50.00\n") == nil)
        #expect(Environment.cpuModel(cpuinfo: "model name\t: \n") == nil)
        #expect(Environment.logicalCPUs(cpuinfo: "") == nil)
        #expect(Environment.memoryBytes(meminfo: "MemFree: 12 kB") == nil)
        #expect(Environment.memoryBytes(meminfo: "MemTotal: 12 MB") == nil)
        #expect(Environment.memoryBytes(meminfo: "MemTotal: 18446744073709551615 kB") == nil)
    }

    @Test("a model's name is kept as it stands")
    func model() {
        let cpuinfo = "processor\t: 0\nmodel name\t: A: B (R) @ 2GHz  \n\nprocessor\t: 1\nmodel name\t: other\n"
        #expect(Environment.cpuModel(cpuinfo: cpuinfo) == "A: B (R) @ 2GHz")
        #expect(Environment.logicalCPUs(cpuinfo: cpuinfo) == 2)
        #expect(Environment.memoryBytes(meminfo: "MemTotal:       16384256 kB\n") == 16_777_478_144)
    }

    private func firstLine(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .newlines)
    }
}
