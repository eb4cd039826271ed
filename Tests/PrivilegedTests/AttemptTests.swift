import Isolation
import Linux
import Testing

@Suite("A job can't", .enabled(if: Privilege.isThere, Privilege.reason))
struct AttemptTests {
    @Test("do what the walls are there for; each tells it so in its own way", arguments: Attempt.all)
    func refused(_ attempt: Attempt) throws {
        let told = try World.strict.answers[attempt.name]
        #expect(told == attempt.barriers.first?.answer, "\(told ?? "nothing")")
    }

    @Test("do it with one of the walls away either, where another stands behind", arguments: Attempt.all)
    func behind(_ attempt: Attempt) throws {
        for world in World.allCases {
            guard let answer = attempt.answer(without: world.off) else { continue }
            let told = try world.answers[attempt.name]
            #expect(told == answer, "\(world): \(told ?? "nothing")")
        }
    }

    @Test("and where two walls stop an attempt, each was seen to do so with the other away", arguments: Attempt.all)
    func alone(_ attempt: Attempt) {
        for barrier in attempt.barriers {
            let others = attempt.barriers.map(\.wall).filter { $0 != barrier.wall }
            let worlds = World.allCases.filter { !$0.off.contains(barrier.wall) && $0.off.isSuperset(of: others) }
            #expect(!worlds.isEmpty, "no world has \(barrier.wall) alone")
        }
    }

    @Test(
        "and the attempts are real: outside, or without the walls, each gets further",
        arguments: Attempt.all.filter(\.hasControl))
    func control(_ attempt: Attempt) throws {
        let free = World.allCases.filter { $0.off.isSuperset(of: attempt.barriers.map(\.wall)) }
        let answers = try free.compactMap { try $0.answers[attempt.name] }
        #expect(answers.count == free.count)
        #expect(answers.contains { $0 != attempt.barriers.first?.answer && $0 != "no such attempt" }, "\(answers)")
    }

    @Test("and what reaches for the host, its files and its processes does reach them outside", arguments: Attempt.real)
    func real(_ attempt: Attempt) throws {
        // On a host whose controllers are all in cgroup v2 there is no v1 to mount.
        if try GroupSurvey().joins.isEmpty, attempt.name.contains("release_agent") { return }
        #expect(try World.outside.answers[attempt.name] == "done")
    }

    @Test("but is let through with what a numeric program needs", arguments: Attempt.permitted.keys.sorted())
    func permitted(_ name: String) throws {
        #expect(try World.strict.answers[name] == Attempt.permitted[name])
    }
}
