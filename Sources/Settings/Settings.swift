/// What an operator can choose, with what holds when nothing was chosen: the defaults stand here and nowhere else.
package struct Settings: Sendable, Equatable {
    package var state = "/var/lib/aibom"
    package var socket = "/run/aibom/aibomd.sock"
    package var runtime = "/run/aibom"
    package var key: String?
    package var keyCertificates: String?
    package var signer: String?
    package var rootfs = "/var/cache/aibom/rootfs"
    package var aibom = AIBoM()
    package var access = Access()
    package var audit = Audit()
    package var tpm = TPM()
    package var capacity = Capacity()
    package var queue = Queue()
    package var retention = Retention()
    package var rate = Rate()
    package var gateway = Gateway()
    package var limits = Limits()
    package var oidc = OIDC()
    package var log = Log()
    package var stop = Stop()

    package init() {}
}

extension Settings {
    package struct AIBoM: Sendable, Equatable {
        package enum Edition: String, CaseIterable, Sendable {
            case v16 = "1.6"
            case v17 = "1.7"
        }

        package var operatorName: String?
        package var securityPolicy: String?
        package var cyclonedx = Edition.v16
    }

    package struct Access: Sendable, Equatable {
        package var users: [String] = []
    }

    package struct Audit: Sendable, Equatable {
        package var name: String?
        package var watchedLogs: String?
    }

    package struct TPM: Sendable, Equatable {
        package var device: String?
        package var key = "0x81010002"
        package var certificates: String?

        /// The handle that `key` spells; nil when it is none of a persistent object (TPM 2.0 Part 2, section 7.2).
        package var handle: UInt32? {
            guard key.hasPrefix("0x"), let number = UInt32(key.dropFirst(2), radix: 16), number >> 24 == 0x81 else {
                return nil
            }
            return number
        }
    }

    /// What all jobs together may take; nil is what the host has.
    package struct Capacity: Sendable, Equatable {
        package var cpuMillicores: Int?
        package var memoryBytes: Int?
        package var gpus: Int?
    }

    package struct Queue: Sendable, Equatable {
        package var passedOverSeconds = 600
    }

    package struct Retention: Sendable, Equatable {
        package var inputsDays = 30
    }

    /// What one owner may ask for; 0 is no limit.
    package struct Rate: Sendable, Equatable {
        package var requestsPerSecond = 50
        package var requestBurst = 100
        package var submissionsPerMinute = 600
        package var openUploads = 16
        package var uploadBytesPerDay = 1 << 40
    }

    package struct Log: Sendable, Equatable {
        package enum Format: String, CaseIterable, Sendable { case text, json }
        package enum Level: String, CaseIterable, Sendable {
            case trace, debug, info, notice, warning, error, critical
        }

        package var format = Format.text
        package var level = Level.info
    }

    package struct Stop: Sendable, Equatable {
        package enum Mode: String, CaseIterable, Sendable { case requeue, finish }

        package var mode = Mode.requeue
        package var patienceSeconds = 10
    }
}
