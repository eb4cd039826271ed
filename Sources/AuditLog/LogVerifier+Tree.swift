extension LogVerifier {
    /// Whose word counts where entries and tiles differ.
    enum Authority {
        case entries
        case tiles
        case nobody
    }

    /// Compares what the entries give with the tiles and with the signed root.
    ///
    /// - Parameters:
    ///   - derived: from the entries.
    ///   - signed: the published checkpoint.
    ///   - tiles: counts those that were compared.
    /// - Returns: what was found, and who gives the signed root.
    func treeFindings(_ derived: DerivedTree, _ signed: Checkpoint, _ tiles: inout Int) -> ([Finding], Authority) {
        var findings = missing(derived)
        guard derived.isComplete else { return (findings, .nobody) }
        var tree = MerkleTree(size: derived.size, source: DerivedHashes(derived, reader))
        let derivedRoot = try? tree.root()
        var written = MerkleTree(reader, size: derived.size)
        let tilesRoot = try? written.root()
        let authority: Authority =
            derivedRoot == signed.root ? .entries : tilesRoot == signed.root ? .tiles : .nobody

        var hasher = TreeHasher()
        for (index, leaf) in derived.leaves.enumerated() {
            tiles += 1
            if let fault = leaf.tileFault { findings.append(Self.finding(fault)) }
            guard !leaf.differing.isEmpty else { continue }
            findings += differing(UInt64(index), leaf, authority, &hasher, size: derived.size)
        }
        let (upper, count) = upperFindings(derived, authority)
        tiles += count
        findings += upper
        if authority == .nobody, findings.isEmpty {
            // Entries and tiles agree with each other: what was signed is another tree.
            findings.append(.forkedCheckpoint(size: signed.size, in: LogFile.checkpoint))
        }
        return (findings, authority)
    }

    /// Bundles that are not there or not whole. When nothing is left behind the first of them, the log was cut off.
    private func missing(_ derived: DerivedTree) -> [Finding] {
        let faults = derived.leaves.enumerated().compactMap { index, leaf in leaf.bundleFault.map { (index, $0) } }
        guard let first = faults.first else { return [] }
        var findings = faults.map { Self.finding($0.1) }
        if faults.count == derived.leaves.count - first.0, faults.allSatisfy({ Self.isGone($0.1) }) {
            let from = UInt64(first.0 * TilePath.fullWidth)
            findings.insert(.truncation(from: from, promised: derived.size), at: 0)
        }
        return findings
    }

    private static func isGone(_ error: LogError) -> Bool {
        switch error {
        case .missing, .malformed: true
        default: false
        }
    }

    private static func finding(_ error: LogError) -> Finding {
        if case .malformed(let path, _) = error { return .truncatedTile(path) }
        return Finding(error, reading: "the log")
    }

    /// A bundle and its tile differ. The tile is the signed one when its root stands in the tile above.
    private func differing(
        _ index: UInt64, _ leaf: DerivedTree.Leaf, _ authority: Authority, _ hasher: inout TreeHasher, size: UInt64
    ) -> [Finding] {
        let width = TilePath.width(of: index, count: size)
        let path = TilePath(.hashes(0), index: index, width: width)
        let edited = leaf.differing.map { place -> Finding in
            let entry = index * UInt64(TilePath.fullWidth) + UInt64(place)
            return .editedEntries(entry..<(entry + 1))
        }
        switch authority {
        case .entries: return [.swappedTile(path.description)]
        case .nobody: return [.disagreement(path.description)]
        case .tiles:
            // The partial tile stands on the right edge, which gives the signed root.
            guard path.isFull else { return edited }
            guard let hashes = try? reader.hashes(path) else { return [.disagreement(path.description)] }
            let above = parent(of: index, size: size)
            if above == hasher.fold(hashes[...]) { return edited }
            return above == leaf.root ? [.swappedTile(path.description)] : [.disagreement(path.description)]
        }
    }

    /// What the tile of level 1 says of tile `index` of level 0.
    private func parent(of index: UInt64, size: UInt64) -> TreeHash? {
        let tile = index / UInt64(TilePath.fullWidth)
        let width = TilePath.width(of: tile, count: TilePath.count(level: 1, size: size))
        let hashes = try? reader.hashes(TilePath(.hashes(1), index: tile, width: width))
        return hashes?[Int(index % UInt64(TilePath.fullWidth))]
    }

    /// The tiles above the leaves, and how many there are.
    private func upperFindings(_ derived: DerivedTree, _ authority: Authority) -> ([Finding], Int) {
        var findings: [Finding] = []
        var count = 0
        for (level, hashes) in derived.levels.enumerated() {
            for start in stride(from: 0, to: hashes.count, by: TilePath.fullWidth) {
                let expected = hashes[start..<min(start + TilePath.fullWidth, hashes.count)]
                let path = TilePath(
                    .hashes(level + 1), index: UInt64(start / TilePath.fullWidth), width: expected.count)
                count += 1
                do throws(LogError) {
                    let found = try reader.hashes(path)
                    guard !found.elementsEqual(expected) else { continue }
                    findings += upper(path, found, expected, derived, authority)
                } catch { findings.append(Self.finding(error)) }
            }
        }
        return (findings, count)
    }

    private func upper(
        _ path: TilePath, _ found: [TreeHash], _ expected: ArraySlice<TreeHash>, _ derived: DerivedTree,
        _ authority: Authority
    ) -> [Finding] {
        switch authority {
        case .entries: return [.swappedTile(path.description)]
        case .nobody: return [.disagreement(path.description)]
        case .tiles:
            // Above level 1 the difference is that of entries below, which are reported there.
            guard path.level == .hashes(1) else { return [] }
            return zip(found, zip(expected, expected.indices)).compactMap { found, derivedHash in
                let (hash, place) = derivedHash
                guard found != hash, derived.leaves[place].differing.isEmpty else { return nil }
                // Bundle and tile agree and were changed together: which of the entries can't be told any more.
                let start = UInt64(place * TilePath.fullWidth)
                return .editedEntries(start..<(start + UInt64(TilePath.fullWidth)))
            }
        }
    }
}
