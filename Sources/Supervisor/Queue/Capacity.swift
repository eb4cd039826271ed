internal import Glibc
package import Jobs
internal import Measure

extension Resources {
    /// What this host has for jobs when its operator does not say: all of its CPUs, and its memory less a reserve for the host
    /// and for us, which is the smaller of 2 GiB and a quarter; one GPU for each NVIDIA device node.
    package static var host: Resources {
        let environment = Environment.current()
        let memory = environment.memoryBytes.value ?? 0
        return Resources(
            cpuMillicores: UInt64(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)) * 1000,
            memoryBytes: memory - min(2 << 30, memory / 4), gpus: UInt64(GPUNodes.all.count))
    }
}

/// `/dev/nvidia0`, `/dev/nvidia1`, …; the nodes beside them (`nvidiactl`, `nvidia-uvm`) are no GPUs.
enum GPUNodes {
    static let all: [String] = {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob("/dev/nvidia[0-9]*", 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }()
}
