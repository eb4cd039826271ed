internal import Linux
internal import Policy

extension Tape {
    /// The whole way from a fresh child to a confined job, in the order that makes each stage safe.
    ///
    /// Everything that needs root of the host comes first and is done by root, so that the job's user namespace owns none of
    /// it; then the child enters that namespace, gives up every capability and its uid, and is filtered; the program comes
    /// last. Not one byte that the job chose is looked at before `execute`.
    static func confine(_ program: Program, under confined: ConfinedPolicy, at target: String, _ handles: Handles)
        -> Tape
    {
        let limits = confined.policy.limits
        var tape = Tape()
        tape.dieWithLauncher()
        tape.joinGroups(handles.groups)
        tape.connectStreams(handles)
        tape.leaveSession()
        tape.enterNetwork(handles.namespaces.network)
        tape.enterNames(handles.namespaces)
        tape.detachMounts()
        tape.attachRoot(handles.root, at: target)
        tape.attachDevices(handles.devices)
        tape.attachScratch(handles.scratch, limits)
        tape.mountProcesses(handles.processors)
        tape.attachInputs(handles.inputs)
        if let lent = handles.lent { tape.attachLent(lent) }
        tape.attachOutput(handles.output, limits)
        tape.pivotRoot()
        tape.append(confined.bounds)
        tape.enterUserNamespace(handles.namespaces.user)
        tape.append(.unprivileged)
        tape.dieWithSupervisor(handles)
        tape.append(.forgottenHabits)
        tape.filterSystemCalls(confined, handles)
        tape.execute(program)
        return tape
    }

    /// What bounds every job of a policy alike.
    static func bounds(_ policy: Policy, landlockABI: Int) -> Tape {
        var tape = Tape()
        tape.limitResources(policy.limits)
        tape.forgetDescriptors()
        if let rules = policy.landlock { tape.restrictFiles(rules, abi: landlockABI) }
        return tape
    }
}
