import ArgumentParser
import Jobs

/// What a job asks of the node, and how urgently.
struct ResourceOptions: ParsableArguments {
    @Option(help: "CPUs to hold free for it: 2, 1.5 or 500m.")
    var cpus: CPUQuantity?

    @Option(help: "Memory to hold free for it: 4GiB, 512MiB, 2G.")
    var memory: ByteQuantity?

    @Option(help: "GPUs to hold free for it.")
    var gpus: UInt32?

    @Option(help: "0 to 9, the highest first; above 5 for operators only.")
    var priority = JobPriority.usual

    @Option(help: "How often it may be started, 1 to 3.")
    var maxAttempts = JobAttempts.usual

    func validate() throws {
        guard (0...9).contains(priority) else { throw ValidationError("--priority takes 0 to 9") }
        guard (1...3).contains(maxAttempts) else { throw ValidationError("--max-attempts takes 1 to 3") }
    }

    /// What was not asked for is left to the service.
    var ask: ResourceAsk {
        ResourceAsk(
            cpuMillicores: cpus.map { $0.millicores }, memoryBytes: memory.map { $0.bytes },
            gpus: gpus.map { UInt64($0) })
    }
}
