import JSON

/// Timings of one thing, taken in turn with the timings of others in the same run.
struct Figures {
    let name: String
    /// Microseconds, in the order they were taken.
    private(set) var samples: [Double] = []

    init(_ name: String) { self.name = name }

    mutating func add(microseconds: Double) { samples.append(microseconds) }

    /// The value that `share` of all samples do not exceed.
    func percentile(_ share: Double) -> Double {
        let sorted = samples.sorted()
        guard let last = sorted.indices.last else { return .nan }
        return sorted[Int((share * Double(last)).rounded())]
    }

    /// The median over the rounds of (ours / theirs), each pair taken one after the other: the machine's drift cancels out.
    func ratio(to other: Figures) -> Double {
        var pairs = Figures("ratio")
        for (ours, theirs) in zip(samples, other.samples) { pairs.add(microseconds: ours / theirs) }
        return pairs.percentile(0.5)
    }

    var json: JSON {
        [
            "samples": .integer(Int64(samples.count)), "median_microseconds": .rounded(percentile(0.5)),
            "p99_microseconds": .rounded(percentile(0.99)), "minimum_microseconds": .rounded(percentile(0)),
        ]
    }
}

/// Figures of ours beside those of its peers, as a table or as one JSON document.
struct Comparison {
    let subject: String
    let ours: Figures
    let peers: [Figures]
    /// Figures that have no peer.
    var others: [Figures] = []

    var json: JSON {
        var figures = JSONObject()
        var ratios = JSONObject()
        figures[ours.name] = ours.json
        for peer in peers where !peer.samples.isEmpty {
            figures[peer.name] = peer.json
            ratios[peer.name] = .rounded(ours.ratio(to: peer))
        }
        for other in others { figures[other.name] = other.json }
        return ["benchmark": .string(subject), "figures": .object(figures), "ratios": .object(ratios)]
    }

    func print(asDocument: Bool) {
        if asDocument {
            return Console.show(json)
        }
        Console.show("\(subject): median, p99 in microseconds; ratio = \(ours.name) / peer, paired")
        for figures in [ours] + peers + others where !figures.samples.isEmpty {
            let ratio =
                !peers.contains { $0.name == figures.name } ? "" : "  ratio \(JSON.rounded(ours.ratio(to: figures)))"
            Console.show(
                "  \(figures.name): \(JSON.rounded(figures.percentile(0.5))), "
                    + "\(JSON.rounded(figures.percentile(0.99)))\(ratio)")
        }
    }
}

extension JSON {
    /// Three decimals: more would be noise.
    static func rounded(_ value: Double) -> JSON {
        JSONDecimal((value * 1000).rounded() / 1000).map { .decimal($0) } ?? .null
    }
}
