extension Coverage {
    static func score(_ findings: [Finding], _ scoring: CoverageProfile.Scoring) -> Double {
        switch scoring {
        case .share:
            return rounded(100 * Double(findings.count { $0.isPresent }) / Double(max(findings.count, 1)))
        case .categories(let categories, let penalties):
            let sum = categories.map { rounded(points(of: $0.name, worth: $0.points, findings)) }.reduce(0, +)
            return min(100, rounded(sum * factor(penalties, findings)))
        }
    }

    private static func points(of category: String, worth points: Double, _ findings: [Finding]) -> Double {
        let counted = findings.filter { finding in
            finding.element.category == category && (finding.isPresent || !finding.element.countsOnlyIfPresent)
        }
        guard !counted.isEmpty else { return 0 }
        return points * Double(counted.count { $0.isPresent }) / Double(counted.count)
    }

    /// Of two penalties for one tier, the first that applies.
    private static func factor(_ penalties: [CoverageProfile.Penalty], _ findings: [Finding]) -> Double {
        var factor = 1.0
        var punished: Set<String> = []
        for penalty in penalties where !punished.contains(penalty.tier) {
            let missing = findings.count { finding in
                !finding.isPresent && !finding.element.countsOnlyIfPresent && finding.element.tier == penalty.tier
            }
            guard missing >= penalty.missing else { continue }
            punished.insert(penalty.tier)
            factor *= penalty.factor
        }
        return factor
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
