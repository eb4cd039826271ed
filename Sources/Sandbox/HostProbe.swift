internal import CLinux
internal import Glibc
internal import Isolation
internal import Linux
internal import Policy
internal import SystemPackage

/// What this host can enforce, found by doing it.
package enum HostProbe {
    /// One line of a doctor's report.
    package struct Finding: Equatable, Sendable {
        package let name: String
        package let isFine: Bool
        /// Jobs can't run without it.
        package let isNeeded: Bool
        package let detail: String
        /// What to do when it is not fine.
        package let remedy: String

        package init(name: String, isFine: Bool, isNeeded: Bool, detail: String, remedy: String) {
            self.name = name
            self.isFine = isFine
            self.isNeeded = isNeeded
            self.detail = detail
            self.remedy = remedy
        }
    }

    /// Looks at the host. Leaves the host's mount namespace, so the process must have one thread.
    ///
    /// - Parameters:
    ///   - runtime: the folder for run-time state.
    ///   - policy: the policy under which a launch is tried.
    /// - Returns: one finding a line, the launch last.
    package static func examine(runtime: String, policy: ConfinedPolicy) -> [Finding] {
        var findings = [root, architecture, squashfs, loopControl, landlock(for: policy)] + groups
        findings.append(launch(runtime: runtime, policy: policy))
        return findings
    }

    private static var root: Finding {
        let isRoot = OwnProcess.effectiveUser == 0
        return Finding(
            name: "root", isFine: isRoot, isNeeded: true,
            detail: isRoot ? "running as root" : "not root; the supervisor makes namespaces and mounts",
            remedy: "run it as root")
    }

    private static var architecture: Finding {
        #if arch(x86_64)
            Finding(name: "architecture", isFine: true, isNeeded: true, detail: "x86_64", remedy: "")
        #else
            Finding(
                name: "architecture", isFine: false, isNeeded: true,
                detail: "the policies shipped here are written for x86_64", remedy: "write one for this machine")
        #endif
    }

    /// Not in the list yet is no fault: the kernel loads the module when the first image is mounted.
    private static var squashfs: Finding {
        let known = (try? OwnedDescriptor.open("/proc/filesystems", flags: O_RDONLY).readAll(limit: 1 << 16)) ?? []
        let names = String(decoding: known, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        let isThere = names.contains("squashfs")
        return Finding(
            name: "squashfs", isFine: isThere, isNeeded: false,
            detail: isThere ? "the kernel mounts it" : "not loaded yet",
            remedy: "nothing: the first image loads it; if that fails: modprobe squashfs")
    }

    private static var loopControl: Finding {
        let isThere = OwnedDescriptor.exists("/dev/loop-control")
        return Finding(
            name: "loop devices", isFine: isThere, isNeeded: true,
            detail: isThere ? "/dev/loop-control is there" : "no /dev/loop-control",
            remedy: "modprobe loop; a container needs the host's /dev/loop-control and loop devices")
    }

    private static func landlock(for policy: ConfinedPolicy) -> Finding {
        let version = Landlock.abi()
        let isEnough = version >= policy.policy.landlock?.minimumABI ?? 0
        return Finding(
            name: "landlock", isFine: version > 0, isNeeded: !isEnough,
            detail: version > 0
                ? "ABI \(version), of which \(policy.landlockABI) is used" : "this kernel was started without it",
            remedy: "add landlock to the kernel's lsm= list, or run a kernel with Landlock of a newer ABI")
    }

    /// Where each controller is, and whether jobs can be limited by it.
    private static var groups: [Finding] {
        let found: [GroupFinding]
        do throws(LinuxError) { found = try GroupSurvey().findings } catch {
            return [
                Finding(
                    name: "control groups", isFine: false, isNeeded: true, detail: error.description,
                    remedy: "mount /proc and /sys/fs/cgroup as the host has them")
            ]
        }
        return found.map {
            Finding(
                name: "control group \($0.controller)", isFine: $0.version != nil && $0.reason == nil,
                isNeeded: $0.version == nil && $0.controller.isRequired, detail: $0.description,
                remedy: $0.version == nil
                    ? "have it delegated: Delegate=yes in the unit, or a writable cgroup mount"
                    : "nothing, if you can do without")
        }
    }

    /// Every step of a job's tape on a root with nothing in it: when all succeed, the program alone is not found.
    private static func launch(runtime: String, policy: ConfinedPolicy) -> Finding {
        let finding: (Bool, String)
        do throws(SandboxError) {
            let workplace = try Workplace(at: runtime)
            let sandbox = Sandbox(
                workplace: workplace, rootfs: try Rootfs(emptyIn: workplace), policy: policy,
                pool: JobPool(workplace: workplace))
            let nothing = Program(path: "/nothing", arguments: ["nothing"], environment: [])
            _ = try sandbox.launchAndWait(nothing, inputs: .files([], written: []))
            finding = (false, "a program that is not there was executed")
        } catch {
            if case .program(_, let cause) = error, cause.errno == .noSuchFileOrDirectory {
                finding = (true, "policy \(policy.policy.name) was enforced, step by step, up to the program")
            } else {
                finding = (false, error.description)
            }
        }
        return Finding(
            name: "confinement", isFine: finding.0, isNeeded: true, detail: finding.1,
            remedy: "the stage names the system call that this host refuses; see the lines above first")
    }
}
