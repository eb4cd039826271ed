package import JSON

/// What a job asks of its host, and what a host has: CPU time, memory, whole GPUs.
package struct Resources: Sendable, Hashable {
    /// Thousandths of a CPU.
    package var cpuMillicores: UInt64
    package var memoryBytes: UInt64
    package var gpus: UInt64

    package init(cpuMillicores: UInt64 = 0, memoryBytes: UInt64 = 0, gpus: UInt64 = 0) {
        self.cpuMillicores = cpuMillicores
        self.memoryBytes = memoryBytes
        self.gpus = gpus
    }
}

extension Resources {
    /// Whether all of it is there within `other`.
    package func fits(in other: Resources) -> Bool {
        cpuMillicores <= other.cpuMillicores && memoryBytes <= other.memoryBytes && gpus <= other.gpus
    }

    /// The sum; what is too large for a number is the largest number.
    package static func + (left: Resources, right: Resources) -> Resources {
        func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (sum, overflow) = left.addingReportingOverflow(right)
            return overflow ? .max : sum
        }
        return Resources(
            cpuMillicores: sum(left.cpuMillicores, right.cpuMillicores),
            memoryBytes: sum(left.memoryBytes, right.memoryBytes), gpus: sum(left.gpus, right.gpus))
    }

    /// What is left; nothing where more was taken than there is.
    package static func - (left: Resources, right: Resources) -> Resources {
        func rest(_ left: UInt64, _ right: UInt64) -> UInt64 { left > right ? left - right : 0 }
        return Resources(
            cpuMillicores: rest(left.cpuMillicores, right.cpuMillicores),
            memoryBytes: rest(left.memoryBytes, right.memoryBytes), gpus: rest(left.gpus, right.gpus))
    }

    package var json: JSON {
        [
            "cpu_millicores": .integer(Int64(clamping: cpuMillicores)),
            "memory_bytes": .integer(Int64(clamping: memoryBytes)), "gpus": .integer(Int64(clamping: gpus)),
        ]
    }

    /// Reads what `json` writes; nil for anything else.
    package init?(json: JSON) {
        guard let cpu = json["cpu_millicores"]?.integerValue.flatMap(UInt64.init(exactly:)),
            let memory = json["memory_bytes"]?.integerValue.flatMap(UInt64.init(exactly:)),
            let gpus = json["gpus"]?.integerValue.flatMap(UInt64.init(exactly:))
        else { return nil }
        self.init(cpuMillicores: cpu, memoryBytes: memory, gpus: gpus)
    }
}
