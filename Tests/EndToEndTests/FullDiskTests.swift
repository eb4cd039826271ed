import Foundation
import JSON
import Testing

extension EndToEnd {
    /// A state folder on a disk of 24 MiB.
    @Suite("a full disk")
    struct FullDisk {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test("refuses an upload with 507, fails a job whose model does not fit, and is got over when there is room")
        func isGotOver() async throws {
            try await onSmallDisk { state in
                try await Daemon.own(state: state) { daemon in
                    try await refusesUpload(daemon)
                    try await failsJob(daemon)
                    try await survivesNoRoomAtAll(daemon)
                }
            }
        }

        private func refusesUpload(_ daemon: Daemon) async throws {
            let large = try folder.write([UInt8](repeating: 7, count: 40 << 20), as: "large.keras")
            try await daemon.leavesNothing {
                let blobs = files(below: "\(daemon.state)/blobs").filter { $0.count > 64 }
                let refused = try await daemon.ask("/v1/blobs", "--data-binary", "@\(large)")
                #expect(refused.status == 507, "\(refused)")
                #expect(refused.document["type"]?.stringValue?.hasSuffix("storage-full") == true)
                #expect(refused.document["remedy"]?.stringValue?.contains("make room") == true)
                #expect(files(below: "\(daemon.state)/blobs").filter { $0.count > 64 } == blobs)
            }
        }

        /// The trainer leaves 48 MiB.
        private func failsJob(_ daemon: Daemon) async throws {
            let job = try await daemon.train(try Submission.hostile("big", in: folder))
            #expect(job.state == "failed", "\(job)\n\(daemon.log)")
            #expect(job.problem["detail"]?.stringValue?.contains("no space left") == true, "\(job.problem)")
            #expect(job.problem["remedy"]?.stringValue?.contains("operator") == true, "\(job.problem)")
            let fetched = try await daemon.fetch(job.id)
            #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)
            let next = try await daemon.train(try Submission.hostile("obey", in: folder))
            #expect(next.result.status == 0, "\(next)")
        }

        /// Nothing can be written when the job ends; with room again it is tried again, without a restart, and those that
        /// waited behind it are begun. What was refused meanwhile was not taken in.
        private func survivesNoRoomAtAll(_ daemon: Daemon) async throws {
            let whole = ["--cpus", "\(Host.millicores)m"]
            let slow = try await daemon.submit(try Submission.hostile("slow", in: folder), whole)
            _ = try await daemon.job(slow.id, in: "running")
            var waiting: [String] = []
            for _ in 0..<2 {
                waiting.append(try await daemon.submit(try Submission.hostile("obey", in: folder), whole).id)
            }
            let filler = "\(daemon.state)/filler"
            _ = try await Command.run("dd", ["if=/dev/zero", "of=\(filler)", "bs=4096"])
            let tiny = try folder.write("b\n2\n", as: "tiny.csv")
            #expect(try await daemon.ask("/v1/blobs", "--data-binary", "@\(tiny)").status == 507)
            waiting += try await submitUntilRefused(copiesOf: waiting[0], to: daemon)
            let known = try await daemon.jobs()
            #expect(Set(known.keys).isSuperset(of: waiting + [slow.id]))
            try await Task.sleep(for: .seconds(4))
            #expect(try await daemon.ask("/healthz").status == 200)
            try FileManager.default.removeItem(atPath: filler)
            let ended = try await daemon.job(slow.id, in: "completed", "failed", within: .seconds(20))
            #expect(ended["state"] == "completed" && ended["attempt"] == 2, "\(ended)")
            for id in waiting {
                let job = try await daemon.job(id, in: "completed", "failed", within: .seconds(20))
                #expect(job["state"] == "completed" && job["attempt"] == 1, "\(job)")
                let fetched = try await daemon.fetch(id)
                #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)
            }
            #expect(try await daemon.jobs().keys == known.keys)
            let next = try await daemon.train(try Submission.hostile("obey", in: folder))
            #expect(next.result.status == 0, "\(next)")
        }

        /// A job more fits as long as the database has a page to spare; one that does not is refused.
        ///
        /// - Returns: those that were accepted.
        private func submitUntilRefused(copiesOf id: String, to daemon: Daemon) async throws -> [String] {
            let inputs = try #require(try await daemon.job(id)["inputs"]?.objectValue)
            var request = JSONObject()
            for input in inputs.members {
                let (name, digest) = (input.value["file_name"] ?? .null, input.value["sha256"] ?? .null)
                request[input.key] = ["file_name": name, "sha256": digest]
            }
            var accepted: [String] = []
            for _ in 0..<300 {
                let answer = try await daemon.order(request)
                guard answer.status == 202, let job = answer.document["job_id"]?.stringValue else {
                    #expect(answer.status == 507, "\(answer)")
                    #expect(answer.document["type"]?.stringValue?.hasSuffix("storage-full") == true, "\(answer)")
                    return accepted
                }
                accepted.append(job)
            }
            Issue.record("\(accepted.count) jobs were accepted on a full disk")
            return accepted
        }

        private func onSmallDisk(_ body: (String) async throws -> Void) async throws {
            let place = folder.path("disk")
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            let mounted = try await Command.run("mount", ["-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", place])
            try #require(mounted.status == 0, "\(mounted)")
            let result: Result<Void, any Error>
            do { result = .success(try await body("\(place)/state")) } catch { result = .failure(error) }
            _ = try await Command.run("umount", ["-l", place])
            try result.get()
        }
    }
}
