// Makes control groups in a process of its own: `hold` until it is killed, `delegate` extra v2 controllers, `bench`.
import Glibc
import Isolation
import Linux

func say(_ lines: [String]) {
    for line in lines { print(line) }
    fflush(nil)
}

func median(_ times: [Duration]) -> Int64 { times.sorted()[times.count / 2].components.attoseconds / 1_000_000_000_000 }

/// Microseconds to make and limit a group, and to remove it.
func bench(_ groups: ControlGroups, count: Int) throws {
    let limits = GroupLimits(memory: 1 << 30, processes: 64, cpuMillicores: 1000, ioWeight: 50)
    let clock = ContinuousClock()
    var made: [Duration] = []
    var limited: [Duration] = []
    var removed: [Duration] = []
    for _ in 0..<count {
        let start = clock.now
        let group = try groups.make()
        let middle = clock.now
        try group.limit(limits)
        let end = clock.now
        made.append(middle - start)
        limited.append(end - middle)
        let last = clock.now
        try group.remove()
        removed.append(clock.now - last)
    }
    say(["make \(median(made)) limit \(median(limited)) remove \(median(removed)) us"])
}

let arguments = CommandLine.arguments
switch arguments[1] {
case "hold":
    let groups = try ControlGroups()
    let group = try groups.make()
    try group.limit(GroupLimits(memory: 64 << 20, processes: 16))
    say(group.paths + ["ready"])
    while getppid() != 1 { sleep(1) }
case "delegate":
    let groups = try ControlGroups(GroupSurvey(), delegating: Set(arguments[2...]))
    let group = try groups.make()
    say(group.paths + ["ready"])
    _ = readLine()
    try group.remove()
case "bench":
    try bench(ControlGroups(), count: 200)
default:
    exit(2)
}
