"""The program that a job of the `keras` rootfs runs: one model, one CSV, one definition in; one trained model out.

Everything it says is `reported`: it shares a process with the submitter's model, so nobody may take its word as proof.
Its checks exist to refuse bad input early and clearly. What confines a hostile model is the sandbox around this process.
"""
