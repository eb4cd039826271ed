/// What a job's group may use at most, and what its share is when others want the same.
package struct GroupLimits: Equatable, Sendable {
    /// Bytes of memory, page cache, tmpfs and kernel memory included; swap is off. The kernel rounds down to pages.
    package var memory: UInt64
    /// Processes and threads at the same time.
    package var processes: UInt64
    /// Thousandths of a CPU, at least 10; nil, and more than the host has, is no quota.
    package var cpuMillicores: UInt64?
    /// Share of contended CPU time, 1...10000; 100 is what a process outside of all groups gets.
    package var cpuWeight: UInt64
    /// Share of contended I/O, 1...10000; nil leaves it as it is.
    package var ioWeight: UInt64?
    /// The devices that may be used, and no others; nil leaves them as they are. Only v1 can.
    package var devices: [GroupDevice]?

    package init(
        memory: UInt64, processes: UInt64, cpuMillicores: UInt64? = nil, cpuWeight: UInt64 = 100,
        ioWeight: UInt64? = nil, devices: [GroupDevice]? = nil
    ) {
        precondition((1...10_000).contains(cpuWeight), "a weight is 1 to 10000")
        precondition((1...10_000).contains(ioWeight ?? 1), "a weight is 1 to 10000")
        self.memory = memory
        self.processes = processes
        self.cpuMillicores = cpuMillicores
        self.cpuWeight = cpuWeight
        self.ioWeight = ioWeight
        self.devices = devices
    }
}

/// A device node that a group may use, as a line of `devices.allow` (admin-guide/cgroup-v1/devices).
package struct GroupDevice: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case character = "c"
        case block = "b"
    }

    package struct Access: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let read = Access(rawValue: 1)
        package static let write = Access(rawValue: 2)
        /// mknod(2).
        package static let make = Access(rawValue: 4)
    }

    package let kind: Kind
    package let major: UInt32
    package let minor: UInt32
    package let access: Access

    package init(_ kind: Kind, major: UInt32, minor: UInt32, access: Access) {
        precondition(!access.isEmpty, "a device is allowed for something")
        self.kind = kind
        self.major = major
        self.minor = minor
        self.access = access
    }

    /// In the kernel's own spelling.
    package var description: String {
        let letters = [(Access.read, "r"), (.write, "w"), (.make, "m")]
        return "\(kind.rawValue) \(major):\(minor) "
            + letters.filter { access.contains($0.0) }.map(\.1).joined()
    }
}
