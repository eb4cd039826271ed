internal import JSON

/// How much energy a training took, as far as that can be said without a meter.
struct Energy {
    /// What one busy logical CPU is taken to draw. An assumption, and said to be one wherever the figure stands.
    static let wattsPerCPU: Int64 = 10

    /// kWh, to nine decimal places.
    let kilowattHours: JSONDecimal

    static let method =
        "estimate: CPU time of all of the job's processes (observed) at \(wattsPerCPU) W for a busy logical CPU (assumed); "
        + "no meter was read; idle draw, memory, accelerators, cooling and network are not in it"

    /// Nil when the CPU time is not known.
    init?(_ usage: JobFacts.Usage) {
        guard let user = usage.userMilliseconds, let system = usage.systemMilliseconds else { return nil }
        let (milliseconds, overflow) = user.addingReportingOverflow(system)
        guard !overflow, milliseconds >= 0, milliseconds < 1 << 50 else { return nil }
        // ms * W / 3.6e9 kWh, in whole nano-kWh, so that no rounding of a double is part of a document.
        let nano = milliseconds * Self.wattsPerCPU * 5 / 18
        let (whole, fraction) = nano.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(fraction)
        guard
            let number = JSONDecimal("\(whole)." + String(repeating: "0", count: 9 - digits.count) + digits)
        else { return nil }
        kilowattHours = number
    }

    /// As `considerations.environmentalConsiderations` has it. Where the current came from nobody has said.
    var considerations: JSON {
        let cost: JSON = ["value": .decimal(kilowattHours), "unit": "kWh"]
        var properties = Properties()
        properties.add(.computed, "energy.training.kwh", kilowattHours.lexeme)
        properties.add(.computed, "energy.method", Self.method)
        properties.add(.observed, "energy.source", ifKnown: String?.none)
        properties.add(.observed, "energy.co2", ifKnown: String?.none)
        return [
            "energyConsumptions": [
                [
                    "activity": "training",
                    "energyProviders": [
                        ["organization": [:], "energySource": "unknown", "energyProvided": cost]
                    ],
                    "activityEnergyCost": cost,
                ]
            ],
            "properties": .array(properties.elements),
        ]
    }
}
