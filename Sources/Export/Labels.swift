/// What the names of facts mean, for people. A name that is not here is shown as it stands.
enum Labels {
    static func label(_ name: String) -> String {
        if let label = table[name] { return label }
        for (beginning, label) in families where name.hasPrefix(beginning) {
            return "\(label) \(name.dropFirst(beginning.count))"
        }
        return name
    }

    private static let families = [
        ("limit.", "Limit:"), ("parameter.", "Parameter"), ("denied.call.", "Denied system call"),
        ("dataset.columns[", "Column ["), ("dataset.class_balance[", "Class ["), ("dataset.split.", "Split:"),
        ("model.layers[", "Layer ["), ("model.versions.", "Version of"), ("metrics.", "Metric"),
        ("parameters.", "Parameter as used:"), ("label_map.", "Class of label"),
    ]

    private static let table = [
        "model_name": "Name", "model_version": "Version", "model_description": "Description", "author": "Author",
        "supplier": "Supplier", "model_type": "Architecture", "architecture_family": "Family of architectures",
        "task": "Task", "learning_approach": "Kind of learning", "domain": "Field of use", "base_model": "Made from",
        "base_model_source": "Source of what it was made from", "intended_use": "Intended use",
        "users": "Intended users", "out_of_scope": "Not to be used for", "misuse_or_malicious": "Possible misuse",
        "acceptable_use": "Rules of acceptable use", "performance_tradeoffs": "Trade-offs",
        "ethical_considerations": "Ethical considerations", "ethical_mitigation": "What is done about them",
        "groups_at_risk": "Groups at risk", "fairness_harms": "Harms to them",
        "fairness_mitigation": "What is done against those", "personal_data": "Uses sensitive personal data",
        "explainability": "How its answers can be explained", "decision_threshold": "Decision threshold",
        "autonomy": "Decides without a person", "human_oversight": "Human oversight", "safety_risk": "Safety risk",
        "standards": "Standards", "distribution": "How it is distributed", "website": "Web site",
        "vcs": "Source repository", "documentation": "Documentation", "license_name": "Licence",
        "system_name": "System", "system_version": "Version of the system", "system_producer": "Maker of the system",
        "system_data_flow": "How data flow in the system", "system_data_usage": "What the system does with data",
        "dataset_name": "Name", "dataset_description": "Description", "dataset_license": "Licence",
        "dataset_source": "Source", "dataset_collection": "How the data were collected",
        "dataset_preparation": "How they were cleaned and labelled", "dataset_rights": "Rights to the data",
        "dataset_known_bias": "Known biases", "dataset_classification": "Confidentiality",
        "dataset_sensitive_data": "Sensitive content", "dataset_owner": "Owner", "dataset_custodian": "Custodian",
        "dataset_steward": "Steward", "artifact.name": "File", "artifact.size": "Size in bytes",
        "input.role": "Used as", "input.size": "Size in bytes", "input.name": "File name", "sha256": "SHA-256",
        "job.id": "Job", "job.attempt": "Attempt", "job.outcome": "Outcome", "job.failure": "Why it failed",
        "job.submitted": "Submitted", "job.started": "Started", "job.finished": "Finished", "job.owner": "Submitter",
        "builder.id": "Service", "operator.name": "Operator",
        "operator.security_policy": "How to report a vulnerability",
        "key.id": "Signing key", "policy.name": "Confinement policy", "policy.sha256": "SHA-256 of the policy",
        "tape.sha256": "SHA-256 of the system calls that confined it", "confinement": "Confinement",
        "usage.wall.ms": "Time, ms", "usage.cpu.user.ms": "Processor time of the program, ms",
        "usage.cpu.system.ms": "Processor time of the kernel, ms", "usage.memory.peak.bytes": "Most memory, bytes",
        "usage.memory.kills": "Killed for memory", "usage.processes.refused": "Processes refused",
        "exit.status": "How it ended", "denied.calls.recorded": "Denied system calls are counted",
        "denied.calls.total": "Denied system calls", "denied.attempt": "Denied attempt", "cpu.model": "Processor",
        "cpu.logical": "Processors", "memory.bytes": "Memory of the machine, bytes", "accelerators": "Accelerators",
        "kernel.release": "Kernel", "kernel.version": "Version of the kernel", "machine": "Machine",
        "host.name": "Name of the machine", "energy.training.kwh": "Energy, kWh",
        "energy.method": "How the energy was estimated", "purpose": "What it is", "training": "How it was made",
        "hyperparameters": "Parameters of the training", "trust": "Worth of its bytes",
        "dataset.rows": "Rows", "dataset.columns_in_file": "Columns", "dataset.duplicate_rows": "Rows that stand twice",
        "dataset.missing_cells": "Missing values", "model.parameter_count": "Parameters of the model",
        "model.trainable_parameters": "Trainable parameters", "logs.truncated": "Log was cut",
        "report.truncated": "Report was cut", "report.refused": "Refused statement of the job",
    ]
}
