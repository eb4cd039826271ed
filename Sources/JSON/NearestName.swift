extension Sequence<String> {
    /// The name that `word` was probably meant to be; nil when none is so near that the difference looks like a slip.
    package func nearest(to word: String) -> String? {
        let nearest = self.min { ($0.editDistance(to: word), $0) < ($1.editDistance(to: word), $1) }
        guard let nearest, nearest.editDistance(to: word) <= Swift.max(2, word.count / 3) else { return nil }
        return nearest
    }
}

extension String {
    /// Levenshtein's distance, of the first 64 characters: what is longer is no slip of the pen.
    fileprivate func editDistance(to other: String) -> Int {
        let (own, other) = (Array(prefix(64)), Array(other.prefix(64)))
        var row = Array(0...other.count)
        for (index, character) in own.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, candidate) in other.enumerated() {
                let substitution = diagonal + (character == candidate ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(substitution, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
