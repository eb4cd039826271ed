/// When a witness cosigns: a decision about a request and what was cosigned last, without a clock, a key or a disk.
enum WitnessRule {
    enum Decision: Equatable {
        case cosign(SignedCheckpoint)
        case refuse(WitnessAnswer)
    }

    /// Judges a request, in the order and with the statuses of C2SP tlog-witness.
    ///
    /// - Parameters:
    ///   - body: of the request.
    ///   - logs: the keys of the logs that the witness watches.
    ///   - last: the checkpoint of that origin that was cosigned last; nil before the first.
    /// - Returns: whether to cosign, or what to answer instead.
    static func decide(_ body: [UInt8], logs: [VerifierKey], last: (ExactText) -> Checkpoint?) -> Decision {
        let request: WitnessRequest
        let claimed: Checkpoint
        do throws(LogError) {
            request = try WitnessRequest(body)
            claimed = try Checkpoint(text: request.note.text)
        } catch {
            // The empty tree's root is the one thing about a checkpoint that has a status of its own.
            return .refuse(WitnessAnswer(isWrongEmptyRoot(body) ? 422 : 400, error.description))
        }
        guard let key = logs.first(where: { $0.name == claimed.origin }) else {
            return .refuse(WitnessAnswer(404, "log \(claimed.origin) is not watched here"))
        }
        let signed: SignedCheckpoint
        do throws(LogError) { signed = try SignedCheckpoint(request.note.bytes, log: key) } catch {
            return .refuse(WitnessAnswer(403, error.description))
        }
        guard request.oldSize <= claimed.size else {
            return .refuse(
                WitnessAnswer(400, "old size \(request.oldSize) is larger than the checkpoint's \(claimed.size)"))
        }
        let known = last(claimed.origin)
        let size = known?.size ?? 0
        guard request.oldSize == size else {
            return .refuse(WitnessAnswer(409, "\(size)", contentType: "text/x.tlog.size"))
        }
        let isConsistent = MerkleProof.verifyConsistency(
            from: size, root: known?.root ?? TreeHasher.emptyRoot, to: claimed.size, root: claimed.root,
            proof: request.proof)
        guard isConsistent else {
            return .refuse(WitnessAnswer(422, "the proof does not lead from size \(size) to this root"))
        }
        return .cosign(signed)
    }

    private static func isWrongEmptyRoot(_ body: [UInt8]) -> Bool {
        guard let request = try? WitnessRequest(body) else { return false }
        let lines = request.note.text.split(separator: 0x0a, omittingEmptySubsequences: false)
        return lines.count > 3 && lines[1].elementsEqual("0".utf8) && TreeHash(base64: lines[2]) != nil
    }
}
